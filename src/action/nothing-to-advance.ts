/** How a scheduled tick ends that finds no rollout, and what devices may still run although there is none. */
import { formatCount } from '../core/format.ts';
import type { Landscape } from '../core/landscape.ts';
import type { DeviceCount } from '../core/rollout.ts';
import type { Ratio } from '../core/units.ts';
import { OctomilError } from '../octomil/errors.ts';
import type { Conclusion } from './conclusion.ts';
import type { Fleet } from './prepare.ts';

/**
 * Returns `noop`; its detail says so where countable devices do not run what was completed last.
 *
 * A deletion is no rollback: somebody's, or that of a rollback whose machine was lost before the earlier version
 * came back, leaves devices on the candidate. Nothing tells a tick which it was, so it writes nothing (INV-6).
 * Rejects only when the job is aborted.
 */
export async function nothingToAdvance(fleet: Fleet, landscape: Landscape): Promise<Conclusion> {
  const detail = await leftBehind(fleet, landscape);
  const state = { phase: 'absent' } as const;
  return { outcome: 'noop', reason: 'nothing_to_advance', detail, state, unchanged: true };
}

async function leftBehind(
  { api, plan }: Fleet,
  { lastCompleted, lastCompletedUncertain, rivals }: Landscape,
): Promise<string | null> {
  if (lastCompleted === null || lastCompletedUncertain || rivals.length > 0) return null;
  if (lastCompleted.percentage < 100) return null;
  const count = await countQuietly(() => api.countDevices(lastCompleted.id));
  const served = count === null ? null : servedOf(count, plan.rollback.confirmRatio);
  if (served === null) return null;
  const { version } = lastCompleted;
  return `there is no rollout of this version, and ${version}, completed at 100%, serves only ${served}; a deleted rollout may have left the others on ${plan.version}: look with \`command: status\`, and go back with \`command: rollback\`, \`version: ${plan.version}\` and \`to-version: ${version}\``;
}

/**
 * Returns on how many devices a rollout's version runs, where that is fewer than the `least` share of those that it
 * is for; null where it serves them or nobody can tell. Never throws.
 */
export function servedOf(
  { assigned, onVersion, reachable, total }: DeviceCount,
  least: Ratio,
): string | null {
  if (total !== null && assigned < least * total) {
    return `${formatCount(assigned)} of ${formatCount(total)} devices`;
  }
  if (onVersion !== null && reachable !== null && onVersion < least * reachable) {
    return `${formatCount(onVersion)} of ${formatCount(reachable)} reachable devices`;
  }
  return null;
}

/** What cannot be counted is no finding, and no reason for a tick without a rollout to fail. */
async function countQuietly(count: () => Promise<DeviceCount | null>): Promise<DeviceCount | null> {
  try {
    return await count();
  } catch (thrown) {
    if (thrown instanceof OctomilError) return null;
    throw thrown;
  }
}
