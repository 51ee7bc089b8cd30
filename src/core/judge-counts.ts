/**
 * Counted evidence against a limit: the one place that turns events and trials into a verdict. Pure.
 *
 * The rule is a threshold after a minimum number of trials, earlier only for what chance hardly explains. It is deliberately alone in this file: whatever
 * judges counts, with whatever statistics, has this signature.
 */
import type { Counts, Verdict } from './evidence.ts';
import type { MinSamples } from './plan.ts';
import type { Ratio } from './units.ts';

/** What the counts are: single requests, or the stage's own devices, of which there are only so many. */
export type Unit = 'requests' | 'devices';

/** A verdict on counts, with the number of trials that a pass needs. */
export interface CountsVerdict {
  readonly verdict: Verdict;
  readonly trialsNeeded: number;
}

const LEAST_CONFIDENCE = 0.95;

// Below this many events at the limit, a rate strays beyond its limit by chance too often.
const EVENTS_FOR_A_THRESHOLD = 20;

const CHANCE_OF_NO_HARM = 0.01;

// No number of clean trials excludes every rate above zero.
const LEAST_LIMIT: Ratio = 1e-6;

/**
 * Returns the number of clean trials that excludes a rate above `maxRatio` with 95% confidence.
 *
 * The smallest n with (1 − maxRatio)^n ≤ 0.05: 59 for 5%, 299 for 1%; 1 for a limit of 100%.
 * Source: the exact form of the "rule of three" (Hanley and Lippman-Hand, JAMA 1983).
 */
export function trialsToExclude(maxRatio: Ratio): number {
  if (maxRatio >= 1) return 1;
  return Math.ceil(Math.log(1 - LEAST_CONFIDENCE) / Math.log1p(-maxRatio));
}

/** Returns whether `a` is more than `b` by more than the rounding of a product of doubles: 29 is not more than 0.29 × 100. */
export function exceeds(a: number, b: number): boolean {
  return a - b > 1e-9 * Math.max(1, Math.abs(b));
}

/** Returns whether counts are possible at all: finite, not negative, no more events than trials. */
export function areCountsSane(counts: Counts): boolean {
  const { events, trials, devices, devicesWithEvents } = counts;
  const numbers = [events, trials, devices ?? 0, devicesWithEvents ?? 0];
  return numbers.every((n) => Number.isFinite(n) && n >= 0) && events <= trials;
}

/**
 * Returns an upper bound of the chance to see at least `events` of `trials` when the true rate is the limit.
 *
 * exp(−n·KL(k/n ‖ limit)), for a rate above the limit; valid for independent trials and one look.
 * Source: Hoeffding, JASA 1963, theorem 1.
 */
export function chanceAtLimit(events: number, trials: number, limit: Ratio): number {
  const rate = events / trials;
  if (!(rate > limit) || limit >= 1) return 1;
  const hits = rate * Math.log(rate / limit);
  const misses = rate >= 1 ? 0 : (1 - rate) * Math.log((1 - rate) / (1 - limit));
  return Math.exp(-trials * (hits + misses));
}

/**
 * Returns the verdict on `counts` against "at most `maxRatio` of the trials".
 *
 * `fail` when there are more events than the limit allows in the larger of the trials seen and the minimum;
 * and, until 20 events would be allowed, only when chance explains them in less than one case of a hundred.
 * With a `min_samples` of the author's, the plain threshold holds from there on.
 * `pass` when the minimum is reached and the rate is within the limit. Between the two: `inconclusive`.
 * Zero trials are `no_data`; impossible numbers are `error`. With `auto`, the minimum is
 * `trialsToExclude(maxRatio)`; devices pass on as many as there are, because a stage has no more of them.
 */
export function judgeCounts(
  counts: Counts,
  maxRatio: Ratio,
  rule: { readonly minSamples: MinSamples; readonly unit: Unit },
): CountsVerdict {
  const limit = Math.max(maxRatio, LEAST_LIMIT);
  const auto = rule.minSamples === 'auto';
  const minimum = rule.minSamples === 'auto' ? trialsToExclude(limit) : rule.minSamples;
  const trialsNeeded = auto && rule.unit === 'devices' ? 1 : Math.max(1, minimum);
  if (!areCountsSane(counts)) return { verdict: 'error', trialsNeeded };
  const { events, trials } = counts;
  if (trials === 0) return { verdict: 'no_data', trialsNeeded };
  const plainFrom = auto ? EVENTS_FOR_A_THRESHOLD / limit : minimum;
  const above = exceeds(events, limit * Math.max(trials, minimum));
  if (above && (trials >= plainFrom || chanceAtLimit(events, trials, limit) < CHANCE_OF_NO_HARM)) {
    return { verdict: 'fail', trialsNeeded };
  }
  const passes = trials >= trialsNeeded && !exceeds(events, limit * trials);
  return { verdict: passes ? 'pass' : 'inconclusive', trialsNeeded };
}
