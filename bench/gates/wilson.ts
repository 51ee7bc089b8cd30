/** The uncertainty of a share. Pure. */
import type { Ratio } from '../../src/core/units.ts';

// The upper 2.5% point of the normal distribution: an interval of 95%.
const Z_95 = 1.959964;

/**
 * Returns Wilson's 95% interval of a share, `hits` of `runs`; 0 to 1 without a run.
 *
 * Source: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
 */
export function wilsonInterval(hits: number, runs: number): { readonly lower: Ratio; readonly upper: Ratio } {
  if (runs === 0) return { lower: 0, upper: 1 };
  const share = hits / runs;
  const square = Z_95 ** 2;
  const middle = (share + square / (2 * runs)) / (1 + square / runs);
  const width =
    (Z_95 / (1 + square / runs)) * Math.sqrt((share * (1 - share)) / runs + square / (4 * runs ** 2));
  return { lower: Math.max(0, middle - width), upper: Math.min(1, middle + width) };
}

/** Returns the value below which a share of the sorted values lies, by the nearest rank; null without values. */
export function quantile(sorted: readonly number[], share: Ratio): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
