/** A rollback that a run of ours began and whose candidate is gone: whether the earlier version came back, and if not, that. */
import { evolve } from '../core/evolve.ts';
import type { BegunRollback } from '../core/ports.ts';
import type { RollingBack } from '../core/rollout.ts';
import { type DurationMs, SECOND_MS } from '../core/units.ts';
import { because } from '../core/watch.ts';
import type { Conclusion } from './conclusion.ts';
import { execute } from './execute.ts';
import type { Journal } from './journal.ts';
import type { Fleet, Standing } from './prepare.ts';
import type { RolloutContext } from './rollout-context.ts';

/** Times are told to the second, up or down; what served before was rolled out before the whole candidate. */
const TOLD_WITHIN_MS: DurationMs = 2 * SECOND_MS;

/** What is remembered of a rollback whose candidate the API does not show any more. */
export interface RemainingRollback extends BegunRollback {
  /** True when the earlier version was rolled out since. */
  readonly restored: boolean;
}

/**
 * Returns the rollback that a run of ours began on a candidate that is gone; null where there is none.
 *
 * Only where the API shows no rollout of the version and none in force of another one. Invariant: INV-12, what
 * is remembered brings back no version but the last completed one that the API itself shows.
 */
export async function remainingRollback(
  { api, memory, plan }: Fleet,
  { landscape }: Standing,
): Promise<RemainingRollback | null> {
  const { ours, rivals, rolledBackBefore, lastCompleted, lastCompletedUncertain } = landscape;
  const isOpen = ours === null && rolledBackBefore === null && rivals.length === 0;
  if (!isOpen || lastCompleted === null || lastCompletedUncertain) return null;
  const begun = await memory.begunRollback(api.now());
  const { version, createdAt } = lastCompleted;
  if (begun === null || createdAt === null || version !== begun.toVersion) return null;
  if (version === plan.version) return null;
  return { ...begun, restored: createdAt >= begun.at - TOLD_WITHIN_MS };
}

/** Asks for the rollback again and returns what came of it. Rejects only when the job is aborted. */
export async function finishRollback(
  context: RolloutContext,
  { rolloutId, toVersion, at }: RemainingRollback,
  journal: Journal,
): Promise<Conclusion> {
  const state: RollingBack = {
    phase: 'rolling_back',
    rolloutId,
    previousVersion: toVersion,
    createdAt: at,
    cause: 'gate_failed',
    decidedAt: at,
    acceptedAt: null,
    lastRefusal: null,
    restoringRolloutId: null,
    toVersion,
  };
  const detail = `an earlier run began to roll back to ${toVersion} and ended before it came back`;
  context.log.warn(detail);
  const decision = because({ kind: 'roll_back', cause: state.cause, toVersion }, state.cause, detail);
  const { events } = await execute(context, state, decision, journal);
  const after = events.reduce(
    (before, event) => evolve(context.plan, before, event),
    state as Conclusion['state'],
  );
  journal.entered(after);
  const isAccepted = after.phase === 'rolling_back' && after.acceptedAt !== null;
  if (isAccepted) {
    return { outcome: 'rolling_back', reason: state.cause, detail, state: after, unchanged: false };
  }
  const why = after.phase === 'rolling_back' ? (after.lastRefusal?.why ?? detail) : detail;
  return {
    outcome: 'rollback_failed',
    reason: 'rollback_refused',
    detail: why,
    state: after,
    unchanged: false,
  };
}
