/** Candidate and baseline of one stage as one stratum: whose are the events, given how many there are? Pure. */
import type { EffectiveStage } from './effective-counts.ts';
import { logE, type Stratum } from './log-e.ts';

/**
 * Returns the stratum that asks whether the candidate's events are more than its share of the traffic, or null
 * where there is no baseline.
 *
 * Given the total of the events, each is the candidate's with probability tolerance·n1/(tolerance·n1 + n0). So
 * whatever moves both versions alike cancels out.
 *
 * Source: Lindon and Malek, "Anytime-valid inference for multinomial count data", NeurIPS 2022.
 */
export function baselineStratum(
  { candidate, baseline }: Pick<EffectiveStage, 'candidate' | 'baseline'>,
  tolerance: number,
): Stratum | null {
  if (baseline === null || !(candidate.trials > 0)) return null;
  const share = tolerance * candidate.trials;
  return {
    events: candidate.events,
    trials: candidate.events + baseline.events,
    rate: share / (share + baseline.trials),
  };
}

/** Odds of 10:1, as a logarithm, that the candidate is to blame rather than the whole fleet. */
export const LOG_BLAME = Math.log(10);

/**
 * Returns whether a stage's own comparison blames the candidate at these odds; true without a baseline, and with
 * one that has so little traffic that it could not clear the candidate either.
 */
export function isCandidateToBlame(stage: EffectiveStage, logBlame: number): boolean {
  if (!stage.isComparable) return true;
  const stratum = baselineStratum(stage, 1);
  return stratum !== null && logE(1, [stratum]) >= logBlame;
}
