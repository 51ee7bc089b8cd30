/** A mean of values in 0..1, known by its sum and count alone, in the form that the tests of counts take. Pure. */
import type { Ratio } from '../units.ts';
import { type Bounds, rateBounds } from './bounds.ts';

/** How far values fell short of 1, as counts: `events` is the sum of 1 − value, `trials` the number of values. */
export type Badness =
  | { readonly kind: 'counts'; readonly events: number; readonly trials: number }
  | { readonly kind: 'error'; readonly why: string };

// What adding doubles, or multiplying a mean by its count, may add; more is a wrong scale.
const ROUNDING = 1e-9;

/**
 * Returns what a sum of `count` values in 0..1 lacks to all of them being 1, as events of trials.
 *
 * "The mean is below `min`" is tested as "the rate of events is above 1 − min" by `logE(1, ...)`, although the
 * events are fractions: e^(a·y) <= 1 + y·(e^a − 1) for y in 0..1, because the exponential is convex, so each
 * term of `logE` is at most the capital of a bettor who stakes (e^a − 1)/(1 + rate·(e^a − 1)) on every value.
 * That capital is a martingale at worst, so the promise of `logE` holds for means, needing their sum only, as
 * long as each value is expected to be at least `min` given those before it. The price is power: values that
 * spread less than 0 and 1 do are judged as if they spread as much.
 *
 * `error` when a number is not finite, negative, or the sum is more than the count; a billionth of the count is
 * rounding and is taken off. Never throws.
 *
 * Sources: Hoeffding, "Probability inequalities for sums of bounded random variables", JASA 58 (1963), proof of
 * theorem 1, for the inequality; Waudby-Smith and Ramdas, "Estimating means of bounded random variables by
 * betting", JRSS-B 86 (2024), for the capital.
 */
export function badnessOf(sum: number, count: number): Badness {
  if (!Number.isFinite(count) || count < 0) {
    return { kind: 'error', why: `a mean of ${count} values: expected a number of values of at least 0` };
  }
  const slack = ROUNDING * count;
  if (!(sum >= -slack && sum <= count + slack)) {
    return {
      kind: 'error',
      why: `a sum of ${sum} over ${count} values: values of 0 to 1 add up to between 0 and ${count}; give them as ratios, not as percent`,
    };
  }
  return { kind: 'counts', events: Math.min(count, Math.max(0, count - sum)), trials: count };
}

/**
 * Returns the means that the values do not contradict: a confidence sequence; 0 to 1 without values.
 *
 * The true mean is outside at any time with probability at most 2·alpha, `alpha` being above 0 and below 1.
 * It inverts the test of `badnessOf` in both directions, and like that test's grid it tells no odds apart that
 * differ by less than 1.2%, however many the values. Null for a sum and count that are impossible.
 */
export function meanBounds(sum: number, count: number, alpha: Ratio): Bounds | null {
  const badness = badnessOf(sum, count);
  if (badness.kind === 'error') return null;
  const { lower, upper } = rateBounds(badness, alpha);
  return { lower: 1 - upper, upper: 1 - lower };
}
