/** What a gate on counts says, in one line for a tired person. Pure. */
import type { Counts, GateVerdict, Odds, Reading } from './evidence.ts';
import {
  formatCount,
  formatDuration,
  formatOdds,
  formatRatio,
  formatRatioBeside,
  formatSureness,
} from './format.ts';
import { limitRatioOf, nameOfGate, unitOfGate } from './gate-question.ts';
import type { Gate, RelativeLatencyGate } from './plan.ts';
import { servingBaseline } from './statistics/effective-counts.ts';
import type { GateSeries } from './statistics/gate-series.ts';
import { missingEvidence } from './statistics/missing-evidence.ts';
import { LOG_HOLD } from './statistics/thresholds.ts';
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
  const share = shareOf(reading.gate, evidence.candidate);
  const limit = limitRatioOf(reading.gate);
  const before = evidence.baseline === null ? null : shareOf(reading.gate, evidence.baseline);
  const rate = share === null ? 'unknown' : formatRatioBeside(share, [limit, before]);
  const interval = numbers?.interval;
  const range = interval
    ? ` [${formatRatioBeside(interval.lower, [limit])} to ${formatRatioBeside(interval.upper, [limit])}]`
    : '';
  const slower = slowerText(reading);
  return slower === '' ? ` ${rate}${range}` : `: ${rate}${range} ${slower}`;
}

function shareOf(gate: Gate, { events, trials }: Counts): Ratio | null {
  if (!(trials > 0)) return null;
  return gate.kind === 'quality' ? 1 - events / trials : events / trials;
}

function slowerText({ gate, slowerThanMs }: Reading): string {
  if (gate.kind === 'latency') return `slower than ${formatCount(gate.maxMs)} ms`;
  if (gate.kind !== 'relative_latency') return '';
  return slowerThanMs === null ? 'slower than its limit' : `slower than ${formatCount(slowerThanMs)} ms`;
}

function demands({ reading, evidence, numbers }: SentenceParts): string {
  const { gate } = reading;
  const { candidate, baseline } = evidence;
  const share = shareOf(gate, candidate);
  const before = baseline === null ? null : shareOf(gate, baseline);
  const shown = before === null ? null : formatRatioBeside(before, [share]);
  if (gate.kind === 'relative_latency') {
    return `, no more than the previous version${shown === null ? '' : `'s ${shown}`}`;
  }
  const { lower = null, upper = null } = numbers?.interval ?? {};
  const limit = limitText(gate, [share, lower, upper]);
  const compares = gate.kind === 'rate' && gate.margin !== null && baseline !== null;
  return `${limit}${compares ? `, previous version ${shown ?? `without ${unitOfGate(gate)}`}` : ''}`;
}

function limitText(gate: Exclude<Gate, RelativeLatencyGate>, beside: readonly (Ratio | null)[]): string {
  switch (gate.kind) {
    case 'rate':
    case 'latency':
      return `, limit ${formatRatioBeside(gate.maxRatio, beside)}`;
    case 'quality':
    case 'adoption':
      return `, at least ${formatRatioBeside(gate.minRatio, beside)}`;
    case 'value':
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

function oddsOf(context: GateInContext, gate: Gate): string {
  const { odds } = context;
  const claim = claimOf(context, gate);
  if (odds === null || gate.severity !== 'critical') return `${claim}, alone, holds at 10:1`;
  return `${claim}, all gates ${formatOdds(odds.logOdds)}, rollback at 100:1`;
}

/** The stronger of the two questions; where there is nothing to compare with, the baseline's says nothing. */
function claimOf({ evidence, series }: GateInContext, gate: Gate): string {
  const { limit, baseline } = evidence;
  const compared = series.stages.some(
    (totals) => totals.candidate.trials > 0 && servingBaseline(totals) !== null,
  );
  if (limit === null && !compared) return 'no previous version to compare it with';
  const versus = baseline !== null && compared && (limit === null || baseline > limit);
  const own = (versus ? baseline : limit) ?? 0;
  const sure = formatSureness(own);
  const what = versus ? 'worse than the previous version' : breach(gate);
  return `${formatOdds(own)} that it is ${what}${sure === '' ? '' : ` (${sure})`}`;
}

function breach({ kind }: Gate): string {
  return kind === 'quality' ? 'below its limit' : 'beyond its limit';
}

function ending(parts: SentenceParts, kind: Finding['kind']): string {
  switch (kind) {
    case 'leaning':
      return leaning(parts.context, parts.reading.gate);
    case 'few_trials':
      return `; ${more(parts, Math.ceil(parts.trialsNeeded - parts.evidence.candidate.trials))} needed`;
    case 'from_before':
      return '; measured from before the stage or its warm-up, which never passes it';
    case 'unproven':
      return unproven(parts);
    case 'pass':
      return parts.reading.gate.severity === 'critical' ? proof(parts) : '';
    default:
      return '';
  }
}

/** Odds that only lean without the question who is to blame are the whole fleet's, not the candidate's. */
function leaning({ evidence, odds }: GateInContext, gate: Gate): string {
  const blamed = Math.max(odds?.logOdds ?? 0, evidence.limit ?? 0, evidence.baseline ?? 0);
  if (blamed >= LOG_HOLD) return '; leaning towards harm, so nothing advances';
  return `; ${formatOdds(evidence.limitUnblamed ?? 0)} that it is ${breach(gate)} with the whole fleet, so nothing advances`;
}

function unproven(parts: SentenceParts): string {
  const takes = proof(parts);
  if (takes !== '') return takes;
  return `; not proven safe for ${formatRatio(parts.nextShare)}, and more of the same will not prove it`;
}

function proof(parts: SentenceParts): string {
  const { context, nextShare } = parts;
  const missing = missingEvidence(context.series, nextShare);
  if (missing === null) return '';
  const what =
    missing.devices === null ? more(parts, missing.trials) : `about ${formatCount(missing.devices)} devices`;
  return `; proof that ${formatRatio(nextShare)} is safe takes ${what}`;
}

/** How many more, and how long that takes as things go; devices do not come with time but with the next stage. */
function more({ evidence, reading }: SentenceParts, missing: number): string {
  const unit = unitOfGate(reading.gate);
  const amount = `about ${formatCount(missing)} more ${missing === 1 ? unit.slice(0, -1) : unit}`;
  const { candidate, covered } = evidence;
  const ms = (missing * (covered.to - covered.from)) / candidate.trials;
  return unit === 'devices' ? amount : `${amount} (${formatDuration(ms)} at this pace)`;
}

function unread({ earlier }: Reading): string {
  return earlier.some(({ kind }) => kind === 'error') ? '; an earlier stage could not be read again' : '';
}
