/** Tells people how a run's rollout goes on: at each stage that it enters, when somebody pauses it, and while it is rolled back. */
import { stageAt } from '../core/plan.ts';
import type { ReasonCode } from '../core/reason-codes.ts';
import type { Outcome, RolloutState, Watching } from '../core/rollout.ts';
import type { EpochMs } from '../core/units.ts';
import type { RunRecord } from '../report/run-record.ts';
import { commentOnProgress, commentOnRun } from './comment.ts';
import type { ConnectedInvocation } from './invocation.ts';
import type { Journal } from './journal.ts';
import type { Fleet } from './prepare.ts';
import { blankRecord, driveFields, fleetFields } from './record.ts';
import type { ProgressTeller } from './rollout-context.ts';

/**
 * Returns what tells how the rollout of a journal goes on; it asks nothing of anybody itself.
 *
 * A rollback is told once the API has accepted it, and not while it is asked for.
 */
export function createProgressTeller(
  { commentary, startedAt, workflowRun }: ConnectedInvocation,
  fleet: Fleet,
  journal: Journal,
): ProgressTeller {
  let told = '';
  const isNews = (key: string): boolean => {
    const isNew = key !== told;
    told = key;
    return isNew;
  };
  const recordOf = (state: RolloutState, outcome: Outcome, reason: ReasonCode): RunRecord => {
    const endedAt = fleet.api.now();
    const basics = { command: 'run', startedAt, endedAt, outcome, reason, detail: null } as const;
    const fields = driveFields(fleet, { ...basics, state, unchanged: false }, journal);
    const deciding = fields.looks?.[fields.decidedBy ?? -1];
    return {
      ...blankRecord({ ...basics, runUrl: workflowRun.url }),
      ...fleetFields(fleet),
      ...fields,
      // A stage that goes on has no end yet; and of thousands of looks, one decided.
      stages: (fields.stages ?? []).map((each) =>
        each.result === 'current' ? { ...each, leftAt: null } : each,
      ),
      looks: deciding === undefined ? [] : [deciding],
      decidedBy: deciding === undefined ? null : 0,
    };
  };
  const tellStage = (state: Watching, decided: ReasonCode, until: EpochMs | null): void => {
    const { stageIndex, stageEnteredAt, phase } = state;
    const isPaused = decided === 'paused_by_other';
    if (!isNews(`${stageIndex} ${isPaused}`)) return;
    commentary.show((narrator) => {
      const record = recordOf(state, 'waiting', isPaused ? decided : phase);
      const at = record.endedAt;
      const soakedAt = stageEnteredAt + stageAt(fleet.plan, stageIndex).soakMs;
      const progress = { at, stageIndex, dueAt: Math.max(soakedAt, until ?? at), isPaused };
      return commentOnProgress(record, progress, narrator);
    });
  };
  return {
    goesOn(state, { reason, until }) {
      if (state.phase === 'soaking' || state.phase === 'baking') tellStage(state, reason, until);
      if (state.phase !== 'rolling_back' || state.acceptedAt === null || !isNews('rollback')) return;
      commentary.show((narrator) =>
        commentOnRun(recordOf(state, 'rolling_back', 'confirming_rollback'), narrator),
      );
    },
    stops: () => commentary.hush(),
  };
}
