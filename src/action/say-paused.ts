/** Tells once what a pause by somebody else means and how to go on from it. */
import { formatCount, formatPercent } from '../core/format.ts';
import type { Decision } from '../core/look.ts';
import type { RolloutState } from '../core/rollout.ts';
import { resumeStep } from './next-steps.ts';
import type { RolloutContext } from './rollout-context.ts';

/** Returns a function that is told every look and speaks at the first one of each pause by somebody else. */
export function createPauseTeller({ log, plan }: Pick<RolloutContext, 'log' | 'plan'>) {
  let isSaid = false;
  return (state: RolloutState, { reason, verdicts }: Decision): void => {
    const isPaused = reason === 'paused_by_other' && (state.phase === 'soaking' || state.phase === 'baking');
    if (isPaused && !isSaid) {
      const devices = verdicts.find(({ gate }) => gate.kind === 'adoption')?.events ?? null;
      const onDevices = devices === null ? '' : ` on ${formatCount(devices)} devices`;
      const share = formatPercent(state.percentage);
      log.notice(
        `somebody paused rollout ${state.rolloutId}: ${plan.version} still serves ${share}${onDevices}, its health is watched, and nothing is advanced. To go on:`,
      );
      for (const line of resumeStep(plan).split('\n')) log.info(`  ${line}`);
    }
    isSaid = isPaused;
  };
}
