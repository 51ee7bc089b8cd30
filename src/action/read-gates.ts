/** The gates of a stage at one look: this stage, the stages before it, restart points, all asked side by side. */
import type { Evidence, Reading, Window } from '../core/evidence.ts';
import { questionOf } from '../core/gate-question.ts';
import { type Gate, type RelativeLatencyGate, type Stage, stageAt } from '../core/plan.ts';
import type { MeasurableGate } from '../core/ports.ts';
import type { Watching } from '../core/rollout.ts';
import { bareWindows } from '../core/statistics/bare-values.ts';
import { restartPoints } from '../core/statistics/restart-points.ts';
import { type DurationMs, type EpochMs, HOUR_MS } from '../core/units.ts';
import { toError } from '../runtime/to-error.ts';
import type { RolloutContext } from './rollout-context.ts';

/** How long before the rollout's creation the latency of the baseline is taken; fixed, so that it needs no memory. */
export const FROZEN_WINDOW_MS: DurationMs = HOUR_MS;

/** The stage that is looked at, and when. */
export interface StageLook {
  readonly stage: Stage;
  readonly at: EpochMs;
}

/**
 * Returns one reading for each gate of the stage, in order.
 *
 * A source that fails is evidence of kind `error`; only an aborted job rejects. One request for the stage, up
 * to three for its restart points, three more where the source gives bare values, and one for each earlier
 * stage whose totals are not known for good yet.
 */
export async function readGates(
  context: RolloutContext,
  state: Watching,
  { stage, at }: StageLook,
): Promise<readonly Reading[]> {
  const asked = evidenceWindow(state, stage, at);
  if (asked.to <= asked.from) {
    return stage.gates.map((gate) =>
      readingOf(gate, asked, { kind: 'none', why: 'the stage has just begun' }),
    );
  }
  const targets = await Promise.all(stage.gates.map((gate) => targetOf(context, state, gate)));
  const ask = (window: Window, wanted: (gate: Gate) => boolean) =>
    readTargets(context, state, {
      window,
      targets: targets.map((target) => (wanted(target.gate) ? target : { ...target, measurable: null })),
    });
  const points = restartPoints(at - asked.from, stage.soakMs);
  const [current, earlier, restarts] = await Promise.all([
    ask(asked, () => true),
    Promise.all(pastWindows(context, state).map((window) => ask(window, isWeighed))),
    Promise.all(
      points.map(({ afterEntryMs }) => ask({ from: asked.from + afterEntryMs, to: at }, isWeighed)),
    ),
  ]);
  const recent = current.some(({ kind }) => kind === 'value')
    ? await Promise.all(
        bareWindows({ enteredAt: asked.from, now: at, soakMs: stage.soakMs }).map((window) =>
          ask(window, (gate) => isWeighed(gate) || gate.kind === 'value'),
        ),
      )
    : [];
  return targets.map(({ gate, slowerThanMs }, index) => {
    const evidence = current[index] ?? UNANSWERED;
    const of = (readings: readonly (readonly Evidence[])[]): readonly Evidence[] =>
      isWeighed(gate) ? readings.map((reading) => reading[index] ?? UNANSWERED) : [];
    return {
      ...readingOf(gate, asked, evidence),
      slowerThanMs,
      earlier: of(earlier),
      restarts: of(restarts).map((each, point) => ({
        logWeight: points[point]?.logWeight ?? Number.NEGATIVE_INFINITY,
        evidence: each,
      })),
      recent: evidence.kind === 'value' ? recent.map((reading) => reading[index] ?? UNANSWERED) : [],
    };
  });
}

/** Returns the reading of a gate whose place did not answer. */
export function unanswered(
  state: Watching,
  { stage, at }: StageLook,
  { gate, why }: { readonly gate: Gate; readonly why: string },
): Reading {
  return readingOf(gate, evidenceWindow(state, stage, at), { kind: 'error', why });
}

const UNANSWERED: Evidence = { kind: 'error', why: 'the source left this gate without an answer' };

/** Only gates that are a question of chance look at more than the stage so far. */
function isWeighed(gate: Gate): boolean {
  return questionOf(gate) !== null;
}

function readingOf(gate: Gate, asked: Window, evidence: Evidence): Reading {
  return { gate, asked, evidence, earlier: [], restarts: [], recent: [], slowerThanMs: null };
}

/** Evidence starts at the end of warm-up once that is over; until then at the entry, where only harm counts. */
function evidenceWindow(state: Watching, stage: Stage, now: EpochMs): Window {
  const warmedUpAt = state.stageEnteredAt + stage.warmupMs;
  return { from: now > warmedUpAt ? warmedUpAt : state.stageEnteredAt, to: now };
}

/** Mirrored traffic of a shadow stage is another kind of traffic, so it is not weighed with what was served. */
function pastWindows({ plan }: RolloutContext, { past }: Watching): readonly Window[] {
  return past
    .filter(({ stageIndex }) => stageAt(plan, stageIndex).percentage > 0)
    .map(({ stageIndex, enteredAt, leftAt }) => {
      const warmedUpAt = enteredAt + stageAt(plan, stageIndex).warmupMs;
      return { from: warmedUpAt < leftAt ? warmedUpAt : enteredAt, to: leftAt };
    });
}

interface Target {
  readonly gate: Gate;
  readonly slowerThanMs: DurationMs | null;
  /** What the source is asked for; null where it cannot be asked, or not now. */
  readonly measurable: MeasurableGate | null;
  readonly instead: Evidence;
}

async function targetOf(context: RolloutContext, state: Watching, gate: Gate): Promise<Target> {
  const instead: Evidence = { kind: 'none', why: 'not asked' };
  if (gate.kind !== 'relative_latency') return { gate, measurable: gate, slowerThanMs: null, instead };
  const frozen = await frozenLatency(context, state, gate);
  if (typeof frozen !== 'number') return { gate, measurable: null, slowerThanMs: null, instead: frozen };
  const { name, severity, shadow, slowRatio: maxRatio } = gate;
  return {
    gate,
    slowerThanMs: frozen,
    measurable: { kind: 'latency', name, severity, shadow, maxRatio, maxMs: frozen },
    instead,
  };
}

/** The baseline's percentile in a fixed time before the rollout was created, plus the margin. */
async function frozenLatency(
  context: RolloutContext,
  state: Watching,
  { slowRatio, margin }: RelativeLatencyGate,
): Promise<DurationMs | Evidence> {
  if (state.previousVersion === null) {
    return { kind: 'unavailable', why: 'there is no previous version to compare with' };
  }
  const window = { from: state.createdAt - FROZEN_WINDOW_MS, to: state.createdAt };
  const common = { modelId: context.modelId, rolloutId: state.rolloutId, group: context.group?.id ?? null };
  const answer = await context.health.readPercentile(
    { ...common, version: state.previousVersion, window, slowRatio },
    context.signal,
  );
  return answer.kind === 'percentile' ? answer.ms * (1 + margin) : answer;
}

async function readTargets(
  context: RolloutContext,
  state: Watching,
  { window, targets }: { readonly window: Window; readonly targets: readonly Target[] },
): Promise<readonly Evidence[]> {
  const gates = targets.flatMap(({ measurable }) => measurable ?? []);
  const answers = gates.length === 0 ? [] : await readEvidence(context, state, { window, gates });
  let next = 0;
  return targets.map(({ measurable, instead }) => {
    if (measurable === null) return instead;
    next += 1;
    return answers[next - 1] ?? UNANSWERED;
  });
}

async function readEvidence(
  context: RolloutContext,
  state: Watching,
  { window, gates }: { readonly window: Window; readonly gates: readonly MeasurableGate[] },
): Promise<readonly Evidence[]> {
  const query = {
    modelId: context.modelId,
    rolloutId: state.rolloutId,
    version: context.plan.version,
    baselineVersion: state.previousVersion,
    group: context.group?.id ?? null,
    window,
    gates,
  };
  try {
    return await context.health.read(query, context.signal);
  } catch (thrown) {
    context.signal.throwIfAborted();
    const why = toError(thrown).message;
    return gates.map(() => ({ kind: 'error', why }));
  }
}
