/** Raises the percentage of a rollout, and tells a refusal that may pass from one that needs a person. */
import { formatPercent } from '../core/format.ts';
import type { Command } from '../core/look.ts';
import type { Watching } from '../core/rollout.ts';
import { stepInText } from '../octomil/policy-text.ts';
import { toError } from '../runtime/to-error.ts';
import { done, type Execution, ends, isRefusal, mayBeAcceptedLater } from './execution.ts';
import type { Journal } from './journal.ts';
import type { RolloutContext } from './rollout-context.ts';
import { remember, tagged } from './tagged-writes.ts';

/**
 * Raises the percentage and reads it back.
 *
 * A refusal that may pass is `refused`: the core decides when to ask again. One that needs a person ends the run
 * as `held` with the API's text. A raise that is not confirmed is no event: the next look decides again. Rejects
 * only when the job is aborted.
 */
export async function raiseRollout(
  context: RolloutContext,
  state: Watching,
  command: Extract<Command, { kind: 'raise' }>,
  journal: Journal,
): Promise<Execution> {
  const { plan, api } = context;
  const { percentage, stageIndex } = command;
  const stageName = plan.stages[stageIndex]?.name ?? '';
  const towards = command.towards === undefined ? '' : `, on the way to ${formatPercent(command.towards)}`;
  const text = `stage ${stageName}: ${formatPercent(state.percentage)} → ${formatPercent(percentage)}${towards}`;
  const reason = tagged(context, { ...state, stageIndex }, { text, pausing: null });
  try {
    const rollout = await api.setPercentage(state.rolloutId, percentage, reason);
    if (rollout.percentage < percentage) {
      journal.wrote(
        `still at ${formatPercent(rollout.percentage)} after asking for ${formatPercent(percentage)}`,
      );
      return done([], true);
    }
    journal.wrote(`raised to ${formatPercent(rollout.percentage)}${towards}`);
    const at = api.now();
    await remember(context, { ...state, stageIndex, percentage: rollout.percentage });
    const isStep = command.towards !== undefined && rollout.percentage === percentage;
    const kind = isStep ? 'stepped' : 'raised';
    return done([{ kind, percentage: rollout.percentage, at }], true);
  } catch (thrown) {
    context.signal.throwIfAborted();
    return afterFailure(context, percentage, thrown, journal);
  }
}

function afterFailure(
  { api, log }: RolloutContext,
  percentage: number,
  thrown: unknown,
  journal: Journal,
): Execution {
  const why = toError(thrown).message;
  if (mayBeAcceptedLater(thrown)) {
    log.warn(`raise to ${formatPercent(percentage)} refused: ${why}`);
    const reason = thrown.reasonCode;
    const maxStep = reason === 'policy_step_too_large' ? stepInText(thrown.message) : null;
    const refused = { kind: 'raise_refused', percentage, reason, why, maxStep, at: api.now() } as const;
    return { ...done([], true), refused };
  }
  if (isRefusal(thrown)) return ends('held', thrown.reasonCode, why, { events: [], wrote: true });
  journal.wrote(`the change is not confirmed: ${why}`);
  return done([], true);
}
