/** Does the candidate's rate exceed its limit? Pure. */
import type { Ratio } from '../units.ts';
import { isCandidateToBlame } from './baseline-stratum.ts';
import type { EffectiveStage } from './effective-counts.ts';
import { logE, type Stratum } from './log-e.ts';
import { logEFromAnyStage } from './start-stage.ts';

// No number of trials excludes every rate above zero.
const LEAST_LIMIT: Ratio = 1e-6;

/** A limit and whether a stage with a baseline speaks for harm only where the candidate is to blame. */
export interface LimitQuestion {
  readonly limit: Ratio;
  /** An incident of the whole fleet is not the candidate's; false when even that is a reason to wait. */
  readonly blame: boolean;
}

/** Returns a limit that can be tested: at least one in a million. */
export function testableLimit(limit: Ratio): Ratio {
  return Math.max(limit, LEAST_LIMIT);
}

/** Returns the logarithm of the evidence that the candidate's rate is above the limit, begun in any stage. */
export function limitEvidence(stages: readonly EffectiveStage[], question: LimitQuestion): number {
  return logEFromAnyStage(stages.map((stage) => limitStratum(stage, question)));
}

/** Returns the same for one window alone. */
export function limitEvidenceWithin(window: EffectiveStage, question: LimitQuestion): number {
  return logE(1, [limitStratum(window, question)]);
}

function limitStratum(stage: EffectiveStage, { limit, blame }: LimitQuestion): Stratum {
  const capped = blame && !isCandidateToBlame(stage);
  return { ...stage.candidate, rate: testableLimit(limit), capped };
}
