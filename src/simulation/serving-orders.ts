/** What the devices of a fleet are told to run. Pure. */
import type { EpochMs, Percent } from '../core/units.ts';
import type { Mirror } from './draw-tick.ts';
import { isTaken } from './experiment-devices.ts';
import { type Fleet, reachedDevices, scopeSize } from './fleet.ts';

/** One rollout that devices follow. */
export interface ServingRule {
  readonly rolloutId: string;
  readonly version: string;
  /** Index of the group it is limited to, or null for the whole fleet. */
  readonly group: number | null;
  readonly percentage: Percent;
  /** True for an experiment, which takes its devices all over the fleet instead of the first ones. */
  readonly sampled?: boolean;
}

/** Everything that decides what devices run. A device follows the first rule that reaches it. */
export interface ServingOrders {
  /** Newest first. */
  readonly rules: readonly ServingRule[];
  readonly mirror: Mirror | null;
  /** When the harm of the world's faulty version begins; null while nothing set it off. */
  readonly harmFrom: EpochMs | null;
}

/**
 * Returns for every device the index of the rule it follows, or -1 for none.
 *
 * Invariant: raising a rule's percentage only adds devices to it. A device that follows no rule keeps what
 * it runs.
 */
export function followedRules(fleet: Fleet, rules: readonly ServingRule[]): Int16Array {
  const followed = new Int16Array(fleet.size).fill(-1);
  for (const [index, { group, percentage, sampled = false }] of rules.entries()) {
    const reach = reachedDevices(percentage, scopeSize(fleet, group));
    const positions = group === null ? fleet.fleetPosition : fleet.groupPosition;
    for (let device = 0; device < fleet.size; device += 1) {
      if (followed[device] !== -1 || (group !== null && fleet.groupOf[device] !== group)) continue;
      const position = positions[device] ?? 0;
      if (sampled ? isTaken(position, percentage / 100) : position < reach) followed[device] = index;
    }
  }
  return followed;
}

/** Returns whether two sets of orders make every device do the same. */
export function sameOrders(one: ServingOrders, other: ServingOrders): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
