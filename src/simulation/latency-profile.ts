/** How long requests take: a log-normal time, cut into the buckets that health is reported in. Pure. */
import type { DurationMs, Ratio } from '../core/units.ts';

/** Upper edges of the latency buckets; the last bucket has none. */
export const LATENCY_EDGES_MS = [25, 50, 100, 250, 500, 1_000, 2_500, null] as const;

/** The distribution of one request's time. */
export interface LatencyProfile {
  readonly medianMs: DurationMs;
  /** Standard deviation of the time's natural logarithm. */
  readonly sigma: number;
}

/**
 * Returns the probability of each bucket of `LATENCY_EDGES_MS`, in order; together they are 1.
 *
 * Not cumulative: a request is in the bucket of the smallest edge that is not below its time.
 */
export function bucketRatios({ medianMs, sigma }: LatencyProfile): readonly Ratio[] {
  const cumulative = LATENCY_EDGES_MS.map((edge) =>
    edge === null ? 1 : normalShareBelow(Math.log(edge / medianMs) / sigma),
  );
  return cumulative.map((share, index) => share - (cumulative[index - 1] ?? 0));
}

/**
 * Returns the share of a standard normal population below z.
 *
 * Absolute error below 7.5e-8. Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17.
 */
export function normalShareBelow(z: number): Ratio {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const above = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return z < 0 ? above : 1 - above;
}
