/** A gate on counts: what its evidence, and that of all gates together, says about it. Pure. */
import type { GateVerdict, Reading, Verdict } from './evidence.ts';
import { type Unit, unitOfGate } from './gate-question.ts';
import type { Stage } from './plan.ts';
import {
  type Finding,
  type GateInContext,
  type SentenceParts,
  sentenceOfCounts,
} from './sentence-of-counts.ts';
import { meanBounds } from './statistics/bounded-mean.ts';
import { rateBounds, ratioBounds } from './statistics/bounds.ts';
import { cleanTrialsToProve } from './statistics/clean-trials.ts';
import { deviceLevel, effectiveStage, isComparable } from './statistics/effective-counts.ts';
import type { GateSeries } from './statistics/gate-series.ts';
import { LOG_PROOF, safetyEvidence } from './statistics/proven-safe.ts';
import { LOG_HARM, LOG_HOLD } from './statistics/thresholds.ts';
import type { GateEvidence } from './statistics/weigh.ts';
import type { EpochMs, Percent, Ratio } from './units.ts';
import { areBothSane, type CountedEvidence, objectionTo } from './usable-evidence.ts';
import { countedNumbers, verdictWithoutCounts } from './verdict.ts';

/** Where and when counts are judged. */
export interface CountsAt {
  readonly stage: Stage;
  readonly now: EpochMs;
  /** Evidence from before this time never passes the stage. */
  readonly passesFrom: EpochMs;
  readonly nextShare: Ratio;
  /** The percentage that is served; from 100% on no other version is left. */
  readonly percentage: Percent;
}

// Both sides together leave 5%.
const INTERVAL_ALPHA: Ratio = 0.025;

/** Returns the verdict on a reading of a gate that is a question of chance, with its numbers and a sentence. */
export function judgeCounts(reading: Reading, at: CountsAt, context: GateInContext): GateVerdict {
  const { evidence } = reading;
  if (evidence.kind !== 'counts') return verdictWithoutCounts(reading);
  const trialsNeeded = trialsNeededBy(context.series, at.stage, unitOfGate(reading.gate));
  const numbers = { ...countedNumbers(reading, evidence), trialsNeeded };
  const parts = { reading, evidence, context, trialsNeeded, nextShare: at.nextShare };
  const unusable = unusableFinding(evidence, at.now);
  if (unusable !== null) {
    return { ...numbers, verdict: VERDICT_OF[unusable.kind], sentence: sentenceOfCounts(parts, unusable) };
  }
  const finding = findingOf(parts, at);
  const { limit, baseline } = context.evidence;
  const weighed = {
    ...numbers,
    interval: intervalOf(parts),
    ratio: ratioOf(parts),
    level: deviceLevel(evidence, context.series.clustering),
    evidence: { limit, baseline },
  };
  return {
    ...weighed,
    verdict: VERDICT_OF[finding.kind],
    sentence: sentenceOfCounts({ ...parts, numbers: weighed }, finding),
  };
}

/** Returns the stronger evidence of harm of a gate's two questions. */
export function strongestOf({ limit, baseline }: Pick<GateEvidence, 'limit' | 'baseline'>): number {
  return Math.max(limit ?? Number.NEGATIVE_INFINITY, baseline ?? Number.NEGATIVE_INFINITY);
}

/** Returns the same, whether or not the candidate is to blame. */
export function suspicionOf({ limitUnblamed, baseline }: GateEvidence): number {
  return strongestOf({ limit: limitUnblamed, baseline });
}

const VERDICT_OF: Readonly<Record<Finding['kind'], Verdict>> = {
  harm: 'fail',
  leaning: 'inconclusive',
  few_trials: 'inconclusive',
  from_before: 'inconclusive',
  unproven: 'inconclusive',
  pass: 'pass',
  no_data: 'no_data',
  not_applicable: 'not_applicable',
  error: 'error',
};

function unusableFinding(evidence: CountedEvidence, now: EpochMs): Finding | null {
  if (!areBothSane(evidence)) return { kind: 'error', why: 'impossible numbers' };
  if (!(evidence.candidate.trials > 0)) return { kind: 'no_data', why: 'nothing measured' };
  const objection = objectionTo(evidence.covered, now);
  return objection === null ? null : { kind: 'no_data', why: objection.why };
}

function findingOf(parts: SentenceParts, at: CountsAt): Finding {
  const { context, evidence, trialsNeeded, reading } = parts;
  if (doesHarm(parts)) return { kind: 'harm' };
  if (isLeaning(parts)) return { kind: 'leaning' };
  if (context.series.limit === null && !isComparable(evidence)) return uncompared(at);
  if (evidence.candidate.trials < trialsNeeded) return { kind: 'few_trials' };
  if (evidence.covered.from < at.passesFrom) return { kind: 'from_before' };
  const mustProve = at.stage.passWhen === 'proven' && reading.gate.severity !== 'warn';
  if (mustProve && safetyEvidence(context.series, at.nextShare) < LOG_PROOF) return { kind: 'unproven' };
  return { kind: 'pass' };
}

function uncompared({ percentage }: CountsAt): Finding {
  return percentage >= 100
    ? { kind: 'not_applicable', why: 'no other version serves that it could be compared with' }
    : { kind: 'no_data', why: 'the previous version sent too little that it could be compared with' };
}

function doesHarm({ context, reading }: SentenceParts): boolean {
  const own = strongestOf(context.evidence);
  if (reading.gate.severity !== 'critical') return own >= LOG_HOLD;
  const isProven = context.odds !== null && context.odds.logOdds >= LOG_HARM;
  return isProven && (context.isCause || own >= LOG_HARM);
}

function isLeaning({ context, reading }: SentenceParts): boolean {
  const own = suspicionOf(context.evidence);
  if (reading.gate.severity !== 'critical' || context.odds === null) return own >= LOG_HOLD;
  const { logOdds, logOddsUnblamed } = context.odds;
  return Math.max(logOdds, logOddsUnblamed) >= LOG_HOLD && (context.isSuspect || own >= LOG_HOLD);
}

/** One trial where the stage soaks anyway; without a soak as many as prove the limit, of requests. */
function trialsNeededBy(series: GateSeries, stage: Stage, unit: Unit): number {
  if (stage.minSamples !== 'auto') return Math.max(1, stage.minSamples);
  if (stage.soakMs > 0 || unit === 'devices' || series.limit === null) return 1;
  return cleanTrialsToProve(series.limit);
}

function intervalOf({ reading, evidence, context }: SentenceParts): GateVerdict['interval'] {
  const { candidate } = effectiveStage(evidence, context.series);
  if (reading.gate.kind !== 'quality') return rateBounds(candidate, INTERVAL_ALPHA);
  return meanBounds(candidate.trials - candidate.events, candidate.trials, INTERVAL_ALPHA);
}

function ratioOf({ evidence, context }: SentenceParts): GateVerdict['ratio'] {
  const { candidate, baseline } = effectiveStage(evidence, context.series);
  if (context.series.tolerance === null || baseline === null) return null;
  const compared = {
    candidateEvents: candidate.events,
    candidateTrials: candidate.trials,
    baselineEvents: baseline.events,
    baselineTrials: baseline.trials,
  };
  return ratioBounds([compared], INTERVAL_ALPHA);
}
