/** The one primitive of every gate: how strongly counts speak for a rate above, or below, a given one. Pure. */
import type { Ratio } from '../units.ts';

/** Counts of one stratum, events and trials as real numbers at or above 0, and the rate that is doubted. */
export interface Stratum {
  readonly events: number;
  readonly trials: number;
  /** The rate under the hypothesis that nothing is wrong, 0 to 1. */
  readonly rate: Ratio;
  /** True when the stratum may speak against the hypothesis only as far as it speaks for it: never above 0. */
  readonly capped?: boolean;
}

/** Which way the evidence is sought: 1 for a rate above the stratum's, -1 for one below. */
export type Direction = 1 | -1;

// The log odds ratios that the evidence is averaged over, from "barely worse" to "24 times the odds".
const LOG_ODDS_RATIOS = [0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2] as const;
const LOG_WEIGHTS = [0.02, 0.03, 0.05, 0.1, 0.2, 0.25, 0.2, 0.15].map(Math.log);
const UPWARD = LOG_ODDS_RATIOS.map(Math.expm1);
const DOWNWARD = LOG_ODDS_RATIOS.map((a) => Math.expm1(-a));

/**
 * Returns the natural logarithm of the evidence (e-value) that the strata's true rates are beyond their `rate`.
 *
 * The average, over a grid of odds ratios e^a, of the likelihood ratio of "the odds are e^a times those of
 * `rate`"; strata multiply for each a. 0 for no trials at all. Under the hypothesis that every true rate is at
 * most `rate` (at least, for -1), the evidence ever reaches 1/alpha with probability at most alpha, however
 * often one looks. Finite for up to 1e9 trials, because only logarithms are added. Never throws.
 *
 * Sources: Ville, "Etude critique de la notion de collectif" (1939); Robbins, "Statistical methods related to
 * the law of the iterated logarithm", Ann. Math. Stat. 41 (1970), for the mixture; Lindon and Malek,
 * "Anytime-valid inference for multinomial count data", NeurIPS 2022, for counts of several versions.
 */
export function logE(direction: Direction, strata: readonly Stratum[]): number {
  const growths = direction === 1 ? UPWARD : DOWNWARD;
  const logs = LOG_WEIGHTS.slice();
  for (const { events, trials, rate, capped } of strata) {
    if (!(trials > 0)) continue;
    const most = capped === true ? 0 : Number.POSITIVE_INFINITY;
    for (let j = 0; j < logs.length; j += 1) {
      const a = direction * (LOG_ODDS_RATIOS[j] ?? 0);
      const gain = a * events - trials * Math.log1p(rate * (growths[j] ?? 0));
      logs[j] = (logs[j] ?? 0) + Math.min(most, gain);
    }
  }
  return logSumExp(logs);
}

/** Returns ln of the sum of the exponentials; the largest is taken off first, so nothing overflows. -Infinity for none. */
export function logSumExp(logs: readonly number[]): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const log of logs) largest = Math.max(largest, log);
  if (!Number.isFinite(largest)) return largest;
  let sum = 0;
  for (const log of logs) sum += Math.exp(log - largest);
  return largest + Math.log(sum);
}
