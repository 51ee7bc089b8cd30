/** Takes a fleet back to an earlier version. Pure. Source: docs /operate/rollback. */
import type { EpochMs } from '../core/units.ts';
import { Refusal } from './refusal.ts';
import { isServing, isUnfinished, type RolloutRecord } from './rollout-record.ts';
import { draftRollout, finishRollout } from './rollout-transitions.ts';
import type { VersionShelf } from './versions.ts';

/** What a client asks for. */
export interface RollbackOrder {
  readonly toVersion: string;
  readonly reason: string | null;
  /** Name of the group, or null for the whole fleet. */
  readonly group: string | null;
}

/** What a rollback does. */
export interface RollbackResult {
  /** Every rollout, oldest first. */
  readonly rollouts: readonly RolloutRecord[];
  /** The rollout that was in force, as it was. */
  readonly from: RolloutRecord;
  /** The new rollout that restores the version. */
  readonly restoring: RolloutRecord;
  /** Devices that followed the one that was in force. */
  readonly affectedDevices: number;
}

/**
 * Returns the rollouts after a rollback: what was in force and what was unfinished is `rolled_back`, and a
 * new rollout at 100% is `rolling_back`.
 *
 * Errors: Refusal `version_not_found` for a version that does not exist or was never deployed; `conflict`
 * when the version is in force already, and when nothing is.
 */
export function rollBack(
  rollouts: readonly RolloutRecord[],
  order: RollbackOrder & { readonly at: EpochMs; readonly versions: VersionShelf },
): Omit<RollbackResult, 'affectedDevices'> {
  const { toVersion, group, at, versions } = order;
  versions.find(toVersion);
  if (!rollouts.some(({ version, entered }) => version === toVersion && entered.length > 0)) {
    throw new Refusal('version_not_found', `version "${toVersion}" was never deployed`);
  }
  const from = rolloutToLeave(rollouts, { toVersion, group });
  const reason = order.reason ?? `rolled back to ${toVersion}`;
  const ended = rollouts.map((rollout) => {
    const concerned = group === null || rollout.group === group;
    const ends = concerned && (isUnfinished(rollout) || rollout === from);
    return ends ? finishRollout(rollout, 'rolled_back', { at, reason }) : rollout;
  });
  const draft = {
    version: toVersion,
    percentage: 100,
    targetPercentage: 100,
    incrementStep: 100,
    group,
    previousVersion: from.version,
    reason,
  };
  const restoring = draftRollout(draft, rollouts.length + 1, { status: 'rolling_back', at });
  return { rollouts: [...ended, restoring], from, restoring };
}

// Newest first: what lies beneath a rollout of the version to everybody concerned is not in force.
function rolloutToLeave(
  rollouts: readonly RolloutRecord[],
  { toVersion, group }: Pick<RollbackOrder, 'toVersion' | 'group'>,
): RolloutRecord {
  for (const rollout of rollouts.toReversed()) {
    const inScope = group === null || rollout.group === null || rollout.group === group;
    if (!inScope || !isServing(rollout)) continue;
    if (rollout.version !== toVersion) return rollout;
    if (rollout.group === null || rollout.group === group)
      throw new Refusal('conflict', `version "${toVersion}" is in force already`);
  }
  throw new Refusal('conflict', `nothing but version "${toVersion}" is rolled out`);
}
