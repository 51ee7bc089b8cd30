/** Does the candidate's rate exceed its limit? Pure. */
import type { Ratio } from '../units.ts';
import { isCandidateToBlame } from './baseline-stratum.ts';
import type { EffectiveStage } from './effective-counts.ts';
import { logE, type Stratum } from './log-e.ts';
import { logEFromAnyStage } from './start-stage.ts';

// No number of trials excludes every rate above zero.
const LEAST_LIMIT: Ratio = 1e-6;

/** A limit and when a stage with a baseline speaks for harm: only where the candidate is to blame. */
export interface LimitQuestion {
  readonly limit: Ratio;
  /**
   * Logarithm of the odds at which the candidate is to blame, because an incident of the whole fleet is not its
   * own; null when even that is a reason to wait.
   */
  readonly logBlame: number | null;
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

function limitStratum(stage: EffectiveStage, { limit, logBlame }: LimitQuestion): Stratum {
  const capped = logBlame !== null && !isCandidateToBlame(stage, logBlame);
  const { events, trials } = stage.candidate;
  return { events, trials, rate: testableLimit(limit), capped };
}
