/** The rollouts of one model as the server lists them, sorted out for one version and group. Pure and total. */
import type { RemoteRollout } from './rollout.ts';

/** The server's rollouts of one model, sorted out for one plan. */
export interface Landscape {
  /** The rollout in force of this version and group, if there is one. */
  readonly ours: RemoteRollout | null;
  /** Rollouts in force of other versions that may reach the same devices, newest first. */
  readonly rivals: readonly RemoteRollout[];
  /** The newest ended rollout of this version that was rolled back, deleted or overtaken while paused. */
  readonly rolledBackBefore: RemoteRollout | null;
  /** The newest completed rollout of another version: what the fleet runs now. */
  readonly lastCompleted: RemoteRollout | null;
  /** Set when several completed rollouts exist whose order the API does not tell. */
  readonly lastCompletedUncertain: boolean;
}

const IN_FORCE: readonly RemoteRollout['status'][] = [
  'pending',
  'active',
  'paused',
  'rolling_back',
  'unknown',
];

/**
 * Returns the server's rollouts sorted out for a version and a group.
 *
 * `groupNames` are all names of the plan's group (name and id), empty for the whole fleet. A rollout whose
 * group the API does not tell counts as ours. A rollout that is older than a later completed one of another
 * version is not in force when it is paused or completed itself: it was overtaken. Where the API tells no
 * times, a completed rollout beside completed ones of other versions is not taken for the one in force.
 */
export function surveyRollouts(
  rollouts: readonly RemoteRollout[],
  version: string,
  groupNames: readonly string[],
): Landscape {
  const scope = rollouts.filter((each) => isSameGroup(each, groupNames));
  const completed = scope.filter((each) => each.status === 'completed');
  const overtaken = (each: RemoteRollout): boolean =>
    completed.some((other) => other.version !== each.version && isLater(other, each));
  const current = (each: RemoteRollout): boolean =>
    completed.every((other) => other.version === each.version || isLater(each, other));
  const unfinished = (each: RemoteRollout): boolean =>
    IN_FORCE.includes(each.status) && !(each.status === 'paused' && overtaken(each));
  const mine = scope.filter((each) => each.version === version);
  const undone = mine.filter(
    (each) =>
      ['rolled_back', 'cancelled'].includes(each.status) || (each.status === 'paused' && overtaken(each)),
  );
  const others = completed.filter((each) => each.version !== version);
  const rivals = rollouts.filter(
    (each) => each.version !== version && mayShareDevices(each, groupNames) && unfinished(each),
  );
  return {
    ours:
      newest(mine.filter(unfinished)) ??
      newest(mine.filter((each) => each.status === 'completed' && current(each))),
    rivals: rivals.toSorted((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0)),
    rolledBackBefore: newest(undone),
    lastCompleted: newest(others),
    lastCompletedUncertain:
      others.some((each) => each.createdAt === null) && new Set(others.map((each) => each.version)).size > 1,
  };
}

/** Returns whether `a` is known to have been created after `b`. */
export function isLater(a: RemoteRollout, b: RemoteRollout): boolean {
  return a.createdAt !== null && b.createdAt !== null && a.createdAt > b.createdAt;
}

function isSameGroup({ group }: RemoteRollout, groupNames: readonly string[]): boolean {
  if (group === undefined) return true;
  return groupNames.length === 0 ? group === null : group !== null && groupNames.includes(group);
}

/** The whole fleet shares devices with every group; two named groups are taken for separate. */
function mayShareDevices(rollout: RemoteRollout, groupNames: readonly string[]): boolean {
  return groupNames.length === 0 || rollout.group === null || isSameGroup(rollout, groupNames);
}

function newest(rollouts: readonly RemoteRollout[]): RemoteRollout | null {
  return rollouts.reduce<RemoteRollout | null>(
    (best, each) => (best === null || isLater(each, best) ? each : best),
    null,
  );
}
