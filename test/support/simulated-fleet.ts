/** Builds fleets and worlds whose every setting a test may name. */
import { deviceClasses, USUAL_FLAKY_SHARE } from '../../src/simulation/device-class.ts';
import { createFleet, type Fleet, type FleetSettings } from '../../src/simulation/fleet.ts';
import type { ServingOrders, ServingRule } from '../../src/simulation/serving-orders.ts';
import { createWorld, type World } from '../../src/simulation/world.ts';
import { HEALTHY_WORLD, type WorldSettings } from '../../src/simulation/world-settings.ts';

/** 2026-11-20T10:00:00Z, where every simulated world begins. */
export const WORLD_START = Date.UTC(2026, 10, 20, 10);

export const BASELINE = '1.0.0';
export const CANDIDATE = '2.0.0';

/** Returns the fleet of the vendor's documents, changed as a test says. */
export function fleetWith(changes: Partial<FleetSettings> = {}): Fleet {
  return createFleet({
    modelId: 'mdl_radiology',
    deviceCount: 124,
    groups: [],
    offlineRatio: 0,
    classes: deviceClasses(USUAL_FLAKY_SHARE),
    seed: 1,
    ...changes,
  });
}

/** Returns a world in which every device runs the baseline, changed as a test says. */
export function worldWith(changes: Partial<WorldSettings> = {}, fleet: Fleet = fleetWith()): World {
  const world = createWorld(fleet, { ...HEALTHY_WORLD, seed: 1, startAt: WORLD_START, ...changes });
  world.install(BASELINE);
  world.serve(ordersWith([]));
  return world;
}

/** Returns orders over a baseline at 100%; further rules are newer, newest first. */
export function ordersWith(
  rules: readonly ServingRule[],
  changes: Partial<Omit<ServingOrders, 'rules'>> = {},
): ServingOrders {
  const baseline: ServingRule = { rolloutId: 'base', version: BASELINE, group: null, percentage: 100 };
  return { rules: [...rules, baseline], mirror: null, harmFrom: null, ...changes };
}

/** Returns the rule of a rollout of the candidate. */
export function candidateAt(percentage: number, group: number | null = null): ServingRule {
  return { rolloutId: 'cand', version: CANDIDATE, group, percentage };
}

/** Returns how many devices run a version. */
export function devicesOn(world: World, version: string): number {
  let count = 0;
  for (let device = 0; device < world.fleet.size; device += 1) {
    if (world.versionOf(device) === version) count += 1;
  }
  return count;
}
