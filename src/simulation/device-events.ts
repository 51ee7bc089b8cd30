/** What is going to happen to single devices: the sync that changes a version, and a crash. Pure. */
import type { DurationMs, EpochMs } from '../core/units.ts';
import { createRandom } from './random-source.ts';
import type { WorldSettings } from './world-settings.ts';

interface DeviceEvent {
  readonly device: number;
  readonly due: EpochMs;
  readonly version: string;
}

/** A device that gets another version at its next sync. */
export type Switch = DeviceEvent;

/** A device that is going to crash or to run out of memory, if it still runs the version by then. */
export type PlannedCrash = DeviceEvent;

const CRASH_KEY = 4;

/** Returns events in the order in which they happen; at the same time, by device. */
export function dueFirst<T extends DeviceEvent>(events: readonly T[]): readonly T[] {
  return [...events].sort((a, b) => a.due - b.due || a.device - b.device);
}

/** Returns how long a device waits for its next sync; 0 when it may sync at once. */
export function syncDelay(
  { now, syncMs }: { readonly now: EpochMs; readonly syncMs: DurationMs },
  phase: number,
): DurationMs {
  if (syncMs <= 0) return 0;
  const passed = (now - phase * syncMs) % syncMs;
  return passed === 0 ? 0 : Math.ceil(syncMs - passed);
}

/** Returns the crash, or lack of memory, that a harm has in store for a device that has the faulty version since `at`, if any. */
export function plannedCrash(settings: WorldSettings, device: number, at: EpochMs): readonly PlannedCrash[] {
  const { harm, faultyVersion, seed } = settings;
  if ((harm?.kind !== 'crashes' && harm?.kind !== 'memory') || faultyVersion === null) return [];
  const random = createRandom([seed, CRASH_KEY, device]);
  if (random.next() >= harm.ratio) return [];
  return [{ device, version: faultyVersion, due: at + random.next() * harm.withinMs }];
}
