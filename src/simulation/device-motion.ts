/** Moves devices from version to version as they sync, and lets a harm crash them. Pure. */
import type { EpochMs } from '../core/units.ts';
import { type Cells, createCells } from './cells.ts';
import { dueFirst, type PlannedCrash, plannedCrash, type Switch, syncDelay } from './device-events.ts';
import type { Fleet } from './fleet.ts';
import type { WorldSettings } from './world-settings.ts';

/** What one device crashed with. */
export interface Crash {
  readonly device: number;
  readonly version: string;
}

/** The devices of a world between their orders and what they really run. */
export interface DeviceMotion {
  readonly cells: Cells;
  /** True while a reachable device has yet to sync. */
  readonly settling: boolean;
  /** Sends every device towards a version, undefined to leave it; forgets what it was sent to before. */
  redirect(versionFor: (device: number) => string | undefined, now: EpochMs): void;
  /** Makes the switches that are due, and returns whether there were any. */
  switchDue(at: EpochMs, harmed: boolean): boolean;
  /** Lets the harm begin for the devices that already run the faulty version. */
  beginHarm(at: EpochMs): void;
  /** Returns the crashes that happen up to `at`, once; a device that has left the version does not crash. */
  crashesUntil(at: EpochMs): readonly Crash[];
}

/** Returns the motion of a fleet in which no device runs anything. */
export function createDeviceMotion(fleet: Fleet, settings: WorldSettings): DeviceMotion {
  const cells = createCells(fleet);
  let switches: readonly Switch[] = [];
  let crashes: readonly PlannedCrash[] = [];

  const planCrashes = (devices: readonly number[], at: EpochMs): void => {
    const planned = devices.flatMap((device) => {
      const faulty = cells.versionOf(device) === settings.faultyVersion && fleet.offline[device] === 0;
      return faulty ? plannedCrash(settings, device, at) : [];
    });
    if (planned.length > 0) crashes = dueFirst([...crashes, ...planned]);
  };

  return {
    cells,
    get settling() {
      return switches.length > 0;
    },
    redirect(versionFor, now) {
      const planned: Switch[] = [];
      for (let device = 0; device < fleet.size; device += 1) {
        const version = versionFor(device);
        if (version === undefined || fleet.offline[device] === 1 || cells.versionOf(device) === version)
          continue;
        const delay = syncDelay({ now, syncMs: settings.syncMs }, fleet.syncPhase[device] ?? 0);
        planned.push({ device, version, due: now + delay });
      }
      switches = dueFirst(planned);
    },
    switchDue(at, harmed) {
      const after = switches.findIndex(({ due }) => due > at);
      const due = after === -1 ? switches : switches.slice(0, after);
      switches = after === -1 ? [] : switches.slice(after);
      for (const { device, version } of due) cells.move(device, version);
      if (harmed) {
        const moved = due.map(({ device }) => device);
        planCrashes(moved, at);
      }
      return due.length > 0;
    },
    beginHarm(at) {
      const devices = Array.from({ length: fleet.size }, (_, device) => device);
      planCrashes(devices, at);
    },
    crashesUntil(at) {
      const due = crashes.filter((crash) => crash.due <= at);
      crashes = crashes.slice(due.length);
      return due.filter(({ device, version }) => cells.versionOf(device) === version);
    },
  };
}
