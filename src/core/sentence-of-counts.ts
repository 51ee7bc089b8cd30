/** What a gate on counts says, in one line for a tired person. Pure. */
import type { GateVerdict, Odds, Reading } from './evidence.ts';
import { formatCount, formatDuration, formatOdds, formatRatio, formatSureness } from './format.ts';
import { nameOfGate, unitOfGate } from './gate-question.ts';
import type { Gate } from './plan.ts';
import type { GateSeries } from './statistics/gate-series.ts';
import { missingEvidence } from './statistics/missing-evidence.ts';
import type { GateEvidence } from './statistics/weigh.ts';
import type { Ratio } from './units.ts';
import type { CountedEvidence } from './usable-evidence.ts';

/** The evidence of one gate beside that of all. */
export interface GateInContext {
  readonly series: GateSeries;
  readonly evidence: GateEvidence;
  /** What all critical gates say together; null where there is none. */
  readonly odds: Odds | null;
  /** True for the critical gate with the most evidence of harm. */
  readonly isCause: boolean;
  /** True for the critical gate with the most evidence when nobody asks who is to blame. */
  readonly isSuspect: boolean;
}

/** What was found about a gate. */
export type Finding =
  | { readonly kind: 'harm' | 'leaning' | 'few_trials' | 'from_before' | 'unproven' | 'pass' }
  | { readonly kind: 'no_data' | 'not_applicable' | 'error'; readonly why: string };

/** Everything that a sentence is made of. */
export interface SentenceParts {
  readonly reading: Reading;
  readonly evidence: CountedEvidence;
  readonly context: GateInContext;
  readonly trialsNeeded: number;
  readonly nextShare: Ratio;
  /** The numbers of the verdict; absent where the evidence could not be used. */
  readonly numbers?: Pick<GateVerdict, 'interval' | 'level' | 'observed' | 'baselineObserved'>;
}

/**
 * Returns the sentence of a verdict on counts.
 *
 * What was seen with its interval, limit and baseline; how many of what, with the level at which devices are
 * known; the gate's own odds and those of all gates; and, where it is undecided, what is missing.
 */
export function sentenceOfCounts(parts: SentenceParts, finding: Finding): string {
  const { reading, context } = parts;
  const head = `${nameOfGate(reading.gate)}${observed(parts)}${demands(parts)} (${counts(parts)})`;
  if ('why' in finding) return `${head} — ${finding.why}`;
  return `${head}: ${oddsOf(context, reading.gate)}${ending(parts, finding.kind)}${unread(reading)}`;
}

function observed({ reading, evidence, numbers }: SentenceParts): string {
  const { gate } = reading;
  const { events, trials } = evidence.candidate;
  const share = trials > 0 ? events / trials : null;
  const rate = share === null ? 'unknown' : formatRatio(gate.kind === 'quality' ? 1 - share : share);
  const interval = numbers?.interval;
  const range = interval ? ` [${formatRatio(interval.lower)} to ${formatRatio(interval.upper)}]` : '';
  return `${slower(reading)} ${rate}${range}`;
}

function slower({ gate, slowerThanMs }: Reading): string {
  if (gate.kind === 'latency') return `: slower than ${formatCount(gate.maxMs)} ms`;
  if (gate.kind !== 'relative_latency') return '';
  const limit = slowerThanMs === null ? 'its limit' : `${formatCount(slowerThanMs)} ms`;
  return `: slower than ${limit}`;
}

function demands({ reading, evidence }: SentenceParts): string {
  const { gate } = reading;
  const { baseline } = evidence;
  const compares = gate.kind === 'relative_latency' || (gate.kind === 'rate' && gate.margin !== null);
  const beside =
    compares && baseline !== null && baseline.trials > 0
      ? `, previous version ${formatRatio(baseline.events / baseline.trials)}`
      : '';
  return `${limitText(gate)}${beside}`;
}

function limitText(gate: Gate): string {
  switch (gate.kind) {
    case 'rate':
    case 'latency':
      return `, limit ${formatRatio(gate.maxRatio)}`;
    case 'quality':
    case 'adoption':
      return `, at least ${formatRatio(gate.minRatio)}`;
    case 'relative_latency':
      return `, no more than the previous version`;
    case 'assignment':
      return '';
  }
}

function counts({ reading, evidence, numbers }: SentenceParts): string {
  const { gate } = reading;
  const { events, trials, devices, devicesWithEvents } = evidence.candidate;
  const unit = unitOfGate(gate);
  const level = numbers?.level;
  const known = typeof level === 'number' ? `, level ${level}` : '';
  if (gate.kind === 'quality') return `${formatCount(trials)} answers${known}`;
  const seen = `${formatCount(events)} of ${formatCount(trials)} ${unit}`;
  if (unit === 'devices' || devices === null) return `${seen}${known}`;
  const spread = devicesWithEvents === null ? '' : `${formatCount(devicesWithEvents)} of `;
  return `${seen}, ${spread}${formatCount(devices)} devices${known}`;
}

function oddsOf({ evidence, odds }: GateInContext, gate: Gate): string {
  const { limit, baseline } = evidence;
  const versus = (baseline ?? Number.NEGATIVE_INFINITY) > (limit ?? Number.NEGATIVE_INFINITY);
  const own = versus ? (baseline ?? 0) : (limit ?? 0);
  const sure = formatSureness(own);
  const what = versus ? 'worse than the previous version' : 'beyond its limit';
  const claim = `${formatOdds(own)} that it is ${what}${sure === '' ? '' : ` (${sure})`}`;
  if (odds === null || gate.severity !== 'critical') return `${claim}, alone, holds at 10:1`;
  return `${claim}, all gates ${formatOdds(odds.logOdds)}, rollback at 100:1`;
}

function ending(parts: SentenceParts, kind: Finding['kind']): string {
  const { evidence, trialsNeeded, reading } = parts;
  switch (kind) {
    case 'leaning':
      return '; leaning towards harm, so nothing advances';
    case 'few_trials': {
      const missing = Math.ceil(trialsNeeded - evidence.candidate.trials);
      return `; about ${formatCount(missing)} more ${unitOfGate(reading.gate)}${time(parts, missing)} needed`;
    }
    case 'from_before':
      return '; measured from before the stage or its warm-up, which never passes it';
    case 'unproven':
    case 'pass':
      return proof(parts);
    default:
      return '';
  }
}

function proof(parts: SentenceParts): string {
  const { context, nextShare, reading } = parts;
  if (reading.gate.severity !== 'critical') return '';
  const missing = missingEvidence(context.series, nextShare);
  if (missing === null) return '';
  const share = formatRatio(nextShare);
  if (missing.devices !== null) {
    return `; proof that ${share} is safe takes about ${formatCount(missing.devices)} devices`;
  }
  const { trials } = missing;
  return `; proof that ${share} is safe takes about ${formatCount(trials)} more ${unitOfGate(reading.gate)}${time(parts, trials)}`;
}

function time({ evidence }: SentenceParts, missing: number): string {
  const { candidate, covered } = evidence;
  const ms = (missing * (covered.to - covered.from)) / candidate.trials;
  return Number.isFinite(ms) && ms > 0 ? `, ${formatDuration(ms)}` : '';
}

function unread({ earlier }: Reading): string {
  return earlier.some(({ kind }) => kind === 'error') ? '; an earlier stage could not be read again' : '';
}
