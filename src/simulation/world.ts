/** A fleet in time: devices sync, switch versions, send requests, fail and crash. Pure; told what time it is. */
import type { EpochMs } from '../core/units.ts';
import { createDeviceMotion } from './device-motion.ts';
import { drawTick } from './draw-tick.ts';
import { type Fleet, scopeSize } from './fleet.ts';
import {
  type ObservedTicks,
  observeWindow,
  type WindowObservation,
  type WindowQuery,
} from './observe-window.ts';
import { drawPast } from './past.ts';
import { followedRules, type ServingOrders, sameOrders } from './serving-orders.ts';
import { type Tick, tickEndBefore, tickLength } from './tick.ts';
import { createTickBlocks } from './tick-blocks.ts';
import type { WorldSettings } from './world-settings.ts';

/** Devices that follow one rollout. `onVersion` counts reachable ones only, so it is at most `reachable`. */
export interface RolloutDevices {
  readonly assigned: number;
  readonly reachable: number;
  readonly onVersion: number;
  /** Devices of the rollout's scope. */
  readonly total: number;
}

/** A simulated fleet. Time moves only by `advanceTo`, and never back. */
export interface World {
  readonly fleet: Fleet;
  now(): EpochMs;
  /** Returns the end of the tick that is running: nothing changes by itself before it. */
  nextBoundary(): EpochMs;
  /** Every finished tick since the start, oldest first, without gaps. */
  readonly ticks: readonly Tick[];
  /** Lets time pass up to and including `at`; a time in the past changes nothing. */
  advanceTo(at: EpochMs): void;
  /** Gives new orders, in force from now on: each device follows at its next sync. */
  serve(orders: ServingOrders): void;
  /**
   * Makes every device run a version at once, without orders: the state that a world begins in. The first one
   * has been served before the start as well, as long as the settings say.
   */
  install(version: string): void;
  versionOf(device: number): string | null;
  /** Returns the rollout that a device follows, or null. */
  rolloutOf(device: number): string | null;
  /** Counts the devices that follow a rollout; all but `total` are 0 for one that no device follows. */
  countDevices(rolloutId: string, scope: RolloutScope): RolloutDevices;
  observe(query: WindowQuery): WindowObservation;
}

/** What a rollout is about; a null group is the whole fleet. */
export interface RolloutScope {
  readonly version: string;
  readonly group: number | null;
}

/** Returns a world at `settings.startAt` in which no device runs anything. */
export function createWorld(fleet: Fleet, settings: WorldSettings): World {
  const motion = createDeviceMotion(fleet, settings);
  const { cells } = motion;
  const ticks: Tick[] = [];
  const observed = { ticks, blocks: createTickBlocks(ticks) };
  let orders: ServingOrders = { rules: [], mirror: null, harmFrom: null };
  let followed = followedRules(fleet, []);
  let now = settings.startAt;
  let tickFrom = now;
  let changedAt = now;
  let installed: string | null = null;
  let past: readonly Tick[] | null = null;

  const ruleOf = (device: number) => orders.rules[followed[device] ?? -1];
  const harmedAt = (at: EpochMs): boolean => orders.harmFrom !== null && orders.harmFrom <= at;
  const tickEnd = (): EpochMs => {
    const length = tickLength(tickFrom - changedAt, motion.settling ? settings.syncMs : null);
    return tickEndBefore(tickFrom, tickFrom + length, orders.harmFrom);
  };
  // Few ask for it, so it is drawn when somebody does.
  const ticksSince = (from: EpochMs): ObservedTicks => {
    if (from >= settings.startAt || installed === null || settings.historyMs === 0) return observed;
    past ??= drawPast(fleet, settings, installed);
    return { ticks: [...past, ...ticks], blocks: null };
  };
  const beginHarm = (at: EpochMs): void => {
    changedAt = at;
    motion.beginHarm(at);
  };
  const closeTick = (to: EpochMs): void => {
    const span = { from: tickFrom, to, harmed: harmedAt(tickFrom), crashes: motion.crashesUntil(to) };
    ticks.push(drawTick({ fleet, settings, cells: cells.all, mirror: orders.mirror, ...span }));
    tickFrom = to;
    if (motion.switchDue(to, harmedAt(to))) changedAt = to;
    if (orders.harmFrom === to) beginHarm(to);
  };

  return {
    fleet,
    ticks,
    now: () => now,
    nextBoundary: tickEnd,
    advanceTo(at) {
      for (let end = tickEnd(); end <= at; end = tickEnd()) closeTick(end);
      now = Math.max(now, at);
    },
    serve(next) {
      if (sameOrders(orders, next)) return;
      if (now > tickFrom) closeTick(now);
      const harmBefore = orders.harmFrom;
      orders = next;
      followed = followedRules(fleet, next.rules);
      changedAt = now;
      motion.redirect((device) => ruleOf(device)?.version, now);
      motion.switchDue(now, harmedAt(now));
      if (next.harmFrom !== harmBefore && harmedAt(now)) beginHarm(now);
    },
    install(version) {
      installed ??= version;
      for (let device = 0; device < fleet.size; device += 1) cells.move(device, version);
    },
    versionOf: cells.versionOf,
    rolloutOf: (device) => ruleOf(device)?.rolloutId ?? null,
    countDevices: (rolloutId, scope) => {
      const follows = (device: number) => ruleOf(device)?.rolloutId === rolloutId;
      return countRolloutDevices({ fleet, versionOf: cells.versionOf, follows }, scope);
    },
    observe: (query) => observeWindow(ticksSince(query.window.from), query, fleet.size),
  };
}

interface FollowedFleet {
  readonly fleet: Fleet;
  readonly versionOf: (device: number) => string | null;
  readonly follows: (device: number) => boolean;
}

function countRolloutDevices(
  { fleet, versionOf, follows }: FollowedFleet,
  { version, group }: RolloutScope,
): RolloutDevices {
  const count = { assigned: 0, reachable: 0, onVersion: 0, total: scopeSize(fleet, group) };
  for (let device = 0; device < fleet.size; device += 1) {
    if (!follows(device)) continue;
    count.assigned += 1;
    if (fleet.offline[device] === 1) continue;
    count.reachable += 1;
    if (versionOf(device) === version) count.onVersion += 1;
  }
  return count;
}
