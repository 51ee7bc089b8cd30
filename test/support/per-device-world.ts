/** A fleet in which every request of every device is played on its own: slow, obvious, and the measure of the world. */
import type { Fleet } from '../../src/simulation/fleet.ts';
import { LATENCY_EDGES_MS } from '../../src/simulation/latency-profile.ts';
import type { WorldSettings } from '../../src/simulation/world-settings.ts';

/** What the devices did together. */
export interface FleetTotals {
  readonly requests: number;
  readonly failed: number;
  readonly slow: number;
  readonly quality: number;
  readonly activeDevices: number;
  readonly devicesWithFailures: number;
  readonly crashedDevices: number;
}

const SLOW_MS = 500;
const HOUR_MS = 3_600_000;

/** Index of the first latency bucket that is slower than 500 ms. */
export const SLOW_BUCKET = (LATENCY_EDGES_MS as readonly (number | null)[]).indexOf(SLOW_MS) + 1;

/**
 * Plays a fleet for `durationMs`, device by device and request by request, with a generator of its own.
 *
 * Requests and crashes come after exponential gaps; each request fails, takes its time and has its quality
 * independently of all others.
 */
export function playPerDevice(fleet: Fleet, settings: WorldSettings, durationMs: number): FleetTotals {
  const random = mulberry32(settings.seed * 7_919 + 13);
  const exponential = (meanMs: number): number => -Math.log(1 - random()) * meanMs;
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const totals = {
    requests: 0,
    failed: 0,
    slow: 0,
    quality: 0,
    activeDevices: 0,
    devicesWithFailures: 0,
    crashedDevices: 0,
  };
  for (let device = 0; device < fleet.size; device += 1) {
    const habit = fleet.classes[fleet.classOf[device] ?? 0];
    if (habit === undefined || fleet.offline[device] === 1) continue;
    const gapMs = HOUR_MS / (settings.requestsPerHour * habit.trafficFactor);
    const failure = Math.min(1, settings.errorRatio * habit.errorFactor);
    let requests = 0;
    let failed = 0;
    for (let at = exponential(gapMs); at < durationMs; at += exponential(gapMs)) {
      requests += 1;
      const time = settings.latency.medianMs * Math.exp(settings.latency.sigma * normal());
      if (time > SLOW_MS) totals.slow += 1;
      if (random() < failure) failed += 1;
      else totals.quality += settings.quality.mean + settings.quality.deviation * normal();
    }
    const crashed = exponential(HOUR_MS / settings.crashesPerHour) < durationMs;
    totals.requests += requests;
    totals.failed += failed;
    totals.devicesWithFailures += failed > 0 ? 1 : 0;
    totals.crashedDevices += crashed ? 1 : 0;
    totals.activeDevices += requests > 0 || crashed ? 1 : 0;
  }
  return totals;
}

// Not the generator of the world under test, so that a flaw of that one can not hide.
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
