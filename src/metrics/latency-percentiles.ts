/** The share of requests slower than a limit, from whichever percentiles an arm tells. Pure. */
import { shareSlowerThan } from '../core/statistics/percentile-share.ts';
import type { DurationMs, Ratio } from '../core/units.ts';
import type { ArmLatency } from './health-answer.ts';

/** One percentile: all but `slowRatio` of the requests took at most `ms`. */
export interface ToldPercentile {
  readonly slowRatio: Ratio;
  readonly ms: DurationMs;
}

// 1 - 0.95 is a little more than 0.05.
const ROUNDING = 1e-9;

/** Returns the percentiles that are told, fastest first. One of 0 ms was rounded away and says nothing. */
export function toldPercentiles({ p50Ms, p95Ms, p99Ms }: ArmLatency): readonly ToldPercentile[] {
  const all = [
    { slowRatio: 0.5, ms: p50Ms },
    { slowRatio: 0.05, ms: p95Ms },
    { slowRatio: 0.01, ms: p99Ms },
  ];
  return all.flatMap(({ slowRatio, ms }) => (ms === null || ms === 0 ? [] : [{ slowRatio, ms }]));
}

/** Returns the told percentile with exactly this share of slower requests, or null. */
export function percentileNamed(told: readonly ToldPercentile[], slowRatio: Ratio): DurationMs | null {
  return told.find((each) => Math.abs(each.slowRatio - slowRatio) < ROUNDING)?.ms ?? null;
}

/**
 * Returns whether a share from these percentiles can be held against `maxRatio`: one is told on either side of it.
 *
 * Beyond the told ones a share is only bounded, from the side of the told ones. Without one above `maxRatio`, harm
 * would never show; without one at or below it, health could be taken for harm. It depends on what is told and
 * not on the values, so that a source answers a gate the same way at every look.
 */
export function canBeCounted(told: readonly ToldPercentile[], maxRatio: Ratio): boolean {
  return (
    told.some(({ slowRatio }) => slowRatio > maxRatio + ROUNDING) &&
    told.some(({ slowRatio }) => slowRatio <= maxRatio + ROUNDING)
  );
}

/**
 * Returns the share of requests slower than `limitMs`, at least that of the slowest told percentile and at most
 * that of the fastest one; null for fewer than two percentiles or a limit that is not above 0.
 */
export function slowShare(limitMs: DurationMs, told: readonly ToldPercentile[]): Ratio | null {
  const fastest = told[0];
  const slowest = told.at(-1);
  if (fastest === undefined || slowest === undefined || told.length < 2 || !(limitMs > 0)) return null;
  if (limitMs < fastest.ms) return fastest.slowRatio;
  if (limitMs >= slowest.ms) return slowest.slowRatio;
  const p50Ms = percentileNamed(told, 0.5) ?? fastest.ms;
  const p99Ms = percentileNamed(told, 0.01) ?? slowest.ms;
  const p95Ms = percentileNamed(told, 0.05) ?? between(p50Ms, p99Ms);
  const slow = shareSlowerThan(limitMs, { p50Ms, p95Ms, p99Ms });
  return slow.kind === 'error' ? null : slow.share;
}

/** The p95 on the line from p50 to p99, so that leaving it out changes nothing. */
function between(p50Ms: DurationMs, p99Ms: DurationMs): DurationMs {
  const way = Math.log(0.05 / 0.5) / Math.log(0.01 / 0.5);
  return p50Ms * (p99Ms / p50Ms) ** way;
}
