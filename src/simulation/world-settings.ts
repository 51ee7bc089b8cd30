/** What a simulated world is made from, and what it is like where nothing is said. Pure. */
import type { DurationMs, EpochMs, Ratio } from '../core/units.ts';
import { HOUR_MS, SECOND_MS } from '../core/units.ts';
import type { Harm } from './harm.ts';
import type { LatencyProfile } from './latency-profile.ts';

/** Everything about a world but its fleet. */
export interface WorldSettings {
  readonly seed: number;
  readonly startAt: EpochMs;
  /** Time before the start of which can be told what the version did that was installed then. */
  readonly historyMs: DurationMs;
  /** Time between two syncs of a device; it changes its version only then. 0 is at once. */
  readonly syncMs: DurationMs;
  /** Requests of one device in an hour, on average over the fleet. */
  readonly requestsPerHour: number;
  /** Share of requests that fail in a healthy version, on average over the fleet. */
  readonly errorRatio: Ratio;
  /** Crashes of one device in an hour in a healthy version. */
  readonly crashesPerHour: number;
  readonly latency: LatencyProfile;
  /** Mean and standard deviation of one answer's quality, 0 to 1. */
  readonly quality: { readonly mean: Ratio; readonly deviation: number };
  /** True when traffic falls to half at 02:00 UTC and rises by half at 14:00 UTC. */
  readonly diurnal: boolean;
  /** The version that the harm is in; every other version is healthy. */
  readonly faultyVersion: string | null;
  readonly harm: Harm | null;
}

/**
 * A world in which nothing is wrong.
 *
 * One request a second and device, so that a rehearsal of seconds has evidence; one device in 500 crashes a
 * day, as in well-kept apps; 61% of the requests take less than 100 ms and 1.2% more than 500 ms.
 */
export const HEALTHY_WORLD = {
  historyMs: 0,
  syncMs: SECOND_MS,
  requestsPerHour: HOUR_MS / SECOND_MS,
  errorRatio: 0.01,
  crashesPerHour: 0.002 / 24,
  latency: { medianMs: 80, sigma: 0.81 },
  quality: { mean: 0.94, deviation: 0.08 },
  diurnal: false,
  faultyVersion: null,
  harm: null,
} as const satisfies Omit<WorldSettings, 'seed' | 'startAt'>;
