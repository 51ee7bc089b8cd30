/** What a gate showed over time: the points of its chart. Pure. */
import type { Evidence, GateVerdict, Reading } from '../core/evidence.ts';
import { formatPercent } from '../core/format.ts';
import type { Gate } from '../core/plan.ts';
import type { EpochMs } from '../core/units.ts';
import type { LookRecord, RunRecord } from './run-record.ts';

/** What a gate showed at one time: shares of 1, or milliseconds for a bare latency. */
export interface GatePoint {
  readonly at: EpochMs;
  /** Of a point that stands for a whole stage: its number and its share; empty for one of a look. */
  readonly stage: string;
  readonly candidate: number;
  readonly baseline: number | null;
}

/**
 * Returns the points of what a verdict is about, oldest first: one for each kept look that measured it. Those of a
 * segment are of that segment only, and those of the whole fleet of no segment.
 *
 * A run of fewer than three such looks, as a scheduled tick is, has one for each stage instead, from what its
 * source tells of the earlier ones now. Never throws.
 */
export function pointsOf(record: RunRecord, about: GateVerdict): readonly GatePoint[] {
  const looks = record.looks.flatMap((look): readonly GatePoint[] => {
    const seen = observedAt(look, about);
    return seen === null ? [] : [{ at: look.at, stage: '', ...seen }];
  });
  if (looks.length > 2) return looks;
  const stages = stagePointsOf(record, about);
  return stages.length > 1 ? stages : looks;
}

type Seen = Pick<GatePoint, 'candidate' | 'baseline'>;

/** A look's verdict may be about another part of the fleet than the one that decides; its reading has them all. */
function observedAt(look: LookRecord, about: GateVerdict): Seen | null {
  const verdict = look.verdicts.find((each) => each.gate.name === about.gate.name);
  if (verdict === undefined) return null;
  if (isSamePart(verdict, about)) {
    const { observed: candidate, baselineObserved: baseline } = verdict;
    return candidate === null || !Number.isFinite(candidate) ? null : { candidate, baseline };
  }
  const evidence = partOf(readingIn(look, about), about)?.evidence;
  return evidence === undefined ? null : observedOf(evidence, about.gate);
}

function isSamePart(one: GateVerdict, other: GateVerdict): boolean {
  return one.segment?.by === other.segment?.by && one.segment?.value === other.segment?.value;
}

function readingIn({ inputs }: LookRecord, { gate }: GateVerdict): Reading | undefined {
  return inputs.look.readings.find((each) => each.gate.name === gate.name);
}

/** What a reading says of the part of the fleet that a verdict is about. */
function partOf(
  reading: Reading | undefined,
  { segment }: GateVerdict,
): Pick<Reading, 'evidence' | 'earlier'> | undefined {
  if (segment === undefined || reading === undefined) return reading;
  const parts = reading.segments?.kind === 'read' ? reading.segments.readings : [];
  return parts.find((each) => each.segment.by === segment.by && each.segment.value === segment.value);
}

function stagePointsOf(record: RunRecord, about: GateVerdict): readonly GatePoint[] {
  const isJudged = (each: GateVerdict): boolean => each.gate.name === about.gate.name;
  const last = record.looks.findLast(({ verdicts }) => verdicts.some(isJudged));
  return last === undefined ? [] : stagePoints(record, last, about);
}

function stagePoints(record: RunRecord, look: LookRecord, about: GateVerdict): readonly GatePoint[] {
  const { state } = look.inputs;
  if (state.phase !== 'soaking' && state.phase !== 'baking') return [];
  // A shadow stage is not weighed with the others, so it has no reading among the earlier ones.
  const past = state.past.filter(({ stageIndex }) => shareOf(record, stageIndex) > 0);
  const earlier = (partOf(readingIn(look, about), about)?.earlier ?? []).flatMap(
    (evidence, index): readonly GatePoint[] => {
      const place = past[index];
      const before = place === undefined ? null : observedOf(evidence, about.gate);
      if (place === undefined || before === null) return [];
      return [{ at: place.enteredAt, stage: stageText(record, place.stageIndex), ...before }];
    },
  );
  const { stageIndex, stageEnteredAt: at } = state;
  const seen = observedAt(look, about);
  return seen === null ? earlier : [...earlier, { at, stage: stageText(record, stageIndex), ...seen }];
}

function observedOf(evidence: Evidence, gate: Gate): Seen | null {
  if (evidence.kind !== 'counts' || !(evidence.candidate.trials > 0)) return null;
  const { candidate, baseline } = evidence;
  const share = ({ events, trials }: typeof candidate): number =>
    gate.kind === 'quality' ? 1 - events / trials : events / trials;
  const beside = baseline !== null && baseline.trials > 0 ? share(baseline) : null;
  return { candidate: share(candidate), baseline: beside };
}

function shareOf({ plan }: RunRecord, stageIndex: number): number {
  return plan?.stages[stageIndex]?.percentage ?? 0;
}

function stageText(record: RunRecord, stageIndex: number): string {
  return `stage ${stageIndex + 1} at ${formatPercent(shareOf(record, stageIndex))}`;
}
