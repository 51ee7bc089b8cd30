/** One gate and what was measured for it, turned into a verdict with a sentence. Pure and total. */
import {
  type Counts,
  type Evidence,
  type GateVerdict,
  type Reading,
  VERDICTS,
  type Verdict,
} from './evidence.ts';
import { formatCount, formatDuration, formatRatio } from './format.ts';
import { areCountsSane, type CountsVerdict, exceeds, judgeCounts, type Unit } from './judge-counts.ts';
import type { AdoptionGate, Gate, LatencyGate, RateGate, Stage } from './plan.ts';
import { type DurationMs, type EpochMs, MINUTE_MS } from './units.ts';

/**
 * Evidence that ends longer ago than this says nothing about now: it is `no_data` instead of a pass.
 *
 * Ten minutes is twice the vendor's default heartbeat, so an ordinary delay of telemetry is not stale.
 */
export const MAX_EVIDENCE_AGE_MS: DurationMs = 10 * MINUTE_MS;

// A source's clock may run a little ahead of the API's.
const MAX_CLOCK_LEAD_MS: DurationMs = MINUTE_MS;

/** When and where a reading is judged. */
export interface Judging {
  readonly stage: Stage;
  readonly stageEnteredAt: EpochMs;
  readonly now: EpochMs;
}

const NAMES: Readonly<Record<Gate['name'], string>> = {
  error_rate: 'error rate',
  crash_rate: 'crash rate',
  memory_rate: 'out-of-memory rate',
  latency_p50: 'p50 latency',
  latency_p95: 'p95 latency',
  latency_p99: 'p99 latency',
  adoption: 'adoption',
};

/** Returns what a gate is called in a sentence. */
export function nameOfGate(gate: Gate): string {
  return NAMES[gate.name];
}

/** Returns what a gate counts: requests, or devices. */
export function unitOfGate(gate: Gate): Unit {
  return gate.kind === 'latency' || gate.name === 'error_rate' ? 'requests' : 'devices';
}

/**
 * Returns the verdict on one reading.
 *
 * Never throws. Invariants: INV-1 — evidence that starts before the stage was entered can prove harm and
 * never passes; INV-2 — nothing measured, stale or impossible numbers are never a pass and never harm.
 */
export function judge(reading: Reading, at: Judging): GateVerdict {
  const { gate, evidence } = reading;
  if (at.stage.percentage === 0 && !gate.shadow) {
    return bare(reading, 'not_applicable', `${nameOfGate(gate)}: not measured on mirrored traffic`);
  }
  if (evidence.kind === 'counts') {
    return gate.kind === 'adoption'
      ? judgeAdoption({ reading, gate, evidence, at })
      : judgeLimit({ reading, gate, evidence, at });
  }
  const verdict = verdictWithoutCounts(gate, evidence.kind);
  const sentence = `${nameOfGate(gate)}: ${verdict === 'not_applicable' ? 'unavailable, ' : ''}${evidence.why}`;
  return bare(reading, verdict, sentence);
}

/** Returns the worst of several verdicts; `not_applicable` for none. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return VERDICTS[Math.max(0, ...verdicts.map((verdict) => VERDICTS.indexOf(verdict)))] ?? 'not_applicable';
}

function verdictWithoutCounts(gate: Gate, kind: 'none' | 'unavailable' | 'error'): Verdict {
  if (kind === 'none') return 'no_data';
  return kind === 'unavailable' && gate.kind === 'adoption' ? 'not_applicable' : 'error';
}

type CountedEvidence = Extract<Evidence, { kind: 'counts' }>;

interface Case<G extends Gate> {
  readonly reading: Reading;
  readonly gate: G;
  readonly evidence: CountedEvidence;
  readonly at: Judging;
}

function judgeLimit({ reading, gate, evidence, at }: Case<RateGate | LatencyGate>): GateVerdict {
  const unit = unitOfGate(gate);
  const rule = { minSamples: at.stage.minSamples, unit };
  const judged = judgeCounts(evidence.candidate, gate.maxRatio, rule);
  const { verdict, why } = withObjections(judged.verdict, evidence, at);
  const lack = verdict === judged.verdict ? missing(judged, evidence.candidate, unit) : '';
  const sentence = `${sentenceOfCounts(gate, evidence, unit)}${why}${lack}`;
  return { ...counted(reading, evidence), verdict, trialsNeeded: judged.trialsNeeded, sentence };
}

function judgeAdoption({ reading, gate, evidence, at }: Case<AdoptionGate>): GateVerdict {
  const { events, trials } = evidence.candidate;
  const { verdict, why } = withObjections(adoptionVerdict(evidence.candidate, gate), evidence, at);
  const share = trials > 0 ? formatRatio(events / trials) : 'unknown';
  const sentence = `adoption ${share} (${formatCount(events)} of ${formatCount(trials)} reachable devices), at least ${formatRatio(gate.minRatio)}${why}`;
  return { ...counted(reading, evidence), verdict, sentence };
}

function adoptionVerdict(counts: Counts, gate: AdoptionGate): Verdict {
  if (!areCountsSane(counts)) return 'error';
  if (counts.trials === 0) return 'no_data';
  return exceeds(gate.minRatio * counts.trials, counts.events) ? 'fail' : 'pass';
}

/**
 * Returns a verdict as far as its window allows it.
 *
 * A window that is stale or covers no time says nothing, good or bad (INV-2). One that begins before the
 * stage's own evidence may begin can prove harm and never passes (INV-1).
 */
function withObjections(
  verdict: Verdict,
  evidence: CountedEvidence,
  at: Judging,
): { readonly verdict: Verdict; readonly why: string } {
  const { from, to } = evidence.covered;
  if (verdict === 'error') return { verdict, why: ' — impossible numbers' };
  if (!(to > from)) return { verdict: 'no_data', why: ' — the source covered no time' };
  const ageMs = at.now - to;
  if (!(ageMs >= -MAX_CLOCK_LEAD_MS)) {
    return { verdict: 'no_data', why: ' — the source covers time that has not come' };
  }
  if (!(ageMs <= MAX_EVIDENCE_AGE_MS)) {
    return { verdict: 'no_data', why: ` — stale, measured ${formatDuration(ageMs)} ago` };
  }
  if (verdict !== 'pass' || from >= at.stageEnteredAt + at.stage.warmupMs) return { verdict, why: '' };
  return {
    verdict: 'inconclusive',
    why: ' — measured from before the stage or its warm-up, which never passes it',
  };
}

function sentenceOfCounts(gate: RateGate | LatencyGate, evidence: CountedEvidence, unit: Unit): string {
  const { events, trials, devices, devicesWithEvents } = evidence.candidate;
  const observed = trials > 0 ? formatRatio(events / trials) : 'unknown';
  const spread =
    unit === 'requests' && devices !== null && devicesWithEvents !== null
      ? `, ${formatCount(devicesWithEvents)} of ${formatCount(devices)} devices`
      : '';
  const seen = `${observed} (${formatCount(events)} of ${formatCount(trials)} ${unit}${spread})`;
  return gate.kind === 'latency'
    ? `${nameOfGate(gate)}: slower than ${formatCount(gate.maxMs)} ms ${seen}, limit ${formatRatio(gate.maxRatio)}`
    : `${nameOfGate(gate)} ${seen}, limit ${formatRatio(gate.maxRatio)}`;
}

function missing({ verdict, trialsNeeded }: CountsVerdict, counts: Counts, unit: Unit): string {
  if (verdict !== 'inconclusive') return '';
  if (counts.trials >= trialsNeeded) return ', above the limit but not proven';
  return `, about ${formatCount(Math.ceil(trialsNeeded - counts.trials))} more ${unit} needed`;
}

function counted(reading: Reading, evidence: CountedEvidence): Omit<GateVerdict, 'verdict' | 'sentence'> {
  const { candidate, baseline, covered } = evidence;
  return {
    gate: reading.gate,
    asked: reading.asked,
    covered,
    events: candidate.events,
    trials: candidate.trials,
    observed: candidate.trials > 0 ? candidate.events / candidate.trials : null,
    trialsNeeded: null,
    baselineObserved: baseline !== null && baseline.trials > 0 ? baseline.events / baseline.trials : null,
    baselineTrials: baseline?.trials ?? null,
    devices: candidate.devices,
    devicesWithEvents: candidate.devicesWithEvents,
  };
}

function bare(reading: Reading, verdict: Verdict, sentence: string): GateVerdict {
  return {
    gate: reading.gate,
    verdict,
    asked: reading.asked,
    covered: null,
    events: null,
    trials: null,
    observed: null,
    trialsNeeded: null,
    baselineObserved: null,
    baselineTrials: null,
    devices: null,
    devicesWithEvents: null,
    sentence,
  };
}
