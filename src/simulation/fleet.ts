/** The devices of a simulated fleet and everything about them that never changes. Pure. */
import type { Percent, Ratio } from '../core/units.ts';
import { classSizes, type DeviceClass } from './device-class.ts';
import { type FleetPart, partSizes, UNDIVIDED } from './fleet-part.ts';
import { hashKeys, hashText } from './random-source.ts';

/** Fewest and most devices of a simulated fleet. */
export const FLEET_LIMITS = { min: 12, max: 100_000 } as const;

/** One device group: a number of devices that belong to no other group. */
export interface GroupSize {
  readonly name: string;
  /** Devices of the group. */
  readonly count: number;
}

/** What a fleet is made from. */
export interface FleetSettings {
  readonly modelId: string;
  readonly deviceCount: number;
  readonly groups: readonly GroupSize[];
  readonly offlineRatio: Ratio;
  readonly classes: readonly DeviceClass[];
  /** Which devices can be told apart; none unless given. */
  readonly parts?: readonly FleetPart[];
  readonly seed: number;
}

/** Devices by index. Positions run from 0 and order the devices by their bucket score. */
export interface Fleet {
  readonly size: number;
  readonly groups: readonly GroupSize[];
  readonly classes: readonly DeviceClass[];
  readonly idOf: (device: number) => string;
  /** Index of the device's group, or `groups.length` for the devices of no group. */
  readonly groupOf: Uint16Array;
  readonly classOf: Uint8Array;
  readonly parts: readonly FleetPart[];
  readonly partOf: Uint8Array;
  readonly offline: Uint8Array;
  /** Position among all devices of the fleet. */
  readonly fleetPosition: Uint32Array;
  /** Position among the devices of the same group. */
  readonly groupPosition: Uint32Array;
  /** Where in the sync period the device syncs: 0 to 1. */
  readonly syncPhase: Float64Array;
}

const CLASS_KEY = 1;
const OFFLINE_KEY = 2;
const SYNC_KEY = 3;
const PART_KEY = 5;

/**
 * Returns a fleet; the same settings always give the same one.
 *
 * Who is reached first depends on device and model only, as in octomil-browser 8be93b4's history; classes,
 * absence and sync times depend on the seed. Errors: RangeError when the size is out of limits or the groups
 * need more devices than there are.
 */
export function createFleet(settings: FleetSettings): Fleet {
  const { deviceCount: size, groups, classes, seed, modelId, parts = UNDIVIDED } = settings;
  checkSizes(settings);
  const devices = Array.from({ length: size }, (_, device) => device);
  const byScore = ordered(devices, (device) => hashText(idOf(device) + modelId));
  const groupOf = new Uint16Array(size).fill(groups.length);
  let next = 0;
  for (const [group, { count }] of groups.entries()) {
    groupOf.fill(group, next, next + count);
    next += count;
  }
  const fleetPosition = new Uint32Array(size);
  const groupPosition = new Uint32Array(size);
  const seen = new Uint32Array(groups.length + 1);
  for (const [position, device] of byScore.entries()) {
    const group = groupOf[device] ?? 0;
    fleetPosition[device] = position;
    groupPosition[device] = seen[group] ?? 0;
    seen[group] = (seen[group] ?? 0) + 1;
  }
  const dealt = (key: number, sizes: readonly number[]): Uint8Array => {
    const shuffled = ordered(devices, (device) => hashKeys([seed, key, device]));
    const indexOf = new Uint8Array(size);
    let first = 0;
    for (const [index, count] of sizes.entries()) {
      for (const device of shuffled.slice(first, first + count)) indexOf[device] = index;
      first += count;
    }
    return indexOf;
  };
  const classOf = dealt(CLASS_KEY, classSizes(classes, size));
  const partOf = dealt(PART_KEY, partSizes(parts, size));
  const offline = new Uint8Array(size);
  const byAbsence = ordered(devices, (device) => hashKeys([seed, OFFLINE_KEY, device]));
  for (const device of byAbsence.slice(0, Math.round(settings.offlineRatio * size))) offline[device] = 1;
  const syncPhase = Float64Array.from(devices, (device) => hashKeys([seed, SYNC_KEY, device]) / 2 ** 32);
  const fixed = { size, groups, classes, parts, idOf };
  return { ...fixed, groupOf, classOf, partOf, offline, fleetPosition, groupPosition, syncPhase };
}

/** Returns how many of `deviceCount` devices a percentage reaches: rounded, so 10% of 124 are 12 (docs). */
export function reachedDevices(percentage: Percent, deviceCount: number): number {
  return Math.round((percentage * deviceCount) / 100);
}

/** Returns how many devices a group has; the whole fleet for null. */
export function scopeSize(fleet: Fleet, group: number | null): number {
  return group === null ? fleet.size : (fleet.groups[group]?.count ?? 0);
}

/** Returns how many devices of a group, or of the whole fleet for null, are not offline. */
export function reachableDevices(fleet: Fleet, group: number | null): number {
  let count = 0;
  for (let device = 0; device < fleet.size; device += 1) {
    if (fleet.offline[device] === 0 && (group === null || fleet.groupOf[device] === group)) count += 1;
  }
  return count;
}

function idOf(device: number): string {
  return `dev_${String(device + 1).padStart(6, '0')}`;
}

// Ties are settled by the device, so that the order never depends on the engine's sort.
function ordered(devices: readonly number[], score: (device: number) => number): readonly number[] {
  const scores = Float64Array.from(devices, score);
  return [...devices].sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b);
}

function checkSizes({ deviceCount, groups }: FleetSettings): void {
  const { min, max } = FLEET_LIMITS;
  if (!Number.isInteger(deviceCount) || deviceCount < min || deviceCount > max) {
    throw new RangeError(`a fleet of ${deviceCount} devices; expected a whole number from ${min} to ${max}`);
  }
  const grouped = groups.reduce((sum, group) => sum + group.count, 0);
  if (grouped > deviceCount) {
    throw new RangeError(`groups of ${grouped} devices in a fleet of ${deviceCount}; make them smaller`);
  }
}
