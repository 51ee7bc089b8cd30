/** What evidence can mean at best and at worst, whatever statistics judge it: the bounds that invariants rest on. Pure. */
import type { Counts, Evidence } from '../../src/core/evidence.ts';
import type { Gate, Plan, Stage } from '../../src/core/plan.ts';
import type { MeasurableGate } from '../../src/core/ports.ts';
import { type EpochMs, MINUTE_MS, type Percent, type Ratio, SECOND_MS } from '../../src/core/units.ts';
import type { Answer, HandedOut } from './model-chronicle.ts';

const OLDEST_EVIDENCE_MS = 10 * MINUTE_MS;

// Chernoff: chance does this in fewer than one of e^25 rollouts, with every correction granted beforehand.
const BEYOND_DOUBT = 25;
// A window within a stage is one of very many that might have been looked at.
const BEYOND_DOUBT_WITHIN = 45;
const WORSE_THAN_BASELINE = 8;
// Devices differ in how often they fail; nobody assumes that they differ by more than this.
const MOST_DISPERSION = 8;

/** One gate with what was asked and handed out for it in one window. */
export interface GateEvidence {
  readonly gate: Gate;
  /** The gate as the source was asked for it; null where it was not asked. */
  readonly asked: MeasurableGate | null;
  readonly evidence: Evidence | null;
}

/** When evidence is looked at, and under which plan. */
export interface OracleAt {
  readonly now: EpochMs;
  readonly designEffect: number;
}

/** Returns the stage that a percentage stands in: the highest at or below it, or the first. */
export function stageOf(plan: Plan, percentage: Percent): Stage {
  return plan.stages.findLast((stage) => stage.percentage <= percentage) ?? plan.stages[0];
}

/** Returns the stage whose gates were asked for at a look; the gates of no two stages are the same objects. */
export function stageAsked(plan: Plan, { answers }: HandedOut): Stage | null {
  const asked = new Set<Gate>(answers.flatMap(({ query }) => query.gates));
  return plan.stages.find((stage) => stage.gates.some((gate) => asked.has(gate))) ?? null;
}

/** Returns the gates that can keep a rollout from leaving a stage: at 0% only those of mirrored traffic. */
export function blockingGates(stage: Stage): readonly Gate[] {
  return stage.gates.filter((gate) => gate.severity !== 'warn' && (stage.percentage > 0 || gate.shadow));
}

/** Returns the answer about the stage so far: of those that reach until now, the one that reaches back furthest. */
export function presentAnswer(handed: Pick<HandedOut, 'answers' | 'at'> | null): Answer | null {
  const present = (handed?.answers ?? []).filter(({ query }) => query.window.to === handed?.at);
  return present.reduce<Answer | null>(
    (best, each) => (best === null || each.query.window.from < best.query.window.from ? each : best),
    null,
  );
}

/**
 * Returns what decides each of the gates at a look: the stage so far, or for bare values, which are never
 * taken together, the newest disjoint windows, newest first.
 */
export function decidingEvidence(gates: readonly Gate[], handed: HandedOut | null): readonly GateEvidence[] {
  const present = presentAnswer(handed);
  return evidenceFor(gates, present).flatMap((each) => {
    if (handed === null || each.evidence?.kind !== 'value') return [each];
    const windows = bareAnswers(handed).flatMap((answer) => evidenceFor([each.gate], answer));
    return windows.length === 0 ? [{ ...each, evidence: null }] : windows;
  });
}

/** The newest bare window is the shortest one that ends now, at a whole second; each other one ends where it begins. */
function bareAnswers({ answers, at }: Pick<HandedOut, 'answers' | 'at'>): readonly Answer[] {
  const lengthOf = ({ query: { window } }: Answer): number => window.to - window.from;
  const ending = answers.filter(({ query: { window } }) => window.to > at - SECOND_MS && window.to <= at);
  const [newest] = ending.toSorted((a, b) => lengthOf(a) - lengthOf(b));
  if (newest === undefined || (ending.length === 1 && newest === presentAnswer({ answers, at }))) return [];
  const before = (answer: Answer): Answer | undefined =>
    answers.find(
      (each) => each.query.window.to === answer.query.window.from && lengthOf(each) === lengthOf(newest),
    );
  const second = before(newest);
  const third = second === undefined ? undefined : before(second);
  return [newest, ...(second === undefined ? [] : [second]), ...(third === undefined ? [] : [third])];
}

/** Returns what an answer says about each of the gates; null evidence where the source said nothing. */
export function evidenceFor(gates: readonly Gate[], answer: Answer | null): readonly GateEvidence[] {
  return gates.map((gate) => {
    const index = answer?.query.gates.findIndex((each) => each.name === gate.name) ?? -1;
    return {
      gate,
      asked: answer?.query.gates[index] ?? null,
      evidence: answer?.evidence?.[index] ?? null,
    };
  });
}

/** Returns whether evidence is from before `since`; evidence that is no number covers nothing. */
export function isFromBefore(evidence: Evidence | null, since: EpochMs): boolean {
  if (evidence?.kind !== 'counts' && evidence?.kind !== 'value') return false;
  return !(evidence.covered.from >= since);
}

/**
 * Returns whether a look proves harm beyond doubt: one critical gate exceeds its limit in the stage so far, or
 * since a restart point, in a way that no correction can explain.
 */
export function provesHarm(handed: HandedOut, stage: Stage, at: OracleAt): boolean {
  const present = presentAnswer(handed);
  const gates = stage.gates.filter(
    ({ severity, shadow }) => severity === 'critical' && (stage.percentage > 0 || shadow),
  );
  const restarts = handed.answers.filter(
    (answer) => answer !== present && answer.query.window.to === handed.at,
  );
  return gates.some((gate) => {
    const [now] = evidenceFor([gate], present);
    if (now === undefined || !isUsable(now.evidence, at.now)) return false;
    if (isBeyondDoubt(now, at, BEYOND_DOUBT)) return true;
    return restarts.some((answer) =>
      evidenceFor([gate], answer).some((each) => isBeyondDoubt(each, at, BEYOND_DOUBT_WITHIN)),
    );
  });
}

/** Returns whether a look can be called harm at all: some of its evidence is worse than a limit or the baseline. */
export function mayBeHarm(handed: HandedOut, stage: Stage, { now }: OracleAt): boolean {
  const critical = stage.gates.filter(({ severity }) => severity === 'critical');
  return handed.answers.some((answer) => evidenceFor(critical, answer).some((each) => isWorse(each, now)));
}

/**
 * Returns whether counts exceed the limit of their gate by far more than chance and likeness of devices explain,
 * and those of the version beside them are clearly better.
 */
export function isBeyondDoubt(each: GateEvidence, at: OracleAt, bound: number): boolean {
  const { gate, evidence } = each;
  if (!exceedsBeyondDoubt(each, at, bound) || evidence?.kind !== 'counts') return false;
  if (evidence.baseline === null || evidence.baseline.trials === 0) return true;
  const candidate = granted(evidence.candidate, gate, at.designEffect);
  const beside = granted(evidence.baseline, gate, at.designEffect);
  const events = candidate.events + beside.events;
  const share = candidate.trials / (candidate.trials + beside.trials);
  const ofCandidate = candidate.events / events;
  return ofCandidate > share && events * divergence(ofCandidate, share) >= WORSE_THAN_BASELINE;
}

/** Returns the same, whoever is to blame. */
export function exceedsBeyondDoubt(
  { asked, gate, evidence }: GateEvidence,
  { now, designEffect }: OracleAt,
  bound = BEYOND_DOUBT,
): boolean {
  const limit = limitOf(gate);
  if (asked === null || limit === null || evidence?.kind !== 'counts' || !isUsable(evidence, now))
    return false;
  const { events, trials } = granted(evidence.candidate, gate, designEffect);
  return events > limit * trials && trials * divergence(events / trials, limit) >= bound;
}

/** Returns whether numbers are recent and possible, with at least one trial. */
export function isUsable(evidence: Evidence | null, now: EpochMs): boolean {
  if (evidence?.kind !== 'counts' && evidence?.kind !== 'value') return false;
  const { from, to } = evidence.covered;
  if (!(to > from && now - to <= OLDEST_EVIDENCE_MS)) return false;
  return evidence.kind === 'value' || (isPossible(evidence) && evidence.candidate.trials > 0);
}

/** Returns whether both versions' counts can be at all. */
export function isPossible({ candidate, baseline }: Extract<Evidence, { kind: 'counts' }>): boolean {
  return [candidate, ...(baseline === null ? [] : [baseline])].every(
    ({ events, trials }) =>
      Number.isFinite(events) && Number.isFinite(trials) && events >= 0 && events <= trials,
  );
}

/** Returns the most events of the trials that a gate accepts; null for a gate that has no such limit. */
export function limitOf(gate: Gate): Ratio | null {
  if (gate.kind === 'rate' || gate.kind === 'latency') return gate.maxRatio;
  return gate.kind === 'quality' ? 1 - gate.minRatio : null;
}

/** Returns the divergence of a seen rate from a stated one, in nats: what one trial is worth as evidence. */
export function divergence(seen: Ratio, stated: Ratio): number {
  const term = (a: number, b: number): number => (a <= 0 ? 0 : a * Math.log(a / b));
  return term(seen, stated) + term(1 - seen, 1 - stated);
}

/** Earlier evidence may be old, but nothing impossible is ever harm. */
function isWorse({ gate, asked, evidence }: GateEvidence, now: EpochMs): boolean {
  if (asked === null) return false;
  if (evidence?.kind === 'value') {
    if (isImpossible(asked.kind, evidence.value)) return false;
    return isUsable(evidence, now) && breaks(asked, evidence.value);
  }
  if (evidence?.kind !== 'counts' || !isPossible(evidence)) return false;
  const { candidate, baseline } = evidence;
  const rate = candidate.events / candidate.trials;
  if (baseline !== null && baseline.trials > 0) {
    return rate > (baseline.events / baseline.trials) * (1 + 1e-9);
  }
  const limit = limitOf(gate);
  return limit !== null && rate > limit;
}

/** Returns whether a bare value cannot be: no number, below 0, or a share above 1. */
export function isImpossible(kind: Gate['kind'], value: number): boolean {
  return !(Number.isFinite(value) && value >= 0 && (kind === 'latency' || value <= 1));
}

/** Returns whether a bare value breaks the limit that the source was asked with. */
export function breaks(asked: MeasurableGate, value: number): boolean {
  switch (asked.kind) {
    case 'rate':
      return value > asked.maxRatio;
    case 'latency':
      return value > asked.maxMs;
    case 'quality':
      return value < asked.minRatio;
    case 'value':
      return asked.direction === 'at_most' ? value > asked.limit : value < asked.limit;
    case 'adoption':
    case 'assignment':
      return false;
  }
}

/** Every correction that could be asked for; devices that are counted themselves need none. */
function granted(
  { events, trials, devices, devicesWithEvents }: Counts,
  { name }: Gate,
  designEffect: number,
): Pick<Counts, 'events' | 'trials'> {
  if (name === 'crash_rate' || name === 'memory_rate') return { events, trials };
  const alike = devices === null ? 1 : 1 + (MOST_DISPERSION * events) / devices;
  const repeated = devicesWithEvents === null || devicesWithEvents === 0 ? 1 : events / devicesWithEvents;
  const effect = Math.max(designEffect, alike, repeated);
  return { events: events / effect, trials: trials / effect };
}
