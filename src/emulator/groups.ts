/** Device groups of the emulated organisation, by index, id and name. */
import type { GroupSize } from '../simulation/fleet.ts';
import { Refusal } from './refusal.ts';

/** Returns a group's id. */
export function groupId(name: string): string {
  return `grp_${name}`;
}

/** Returns the name of the group with this id or name. Errors: Refusal `not_found`. */
export function groupNamed(groups: readonly GroupSize[], idOrName: string): string {
  const found = groups.find(({ name }) => name === idOrName || groupId(name) === idOrName);
  if (found === undefined) throw new Refusal('not_found', `device group "${idOrName}" does not exist`);
  return found.name;
}

/** Returns a group's index in the fleet; null for no group. */
export function groupIndex(groups: readonly GroupSize[], name: string | null): number | null {
  return name === null ? null : groups.findIndex((group) => group.name === name);
}
