/** The machine's clock, faster or moved where the emulator's flags say so. */
import type { EpochMs } from '../core/units.ts';
import type { EmulatorClock } from './emulator-options.ts';

/** How the emulator's time differs from the machine's. */
export interface ClockSettings {
  /** Where time begins; the machine's present for null. */
  readonly startAt: EpochMs | null;
  /** Emulated milliseconds for each one that passes. */
  readonly timeScale: number;
}

/** Returns a clock that runs from now on. `machineNow` is the machine's time; a step back of it is ignored. */
export function createWallClock(
  { startAt, timeScale }: ClockSettings,
  machineNow: () => EpochMs,
): Required<EmulatorClock> {
  const startedAt = machineNow();
  let present = startAt ?? startedAt;
  let moved = 0;
  const now = (): EpochMs => {
    const running = (startAt ?? startedAt) + (machineNow() - startedAt) * timeScale;
    present = Math.max(present, Math.round(running + moved));
    return present;
  };
  return {
    now,
    advanceTo(at) {
      moved += Math.max(0, at - now());
    },
  };
}
