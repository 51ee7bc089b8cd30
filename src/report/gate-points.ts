/** What a gate showed over time: the points of its chart. Pure. */
import type { Evidence, GateVerdict } from '../core/evidence.ts';
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
 * Returns the points of a gate, oldest first: one for each kept look that measured it.
 *
 * A run of fewer than three such looks, as a scheduled tick is, has one for each stage instead, from what its
 * source tells of the earlier ones now. Never throws.
 */
export function pointsOf(record: RunRecord, gate: Gate): readonly GatePoint[] {
  const looks = record.looks.flatMap((look): readonly GatePoint[] => {
    const verdict = look.verdicts.find((each) => each.gate.name === gate.name);
    if (verdict?.observed == null || !Number.isFinite(verdict.observed)) return [];
    const { observed: candidate, baselineObserved: baseline } = verdict;
    return [{ at: look.at, stage: '', candidate, baseline }];
  });
  if (looks.length > 2) return looks;
  const stages = stagePointsOf(record, gate);
  return stages.length > 1 ? stages : looks;
}

function stagePointsOf(record: RunRecord, gate: Gate): readonly GatePoint[] {
  const last = record.looks.findLast((look) => look.verdicts.some((each) => each.gate.name === gate.name));
  return last === undefined ? [] : stagePoints(record, last, gate);
}

function stagePoints(record: RunRecord, look: LookRecord, gate: Gate): readonly GatePoint[] {
  const { state } = look.inputs;
  const verdict = look.verdicts.find((each) => each.gate.name === gate.name);
  const reading = look.inputs.look.readings.find((each) => each.gate.name === gate.name);
  if (verdict === undefined || (state.phase !== 'soaking' && state.phase !== 'baking')) return [];
  // A shadow stage is not weighed with the others, so it has no reading among the earlier ones.
  const past = state.past.filter(({ stageIndex }) => shareOf(record, stageIndex) > 0);
  const earlier = (reading?.earlier ?? []).flatMap((evidence, index): readonly GatePoint[] => {
    const place = past[index];
    const seen = place === undefined ? null : observedOf(evidence, gate);
    if (place === undefined || seen === null) return [];
    return [{ at: place.enteredAt, stage: stageText(record, place.stageIndex), ...seen }];
  });
  return [...earlier, ...present(record, verdict, state)];
}

function present(
  record: RunRecord,
  { observed: candidate, baselineObserved: baseline }: GateVerdict,
  { stageIndex, stageEnteredAt: at }: { readonly stageIndex: number; readonly stageEnteredAt: EpochMs },
): readonly GatePoint[] {
  if (candidate === null || !Number.isFinite(candidate)) return [];
  return [{ at, stage: stageText(record, stageIndex), candidate, baseline }];
}

function observedOf(evidence: Evidence, gate: Gate): Pick<GatePoint, 'candidate' | 'baseline'> | null {
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
