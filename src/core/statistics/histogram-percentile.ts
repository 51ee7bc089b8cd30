/** A percentile of the latency, from a histogram. Pure. */
import type { DurationMs, Ratio } from '../units.ts';

/** How many requests took at most `leMs`, those of all smaller buckets included. */
export interface CumulativeBucket {
  readonly leMs: DurationMs;
  readonly count: number;
}

// A product of two doubles may miss a whole count by less: 0.07 of 100 requests is a little more than 7.
const ROUNDING = 1e-12;

/**
 * Returns the latency that a share `quantile` (above 0, at most 1) of the requests does not exceed.
 *
 * The buckets ascend and the last bound is Infinity. Within a bucket, requests are taken to be spread evenly,
 * and the first one begins at 0, as in Prometheus' `histogram_quantile`. Null when there are no requests, when
 * the percentile lies in the last, open bucket (Prometheus gives that bucket's lower bound, which is too small
 * to be a limit), or when the quantile or the histogram is malformed: bounds or counts that are negative, not
 * numbers or out of order. Never throws.
 *
 * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function latencyAtQuantile(buckets: readonly CumulativeBucket[], quantile: Ratio): DurationMs | null {
  const total = buckets.at(-1)?.count ?? 0;
  if (!(quantile > 0 && quantile <= 1) || !isCumulative(buckets) || total === 0) return null;
  const rank = quantile * total;
  const at = buckets.findIndex(({ count }) => count >= rank * (1 - ROUNDING));
  const bucket = buckets[at];
  if (bucket === undefined || bucket.leMs === Number.POSITIVE_INFINITY) return null;
  const below = buckets[at - 1] ?? { leMs: 0, count: 0 };
  const way = Math.min(1, (rank - below.count) / (bucket.count - below.count));
  return below.leMs + way * (bucket.leMs - below.leMs);
}

function isCumulative(buckets: readonly CumulativeBucket[]): boolean {
  if (buckets.at(-1)?.leMs !== Number.POSITIVE_INFINITY) return false;
  return buckets.every(({ leMs, count }, index) => {
    const before = buckets[index - 1];
    const ascends = before === undefined ? leMs >= 0 : leMs > before.leMs;
    return ascends && Number.isFinite(count) && count >= (before?.count ?? 0);
  });
}
