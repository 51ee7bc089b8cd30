/** What really runs on the emulated fleet, for tests to compare with what the API says. */
import type { Percent } from '../core/units.ts';
import type { World } from '../simulation/world.ts';
import type { ControlPlane } from './control-plane.ts';
import type { EmulatorSettings } from './emulator-options.ts';
import { wireRollout, wireTime } from './wire-rollout.ts';

/** The truth about the fleet and every rollout that is not deleted. */
export interface GroundTruth {
  readonly now: string;
  readonly devices: {
    readonly total: number;
    readonly reachable: number;
    /** Devices by the version that they run, offline ones too. */
    readonly onVersion: Readonly<Record<string, number>>;
    /** The same for reachable devices only. */
    readonly reachableOnVersion: Readonly<Record<string, number>>;
  };
  /** Newest first, as the API shows them. */
  readonly rollouts: readonly Readonly<Record<string, unknown>>[];
  /** Every rollout that ever was, deleted ones too, oldest first, with each percentage that it was raised to. */
  readonly past: readonly {
    readonly version: string;
    readonly deleted: boolean;
    readonly entered: readonly { readonly percentage: Percent; readonly at: string }[];
  }[];
}

/** Returns the truth of this moment. */
export function groundTruth(plane: ControlPlane, settings: EmulatorSettings): GroundTruth {
  const { world } = plane;
  const reachable = countByVersion(world, true);
  return {
    now: wireTime(world.now()),
    devices: {
      total: world.fleet.size,
      reachable: world.fleet.size - world.fleet.offline.reduce((sum, one) => sum + one, 0),
      onVersion: Object.fromEntries(countByVersion(world, false)),
      reachableOnVersion: Object.fromEntries(reachable),
    },
    rollouts: plane.listRollouts().map((rollout) => wireRollout(rollout, settings)),
    past: plane.everyRollout().map(({ version, deleted, entered }) => ({
      version,
      deleted,
      entered: entered.map(({ percentage, at }) => ({ percentage, at: wireTime(at) })),
    })),
  };
}

/** Returns how many reachable devices of each part of the fleet run each version, by the part's index. */
export function reachableByPart({ fleet, versionOf }: World): ReadonlyMap<string, readonly number[]> {
  const counts = new Map<string, number[]>();
  for (let device = 0; device < fleet.size; device += 1) {
    const version = fleet.offline[device] === 1 ? null : versionOf(device);
    if (version === null) continue;
    const known = counts.get(version) ?? fleet.parts.map(() => 0);
    counts.set(version, known);
    const part = fleet.partOf[device] ?? 0;
    known[part] = (known[part] ?? 0) + 1;
  }
  return counts;
}

/** Returns how many devices run each version; only reachable ones where that is asked for. */
export function countByVersion(world: World, reachableOnly: boolean): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let device = 0; device < world.fleet.size; device += 1) {
    if (reachableOnly && world.fleet.offline[device] === 1) continue;
    const version = world.versionOf(device);
    if (version !== null) counts.set(version, (counts.get(version) ?? 0) + 1);
  }
  return counts;
}
