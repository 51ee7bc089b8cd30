/** The share of requests slower than a limit, from three percentiles. Pure. */
import type { DurationMs, Ratio } from '../units.ts';

/** Percentiles of a version's latency: half, a twentieth and a hundredth of the requests take longer. */
export interface LatencyPercentiles {
  readonly p50Ms: DurationMs;
  readonly p95Ms: DurationMs;
  readonly p99Ms: DurationMs;
}

/**
 * The share of requests slower than a limit: `interpolated` between percentiles (or equal to one), or only a
 * bound of it. A bound proves nothing in its open direction.
 */
export type SlowShare =
  | { readonly kind: 'interpolated' | 'at_least' | 'at_most'; readonly share: Ratio }
  | { readonly kind: 'error'; readonly why: string };

/**
 * Returns the share of requests that take longer than `limitMs`.
 *
 * Between two percentiles, the logarithm of the share is linear in the logarithm of the latency (a piece of a
 * power law). For a log-normal latency that is at most 5.1% of the share too small between p95 and p99,
 * whatever its spread. Outside, the shape is unknown and nothing is extrapolated: below p50 it is at least
 * 0.5, so harm is never overstated; above p99 at most 0.01, so safety is never overstated. Equal percentiles
 * are a step: a limit on it has the smallest share of the equal ones, because so many are not slower. A
 * percentile of 0 (rounded) has no logarithm: below the next one the share is at least that one's.
 * `error` when a percentile is negative, not finite or below a lower one, or the limit is not above 0. Never throws.
 */
export function shareSlowerThan(limitMs: DurationMs, percentiles: LatencyPercentiles): SlowShare {
  const { p50Ms, p95Ms, p99Ms } = percentiles;
  if (!(p50Ms >= 0 && p95Ms >= p50Ms && p99Ms >= p95Ms && Number.isFinite(p99Ms))) {
    return {
      kind: 'error',
      why: `latency percentiles p50 ${p50Ms} ms, p95 ${p95Ms} ms, p99 ${p99Ms} ms: expected them ascending from 0; check that all three are of one version and window`,
    };
  }
  if (!(limitMs > 0 && Number.isFinite(limitMs))) {
    return { kind: 'error', why: `a latency limit of ${limitMs} ms: expected a finite number above 0` };
  }
  const points = [
    { ms: p50Ms, share: 0.5 },
    { ms: p95Ms, share: 0.05 },
    { ms: p99Ms, share: 0.01 },
  ];
  const below = points.findLast(({ ms }) => ms <= limitMs);
  const above = points.find(({ ms }) => ms > limitMs);
  if (below === undefined) return { kind: 'at_least', share: 0.5 };
  if (below.ms === limitMs) return { kind: 'interpolated', share: below.share };
  if (above === undefined) return { kind: 'at_most', share: below.share };
  if (below.ms === 0) return { kind: 'at_least', share: above.share };
  const way = Math.log(limitMs / below.ms) / Math.log(above.ms / below.ms);
  return { kind: 'interpolated', share: below.share * (above.share / below.share) ** way };
}
