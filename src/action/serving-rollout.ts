/** Which rollout an operator's verb is about. */
import { isLater, newest, surveyRollouts } from '../core/landscape.ts';
import type { DeviceGroup, RolloutApi } from '../core/ports.ts';
import type { RemoteRollout } from '../core/rollout.ts';
import { Refusal } from './refusal.ts';

/** What the workflow says about the rollout that it means. */
export interface WantedRollout {
  /** Null for whichever version is in force. */
  readonly version: string | null;
  /** Null where no group was given. */
  readonly group: DeviceGroup | null;
}

/** The rollout to change, and what stands in the way of raising it. */
export interface ChosenRollout {
  readonly rollout: RemoteRollout;
  /** Another version's rollout that is in force on the same devices, or was completed since; null for none. */
  readonly rival: RemoteRollout | null;
}

const MOST_LISTED = 8;

/**
 * Returns the rollout that a rollback leaves: the version's own, or else the newest one in force, also a
 * completed one. Errors: rejects with a `Refusal` when there is none, and with the API's errors.
 */
export async function servingRollout(
  api: RolloutApi,
  { version, group }: WantedRollout,
): Promise<RemoteRollout> {
  const rollouts = await api.listRollouts();
  const { ours, rivals, lastCompleted } = surveyRollouts(rollouts, version ?? '', namesOf(group));
  const serving = version === null ? (rivals[0] ?? lastCompleted) : ours;
  if (serving === null) throw noneInForce(rollouts, { version, group });
  return serving;
}

/**
 * Returns the one unfinished rollout that is wanted; where there is none, the newest that has ended.
 *
 * A rollout whose group the API does not tell counts for every group. Errors: rejects with a `Refusal` when
 * several are unfinished (it lists them) or none was ever made, and with the API's errors.
 */
export async function rolloutToChange(api: RolloutApi, wanted: WantedRollout): Promise<ChosenRollout> {
  const rollouts = await api.listRollouts();
  const unfinished = surveyRollouts(rollouts, '', namesOf(wanted.group)).rivals.filter((each) =>
    isWanted(each, wanted),
  );
  const [only, ...others] = unfinished;
  if (others.length > 0) {
    const detail = `${unfinished.length} rollouts are in force: ${listed(unfinished)}`;
    throw new Refusal({ outcome: 'invalid_input', reason: 'rollout_ambiguous', detail });
  }
  if (only !== undefined) return { rollout: only, rival: rivalInForce(rollouts, only, wanted.group) };
  const ended = newest(rollouts.filter((each) => isWanted(each, wanted)));
  if (ended === null) throw noneInForce(rollouts, wanted);
  return {
    rollout: ended,
    rival: newest(
      rollouts.filter(
        (each) => each.status === 'completed' && each.version !== ended.version && isLater(each, ended),
      ),
    ),
  };
}

/** Returns a rollout in one clause: id, version, group where it is told, status and percentage. */
export function describeRollout({ id, version, group, statusText, percentage }: RemoteRollout): string {
  const scope = group === null || group === undefined ? '' : ` for group ${group}`;
  return `rollout ${id} of ${version}${scope} is ${statusText} at ${percentage}%`;
}

/** An older rollout that somebody paused serves its devices, and a newer one was created beside it on purpose. */
function rivalInForce(
  rollouts: readonly RemoteRollout[],
  chosen: RemoteRollout,
  group: DeviceGroup | null,
): RemoteRollout | null {
  const untold = chosen.group === null || chosen.group === undefined;
  const names = [...namesOf(group), ...(untold ? [] : [chosen.group])];
  const { rivals } = surveyRollouts(rollouts, chosen.version, names);
  return rivals.find((each) => !(each.status === 'paused' && isLater(chosen, each))) ?? null;
}

function isWanted(rollout: RemoteRollout, { version, group }: WantedRollout): boolean {
  if (version !== null && rollout.version !== version) return false;
  if (group === null || rollout.group === undefined) return true;
  return rollout.group !== null && namesOf(group).includes(rollout.group);
}

function noneInForce(rollouts: readonly RemoteRollout[], { version, group }: WantedRollout): Refusal {
  const what = `no rollout${version === null ? '' : ` of version ${version}`}`;
  const scope = group === null ? '' : ` for group ${group.name}`;
  const instead = rollouts.length === 0 ? 'this model has no rollout at all' : `there is ${listed(rollouts)}`;
  const detail = `${what}${scope} is in force; ${instead}`;
  return new Refusal({ outcome: 'invalid_input', reason: 'no_rollout_in_force', detail });
}

function listed(rollouts: readonly RemoteRollout[]): string {
  const sorted = rollouts.toSorted((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
  const hidden = sorted.length - MOST_LISTED;
  const shown = sorted.slice(0, MOST_LISTED).map(describeRollout).join(', ');
  return hidden > 0 ? `${shown} and ${hidden} more` : shown;
}

function namesOf(group: DeviceGroup | null): readonly string[] {
  return group === null ? [] : [group.id, group.name];
}
