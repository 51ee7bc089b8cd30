/** The devices of a cell: how much each asks, how often it fails and how slow it is. Pure. */
import { createRandom } from '../../src/simulation/random-source.ts';
import { drawGamma, drawLogNormal, drawNormal } from './draw-spread.ts';

/** One number per device in each array. */
export interface Fleet {
  readonly size: number;
  /** Traffic relative to the average device. */
  readonly traffic: Float64Array;
  /** Error rate relative to the average device. */
  readonly errors: Float64Array;
  readonly crashes: Float64Array;
  /** Logarithm of the device's median latency relative to the average device. */
  readonly slowness: Float64Array;
  /** Standard deviation of `slowness`. */
  readonly slownessSpread: number;
}

// Traffic varies half as much as error rates do.
const TRAFFIC_PART = 0.5;
// With requests that vary by half (log), a quarter makes the share of slow requests vary about as errors do.
const SLOWNESS_PART = 0.25;

/** Returns a fleet whose devices' rates have the coefficient of variation `spread`; the same for the same keys. */
export function createFleet(
  { size, spread }: { readonly size: number; readonly spread: number },
  keys: readonly number[],
): Fleet {
  const random = createRandom(keys);
  const each = (draw: () => number): Float64Array => new Float64Array(size).map(draw);
  const slownessSpread = SLOWNESS_PART * spread;
  return {
    size,
    traffic: each(() => drawLogNormal(TRAFFIC_PART * spread, random)),
    errors: each(() => drawGamma(spread, random)),
    crashes: each(() => drawGamma(spread, random)),
    slowness: each(() => (slownessSpread === 0 ? 0 : slownessSpread * drawNormal(random))),
    slownessSpread,
  };
}
