/** The smallest span of time that a world counts in, and how long it is. Pure. */
import { type DurationMs, type EpochMs, MINUTE_MS, SECOND_MS } from '../core/units.ts';
import type { DeviceBits } from './device-set.ts';

/** Which devices of one version, group and part of the fleet did something. */
export interface ArmDevices {
  readonly version: string;
  readonly group: number;
  /** Index of the fleet's part. */
  readonly part: number;
  /** True for traffic that was mirrored to a version without being answered by it. */
  readonly shadow: boolean;
  readonly active: DeviceBits;
  readonly failing: DeviceBits;
  readonly crashed: readonly number[];
  readonly outOfMemory: readonly number[];
}

/** What the devices of one version and group did within one tick. */
export interface TickArm extends ArmDevices {
  requests: number;
  failed: number;
  /** Requests of each bucket of `LATENCY_EDGES_MS`, not cumulative. */
  readonly latency: number[];
  qualitySum: number;
  qualityCount: number;
  readonly crashed: number[];
  readonly outOfMemory: number[];
}

/** One tick, `from` inclusive. Ticks follow each other without gaps. */
export interface Tick {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly arms: readonly TickArm[];
}

const SETTLING_LIMITS_MS = { min: 100, max: SECOND_MS } as const;

/**
 * Returns how long the next tick is: a second in the first minute after a change, 5 s to the tenth, then 30 s.
 *
 * While devices have yet to sync it is a tenth of the sync period, at most a second. Nothing but times of
 * changes enters, so that ticks are the same however often somebody looks.
 */
export function tickLength(ageMs: DurationMs, settlingMs: DurationMs | null): DurationMs {
  if (settlingMs !== null) {
    return Math.min(SETTLING_LIMITS_MS.max, Math.max(SETTLING_LIMITS_MS.min, settlingMs / 10));
  }
  if (ageMs < MINUTE_MS) return SECOND_MS;
  return ageMs < 10 * MINUTE_MS ? 5 * SECOND_MS : 30 * SECOND_MS;
}

/** Returns the end of a tick that must not run across a time; `cut` outside of it changes nothing. */
export function tickEndBefore(from: EpochMs, end: EpochMs, cut: EpochMs | null): EpochMs {
  return cut !== null && cut > from && cut < end ? cut : end;
}
