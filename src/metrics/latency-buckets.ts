/** How many requests were slower than a limit, from a histogram. Pure. */
import type { Counts } from '../core/evidence.ts';
import type { DurationMs } from '../core/units.ts';
import type { HealthArm, LatencyBucket } from './health-answer.ts';

/**
 * Returns the requests of an arm that took longer than `limitMs`, of all its requests.
 *
 * `none` where no histogram is told; otherwise what `slowerIn` returns.
 */
export function slowerThan(
  arm: HealthArm,
  limitMs: DurationMs,
): Counts | { readonly kind: 'none' | 'error'; readonly why: string } {
  const buckets = arm.latency?.buckets ?? null;
  if (buckets === null || buckets.length === 0) {
    return { kind: 'none', why: `versions[${arm.index}].latency_ms: not told for version ${arm.version}` };
  }
  const slower = slowerIn(buckets, limitMs);
  return 'kind' in slower ? slower : { ...slower, devices: arm.devices.active, devicesWithEvents: null };
}

/**
 * Returns the requests of a cumulative histogram that took longer than `limitMs`, of all its requests.
 *
 * Within the bucket that straddles the limit, requests are taken to be spread evenly (linear interpolation,
 * as Prometheus does), so the result is a real number. Above the largest bound nothing is known: a limit
 * there is an `error`, unless no request took that long.
 */
export function slowerIn(
  buckets: readonly LatencyBucket[],
  limitMs: DurationMs,
): Pick<Counts, 'events' | 'trials'> | { readonly kind: 'error'; readonly why: string } {
  const total = buckets.at(-1)?.count ?? 0;
  const upper = buckets.findIndex((bucket) => bucket.leMs >= limitMs);
  const bound = buckets[upper];
  const below = buckets[upper - 1] ?? { leMs: 0, count: 0 };
  if (bound === undefined)
    return { kind: 'error', why: `a latency limit of ${limitMs} ms cannot be compared` };
  if (bound.leMs === Number.POSITIVE_INFINITY && bound.count > below.count) {
    return {
      kind: 'error',
      why: `the largest latency bucket ends at ${below.leMs} ms, below the limit of ${limitMs} ms`,
    };
  }
  return { events: Math.max(0, total - atMost(limitMs, below, bound)), trials: total };
}

function atMost(limitMs: DurationMs, below: LatencyBucket, bound: LatencyBucket): number {
  if (bound.leMs === Number.POSITIVE_INFINITY || bound.leMs === limitMs) return bound.count;
  const share = (limitMs - below.leMs) / (bound.leMs - below.leMs);
  return below.count + share * (bound.count - below.count);
}
