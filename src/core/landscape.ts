/** The rollouts of one model as the server lists them, sorted out for one version and group. Pure and total. */
import type { RemoteRollout } from './rollout.ts';

/** The server's rollouts of one model, sorted out for one plan. */
export interface Landscape {
  /** The rollout in force of this version and group, if there is one. */
  readonly ours: RemoteRollout | null;
  /** True when ours is completed and the API does not tell whether another version was completed later. */
  readonly oursUncertain: boolean;
  /** A rollout in force of this version that reaches the whole fleet although a group is asked for. */
  readonly beyondGroup: RemoteRollout | null;
  /** Rollouts in force of other versions that may reach the same devices, newest first. */
  readonly rivals: readonly RemoteRollout[];
  /** Those among `rivals` that bring back, at 100%, a version that was completed before. */
  readonly restoring: readonly RemoteRollout[];
  /** The newest ended rollout of this version that was rolled back, deleted, or overtaken by what was before it. */
  readonly rolledBackBefore: RemoteRollout | null;
  /** A completed rollout of another version that followed a completed one of ours. */
  readonly overtakenBy: RemoteRollout | null;
  /** The newest completed rollout of another version: what the fleet runs now. */
  readonly lastCompleted: RemoteRollout | null;
  /** Set when several versions were completed and the API does not tell which one is the last of these devices. */
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
 * version is not in force when it is paused or completed itself: it was overtaken.
 */
export function surveyRollouts(
  rollouts: readonly RemoteRollout[],
  version: string,
  groupNames: readonly string[],
): Landscape {
  const scope = rollouts.filter((each) => isSameGroup(each, groupNames));
  const completed = scope.filter((each) => each.status === 'completed');
  const force = forceOf(completed);
  const mine = scope.filter((each) => each.version === version);
  const finished = newest(mine.filter((each) => each.status === 'completed' && !force.isOvertaken(each)));
  const mineUnfinished = mine.filter(force.isUnfinished);
  // A paused rollout beside a running one of the same version was left behind.
  const unfinished =
    newest(mineUnfinished.filter((each) => each.status !== 'paused')) ?? newest(mineUnfinished);
  const others = completed.filter((each) => each.version !== version);
  const rivals = rollouts
    .filter(
      (each) => each.version !== version && mayShareDevices(each, groupNames) && force.isUnfinished(each),
    )
    .toSorted((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
  return {
    ours: unfinished ?? finished,
    oursUncertain:
      unfinished === null && finished !== null && others.some((other) => !isLater(finished, other)),
    beyondGroup: groupNames.length === 0 ? null : beyondGroupIn(rollouts, version, groupNames),
    rivals,
    restoring: rivals.filter(force.isRestoring),
    rolledBackBefore: newest(mine.filter(force.isUndone)),
    overtakenBy: newest(mine.filter((each) => each.status === 'completed').flatMap(force.later)),
    lastCompleted: newest(others),
    lastCompletedUncertain: isUncertain(others, groupNames),
  };
}

/** A server that ignores the group may also complete the rollout at once, so a completed one is in force as well. */
function beyondGroupIn(
  rollouts: readonly RemoteRollout[],
  version: string,
  groupNames: readonly string[],
): RemoteRollout | null {
  const reaching = rollouts.filter((each) => mayShareDevices(each, groupNames));
  const force = forceOf(reaching.filter((each) => each.status === 'completed'));
  const inForce = (each: RemoteRollout): boolean =>
    force.isUnfinished(each) || (each.status === 'completed' && !force.isOvertaken(each));
  return newest(reaching.filter((each) => each.version === version && each.group === null && inForce(each)));
}

/** What completed rollouts say about others of the same devices. */
function forceOf(completed: readonly RemoteRollout[]) {
  const later = (each: RemoteRollout): readonly RemoteRollout[] =>
    completed.filter((other) => other.version !== each.version && isLater(other, each));
  const wasBefore = (version: string, each: RemoteRollout): boolean =>
    completed.some((other) => other.version === version && isLater(each, other));
  const isOvertaken = (each: RemoteRollout): boolean => later(each).length > 0;
  return {
    later,
    isOvertaken,
    isUnfinished: (each: RemoteRollout): boolean =>
      IN_FORCE.includes(each.status) && !(each.status === 'paused' && isOvertaken(each)),
    isRestoring: (each: RemoteRollout): boolean =>
      each.percentage >= 100 && each.status !== 'paused' && wasBefore(each.version, each),
    isUndone: (each: RemoteRollout): boolean => {
      if (each.status === 'rolled_back' || each.status === 'cancelled') return true;
      if (each.status === 'paused') return isOvertaken(each);
      // Where nothing but a rollout can roll back, the candidate stays completed and its predecessor returns.
      return each.status === 'completed' && later(each).some((other) => wasBefore(other.version, each));
    },
  };
}

function isUncertain(others: readonly RemoteRollout[], groupNames: readonly string[]): boolean {
  if (new Set(others.map((each) => each.version)).size < 2) return false;
  const orderUntold = others.some((each) => each.createdAt === null);
  const groupUntold = groupNames.length > 0 && others.some((each) => each.group === undefined);
  return orderUntold || groupUntold;
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

/** Returns the rollout that was created last, the first of those whose order is not told; null for none. */
export function newest(rollouts: readonly RemoteRollout[]): RemoteRollout | null {
  return rollouts.reduce<RemoteRollout | null>(
    (best, each) => (best === null || isLater(each, best) ? each : best),
    null,
  );
}
