/** Evidence averaged over the stage in which a fault may have begun. Pure. */
import { logE, logSumExp, type Stratum } from './log-e.ts';

/**
 * Returns the logarithm of the evidence for a rate above the strata's, begun in any one of them.
 *
 * The evidence of stages q to now, weighted by 2^-(q+1) for q from 0. Without it, hours of health in earlier
 * stages would have to be outweighed before a new fault counts. 0 or more than the truth is never claimed: the
 * weights sum to less than 1. Null stands for a stage that says nothing. -Infinity for no stage.
 *
 * Source: restarted evidence processes, Shin, Ramdas and Rinaldo, "E-detectors", New England J. Stat. Data
 * Sci. 2 (2024).
 */
export function logEFromAnyStage(strata: readonly (Stratum | null)[]): number {
  return logSumExp(
    strata.map((_, start) => {
      const from = strata.slice(start).filter((stratum) => stratum !== null);
      return logE(1, from) - (start + 1) * Math.LN2;
    }),
  );
}
