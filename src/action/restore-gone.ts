/** Brings an earlier version back where the candidate's rollout is gone and its devices may have kept it. */
import { surveyRollouts } from '../core/landscape.ts';
import type { DeviceGroup, RolloutApi } from '../core/ports.ts';
import { markRollback } from '../core/rollback-mark.ts';
import type { RollingBack } from '../core/rollout.ts';
import { toError } from '../runtime/to-error.ts';
import type { Conclusion } from './conclusion.ts';
import { drive } from './drive.ts';
import type { Journal } from './journal.ts';
import type { RolloutContext } from './rollout-context.ts';

/** What an operator asks for: which version to leave, and which one to return to; null where not given. */
export interface WantedRestoration {
  readonly version: string | null;
  readonly toVersion: string | null;
  readonly group: DeviceGroup | null;
}

/**
 * Returns the version to leave where no rollout of it is left to be rolled back; null in every other case.
 *
 * Only where both versions are named, nothing of another version is in force, and the one to return to was
 * completed last: then nobody's rollout is in the way. Rejects with the API's errors.
 */
export async function goneVersion(
  api: RolloutApi,
  { version, toVersion, group }: WantedRestoration,
): Promise<string | null> {
  if (version === null || toVersion === null || version === toVersion) return null;
  const names = group === null ? [] : [group.id, group.name];
  const { ours, beyondGroup, rivals, rolledBackBefore, lastCompleted, lastCompletedUncertain } =
    surveyRollouts(await api.listRollouts(), version, names);
  const isGone = ours === null && beyondGroup === null && rolledBackBefore === null && rivals.length === 0;
  return isGone && !lastCompletedUncertain && lastCompleted?.version === toVersion ? version : null;
}

/** Asks for the earlier version and returns what came of it, confirmed on the devices. Rejects only when the job is aborted. */
export async function restoreGone(
  context: RolloutContext,
  toVersion: string,
  journal: Journal,
): Promise<Conclusion> {
  const { api, plan, group } = context;
  const at = api.now();
  const base = {
    phase: 'rolling_back',
    previousVersion: toVersion,
    createdAt: at,
    cause: 'rolled_back_by_request',
    decidedAt: at,
    lastRefusal: null,
    toVersion,
  } as const;
  try {
    const { restoringRolloutId, acceptedAt } = await api.rollBack({
      rolloutId: null,
      fromVersion: plan.version,
      toVersion,
      group,
      reason: markRollback(`${context.reason ?? 'by request'} (${context.run.url ?? context.run.label})`),
    });
    journal.wrote(`rollback to ${toVersion} accepted`);
    if (restoringRolloutId === null) {
      const detail = `accepted, and no rollout of ${toVersion} shows it yet`;
      const state = { phase: 'absent' } as const;
      return { outcome: 'rolling_back', reason: 'confirming_rollback', detail, state, unchanged: false };
    }
    const state: RollingBack = { ...base, rolloutId: restoringRolloutId, restoringRolloutId, acceptedAt };
    return await drive(context, state, journal);
  } catch (thrown) {
    context.signal.throwIfAborted();
    const detail = toError(thrown).message;
    const state = { phase: 'absent' } as const;
    return { outcome: 'rollback_failed', reason: 'rollback_refused', detail, state, unchanged: false };
  }
}
