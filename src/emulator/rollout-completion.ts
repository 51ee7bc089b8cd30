/** When the emulated server calls a rollout complete. Pure. */
import type { RolloutDevices } from '../simulation/world.ts';
import type { RolloutRecord } from './rollout-record.ts';
import type { Switches } from './switches.ts';

/** Share of the reachable devices that must run a version before its rollout at 100% is complete. */
export const COMPLETE_RATIO = 0.95;

/**
 * Returns whether a rollout is complete now.
 *
 * One that restores a version is once its devices run it; one at 100% as the switch `completed` says. Below
 * 100% none ever is. `count` is asked only where devices decide.
 */
export function isComplete(
  { status, percentage, deleted }: RolloutRecord,
  completed: Switches['completed'],
  count: () => RolloutDevices,
): boolean {
  if (deleted || percentage < 100) return false;
  if (status === 'rolling_back') return isSynced(count());
  if (status !== 'active' || completed === 'never') return false;
  return completed === 'at-target' || isSynced(count());
}

function isSynced({ onVersion, reachable }: RolloutDevices): boolean {
  return onVersion >= COMPLETE_RATIO * reachable;
}
