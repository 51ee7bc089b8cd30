/** What evidence can mean at best and at worst, whatever statistics judge it: the bounds that invariants rest on. Pure. */
import type { Evidence } from '../../src/core/evidence.ts';
import type { Gate, Plan, Stage } from '../../src/core/plan.ts';
import { type EpochMs, MINUTE_MS, type Percent } from '../../src/core/units.ts';
import type { HandedOut, TrueRollout } from './model-chronicle.ts';

const OLDEST_EVIDENCE_MS = 10 * MINUTE_MS;
// So far beyond the limit, and on so many trials, that no rule of judgement may call it anything but harm.
const BEYOND_DOUBT = 3;
const LEAST_EVENTS_BEYOND_DOUBT = 12;

/** One gate with what was handed out for it. */
export interface GateEvidence {
  readonly gate: Gate;
  readonly evidence: Evidence | null;
}

/** Returns the stage that a percentage stands in: the highest at or below it, or the first. */
export function stageOf(plan: Plan, percentage: Percent): Stage {
  return plan.stages.findLast((stage) => stage.percentage <= percentage) ?? plan.stages[0];
}

/** Returns the gates that can keep a rollout from leaving a stage: at 0% only those of mirrored traffic. */
export function blockingGates(stage: Stage): readonly Gate[] {
  return stage.gates.filter((gate) => gate.severity !== 'warn' && (stage.percentage > 0 || gate.shadow));
}

/** Returns what was handed out for each of the gates; null evidence where the source said nothing. */
export function evidenceFor(gates: readonly Gate[], handed: HandedOut | null): readonly GateEvidence[] {
  return gates.map((gate) => {
    const index = handed?.query.gates.findIndex((each) => each.name === gate.name) ?? -1;
    return { gate, evidence: handed?.evidence?.[index] ?? null };
  });
}

/** Returns why evidence cannot be a pass now, whatever the rule, or null when it may be one. */
export function objectionToPass({ gate, evidence }: GateEvidence, now: EpochMs): string | null {
  if (evidence === null) return 'nothing was handed out';
  if (evidence.kind === 'unavailable' && gate.kind === 'adoption') return null;
  if (evidence.kind !== 'counts') return `the evidence is ${evidence.kind}`;
  const { candidate, covered } = evidence;
  const { events, trials } = candidate;
  if (!isPossible(events, trials)) return `${events} of ${trials} is impossible`;
  if (trials === 0) return 'there are no trials';
  if (!isFresh(covered.from, covered.to, now)) return 'the window is stale or empty';
  const ratio = events / trials;
  const isGood = gate.kind === 'adoption' ? ratio >= gate.minRatio - 1e-6 : ratio <= gate.maxRatio + 1e-6;
  return isGood ? null : `the measured ratio is ${ratio}`;
}

/** Returns whether evidence is from before `since`; evidence that is not counted covers nothing. */
export function isFromBefore(evidence: Evidence | null, since: EpochMs): boolean {
  return evidence?.kind === 'counts' && !(evidence.covered.from >= since);
}

/** Returns whether evidence is harm beyond doubt. */
export function provesHarm({ gate, evidence }: GateEvidence, stage: Stage, now: EpochMs): boolean {
  if (gate.severity !== 'critical' || gate.kind === 'adoption' || evidence?.kind !== 'counts') return false;
  if (stage.percentage === 0 && !gate.shadow) return false;
  const { candidate, covered } = evidence;
  const { events, trials } = candidate;
  if (!isPossible(events, trials) || !isFresh(covered.from, covered.to, now)) return false;
  const least = stage.minSamples === 'auto' ? 3 / gate.maxRatio : stage.minSamples;
  const doubtful = Math.max(
    gate.maxRatio * Math.max(trials, least) * BEYOND_DOUBT,
    LEAST_EVENTS_BEYOND_DOUBT,
  );
  return events > doubtful;
}

/** Returns whether evidence can be called harm at all: measured, recent, and worse than the limit. */
export function mayBeHarm({ gate, evidence }: GateEvidence, now: EpochMs): boolean {
  if (gate.severity !== 'critical' || gate.kind === 'adoption' || evidence?.kind !== 'counts') return false;
  const { candidate, covered } = evidence;
  const { events, trials } = candidate;
  return (
    isPossible(events, trials) && isFresh(covered.from, covered.to, now) && events > gate.maxRatio * trials
  );
}

/** Returns what keeps a rollout from having passed its stage, one sentence for each blocking gate. */
export function objectionsToStage(
  plan: Plan,
  rollout: TrueRollout,
  { handed, now }: { readonly handed: HandedOut | null; readonly now: EpochMs },
): readonly string[] {
  const gates = blockingGates(stageOf(plan, rollout.percentage));
  const current = handed !== null && handed.at === now ? handed : null;
  return evidenceFor(gates, current).flatMap((each) => {
    const objection = objectionToPass(each, now);
    return objection === null ? [] : [`${each.gate.name}: ${objection}`];
  });
}

function isPossible(events: number, trials: number): boolean {
  return Number.isFinite(events) && Number.isFinite(trials) && events >= 0 && events <= trials;
}

function isFresh(from: EpochMs, to: EpochMs, now: EpochMs): boolean {
  return to > from && now - to <= OLDEST_EVIDENCE_MS;
}
