/** One look's readings turned into verdicts: the evidence of all gates together, and a sentence for each. Pure and total. */
import {
  type Evidence,
  type GateVerdict,
  type Odds,
  type Reading,
  type Segment,
  type SegmentReading,
  VERDICTS,
  type Verdict,
} from './evidence.ts';
import type { TakenShare } from './experiments.ts';
import { questionOf, testsOf } from './gate-question.ts';
import { judgeBareValue } from './judge-bare-value.ts';
import { judgeCounts, strongestOf, suspicionOf } from './judge-counts.ts';
import { type DevicesAt, judgeAdoption, judgeAssignment } from './judge-devices.ts';
import { seriesOf } from './judge-series.ts';
import type { Stage } from './plan.ts';
import type { GateSeries } from './statistics/gate-series.ts';
import { isProvenSafe } from './statistics/proven-safe.ts';
import { LOG_HOLD } from './statistics/thresholds.ts';
import { combineWithSegments, type GateEvidence, weighGate } from './statistics/weigh.ts';
import type { EpochMs, Percent, Ratio } from './units.ts';
import { areBothSane } from './usable-evidence.ts';
import { bareVerdict, verdictWithoutCounts } from './verdict.ts';

/** When and where readings are judged. */
export interface Judging {
  readonly stage: Stage;
  readonly stageEnteredAt: EpochMs;
  readonly now: EpochMs;
  /** The percentage that is served. */
  readonly percentage: Percent;
  /** Share of the fleet that comes next; in the last stage its own. */
  readonly nextShare: Ratio;
  /** Requests that count as one where a source tells nothing about devices. */
  readonly designEffect: number;
  /** Whether any stage of the plan is long enough for restart points. */
  readonly restartable: boolean;
  /** What experiments take of the devices; absent for nothing. */
  readonly taken?: TakenShare;
}

/** What one look says. */
export interface Judgement {
  /** One for each reading, in order. */
  readonly verdicts: readonly GateVerdict[];
  /** Null where no critical gate is a question of chance. */
  readonly odds: Odds | null;
  /** True when the evidence leans towards harm: reason enough not to advance. */
  readonly leaning: boolean;
  /** True when every critical gate passes and is proven safe for the next share of the fleet. */
  readonly provenSafe: boolean;
}

/**
 * Returns the verdicts of one look.
 *
 * Critical gates share one confidence: harm is proven when the mean of their evidence reaches 100:1, and the
 * gate with the most is named. From 10:1 on, with or without the condition that the candidate is to blame,
 * nothing passes. A gate of another severity is weighed alone and fails at 10:1.
 *
 * Never throws. Invariants: INV-1 — evidence that starts before the stage was entered can prove harm and
 * never passes; INV-2 — nothing measured, stale or impossible numbers are never a pass and never harm.
 */
export function judge(readings: readonly Reading[], at: Judging): Judgement {
  const weighed = readings.map((reading) => weighReading(reading, at));
  const critical = weighed.flatMap((each) =>
    each.isCritical && each.weighed !== null ? [each.weighed] : [],
  );
  const odds = oddsOf(weighed);
  const parts = weighed.filter(({ isCritical }) => isCritical).flatMap(({ segments }) => segments);
  const cause = largest([...critical, ...parts], strongestOf);
  const suspect = largest([...critical, ...parts], suspicionOf);
  const passesFrom = at.stageEnteredAt + at.stage.warmupMs;
  const verdicts = weighed.map(({ reading, weighed: own, segments }) => {
    if (own === null) return judgeOtherwise(reading, { ...at, passesFrom });
    const verdictOn = (series: WeighedSeries, seen: Reading): GateVerdict => {
      const context = { ...series, odds, isCause: series === cause, isSuspect: series === suspect };
      return judgeCounts(seen, { ...at, passesFrom }, context);
    };
    const whole = verdictOn(own, reading);
    const part = segments.find((each) => each === cause) ?? segments.find((each) => each === suspect);
    const ofPart = part === undefined ? null : inSegment(verdictOn(part, part.reading), part.segment);
    if (ofPart !== null && isWorse(ofPart, whole)) return ofPart;
    return withUnreadSegments(reading, whole);
  });
  const criticalVerdicts = verdicts.filter(({ gate }) => gate.severity === 'critical');
  return {
    verdicts,
    odds,
    leaning: odds !== null && Math.max(odds.logOdds, odds.logOddsUnblamed) >= LOG_HOLD,
    provenSafe:
      criticalVerdicts.every(
        ({ verdict, gate }) =>
          verdict === 'not_applicable' || (verdict === 'pass' && questionOf(gate) !== null),
      ) &&
      isProvenSafe(
        critical.map(({ series }) => series),
        at.nextShare,
      ),
  };
}

interface WeighedSeries {
  readonly series: GateSeries;
  readonly evidence: GateEvidence;
}

interface WeighedSegment extends WeighedSeries {
  readonly segment: Segment;
  /** The gate's reading as if this segment were all of it. */
  readonly reading: Reading;
}

interface WeighedReading {
  readonly reading: Reading;
  readonly segments: readonly WeighedSegment[];
  readonly isCritical: boolean;
  /** Null for a gate that is not judged by chance, or not here. */
  readonly weighed: WeighedSeries | null;
}

function weighReading(reading: Reading, at: Judging): WeighedReading {
  const isCritical = reading.gate.severity === 'critical';
  const series = isMeasuredHere(reading, at) && !isBare(reading) ? seriesOf(reading, at) : null;
  return {
    reading,
    isCritical,
    weighed: series === null ? null : { series, evidence: weighGate(series) },
    segments: series === null ? [] : weighSegments(reading, at),
  };
}

/** Segments have no restart points: their windows are few, and what a stage hid comes out in the next one. */
function weighSegments({ segments, ...whole }: Reading, at: Judging): readonly WeighedSegment[] {
  if (segments?.kind !== 'read') return [];
  return segments.readings.flatMap(({ segment, evidence, earlier }) => {
    const reading: Reading = { ...whole, evidence, earlier, restarts: [], recent: [] };
    const series = seriesOf(reading, { ...at, restartable: false });
    return series === null ? [] : [{ segment, reading, series, evidence: weighGate(series) }];
  });
}

function inSegment(verdict: GateVerdict, segment: Segment): GateVerdict {
  return { ...verdict, segment, sentence: `${segment.by} ${segment.value}: ${verdict.sentence}` };
}

function isWorse(one: GateVerdict, other: GateVerdict): boolean {
  return SPEAKING.includes(one.verdict) && VERDICTS.indexOf(one.verdict) > VERDICTS.indexOf(other.verdict);
}

// A segment without data says nothing about the fleet; only what it shows may outweigh the whole.
const SPEAKING: readonly Verdict[] = ['inconclusive', 'fail'];

/** Segments that should be judged and cannot be, all or one, block a pass as every failed measurement does. */
function withUnreadSegments({ segments }: Reading, whole: GateVerdict): GateVerdict {
  if (segments === undefined || whole.verdict !== 'pass') return whole;
  const why = segments.kind === 'unread' ? segments.why : failureAmong(segments.readings);
  if (why === null) return whole;
  return { ...whole, verdict: 'error', sentence: `${whole.sentence}; segments not read: ${why}` };
}

/** A segment without data, or of a gate that is not split, is neutral: a class without devices must not block for ever. */
function failureAmong(readings: readonly SegmentReading[]): string | null {
  for (const { segment, evidence } of readings) {
    const why = failureOf(evidence);
    if (why !== null) return `${segment.by} ${segment.value}: ${why}`;
  }
  return null;
}

function failureOf(evidence: Evidence): string | null {
  if (evidence.kind === 'error') return evidence.why;
  if (evidence.kind === 'value') return 'another kind of number than that of the whole fleet';
  return evidence.kind === 'counts' && !areBothSane(evidence) ? 'impossible numbers' : null;
}

/** At 0% nobody is served, so only mirrored traffic says something. */
function isMeasuredHere({ gate }: Reading, { stage }: Judging): boolean {
  return stage.percentage > 0 || gate.shadow;
}

function isBare({ evidence, recent }: Reading): boolean {
  return evidence.kind === 'value' || recent.length > 0;
}

function oddsOf(readings: readonly WeighedReading[]): Odds | null {
  const critical = readings.filter(({ isCritical, weighed }) => isCritical && weighed !== null);
  const tests = critical.reduce((sum, { reading }) => sum + testsOf(reading.gate), 0);
  if (tests === 0) return null;
  const whole = critical.flatMap(({ weighed }) => weighed?.evidence ?? []);
  const parts = critical.flatMap(({ segments }) => segments.map(({ evidence }) => evidence));
  return { ...combineWithSegments(whole, parts), tests };
}

function largest(
  series: readonly WeighedSeries[],
  of: (evidence: GateEvidence) => number,
): WeighedSeries | null {
  return series.reduce<WeighedSeries | null>(
    (top, each) => (top === null || of(each.evidence) > of(top.evidence) ? each : top),
    null,
  );
}

function judgeOtherwise(reading: Reading, at: Judging & DevicesAt): GateVerdict {
  const { gate, evidence } = reading;
  if (!isMeasuredHere(reading, at)) {
    return bareVerdict(reading, 'not_applicable', 'not measured on mirrored traffic');
  }
  if (gate.kind !== 'adoption' && gate.kind !== 'assignment') return judgeBareValue(reading, at);
  if (evidence.kind !== 'counts') return verdictWithoutCounts(reading);
  return gate.kind === 'adoption'
    ? judgeAdoption({ reading, gate, evidence }, at)
    : judgeAssignment({ reading, gate, evidence }, at);
}
