/** Reference values of the gates, computed with 60 digits, and the product's series and decisions for them. */
import { readFileSync } from 'node:fs';
import { decide } from '../../src/core/decide.ts';
import type { Counts, Evidence, Reading } from '../../src/core/evidence.ts';
import type { Decision } from '../../src/core/look.ts';
import type { Gate, Stage } from '../../src/core/plan.ts';
import type { GateSeries, StageTotals } from '../../src/core/statistics/gate-series.ts';
import { type EpochMs, MINUTE_MS } from '../../src/core/units.ts';
import {
  aLatencyGate,
  aLook,
  aPlan,
  aRateGate,
  aReading,
  aRemoteRollout,
  aStage,
  aWatching,
  T0,
} from './core-builders.ts';

type Metric = 'errors' | 'crashes' | 'slowVsLimit' | 'slowVsBaseline';

interface ArmVector extends Readonly<Record<Metric, number>> {
  readonly requests: number;
  readonly devices: number;
  readonly devicesWith: Readonly<Record<Metric, number>>;
}

interface StageVector {
  readonly candidate: ArmVector;
  readonly baseline: ArmVector;
}

/** Gates over one or more stages, all of them critical. */
export interface GatesInput {
  readonly name: string;
  /** 2 when devices with events are told, 1 when only devices are. */
  readonly level: 1 | 2;
  readonly limits: Readonly<Record<'error' | 'crash' | 'slow', number>>;
  readonly stages: readonly StageVector[];
}

/** The same at one look of a rollout; times in minutes, `plan` in shares of the fleet. */
export interface DecideInput extends GatesInput {
  readonly plan: readonly number[];
  readonly stageIndex: number;
  readonly elapsedMin: number;
  readonly bakeMin: number;
  readonly minBakeMin: number;
  readonly maxWaitMin: number;
}

/** Counts `k` of `n` against the rate `pi`. */
interface StratumVector {
  readonly k: number;
  readonly n: number;
  readonly pi: number;
}

/** Counts of the candidate (1) and the baseline (0). */
interface ComparedVector {
  readonly n1: number;
  readonly k1: number;
  readonly n0: number;
  readonly k0: number;
}

interface DevicesVector {
  readonly k: number;
  readonly D: number;
  readonly d: number;
}

/** One reference value; `fn` says of what. */
export type GateVector = { readonly id: number; readonly tol: string; readonly note: string } & (
  | VectorOf<'logE', { sign: 1 | -1; strata: readonly StratumVector[] }, number>
  | VectorOf<'logE.relative', { sign: 1 | -1; rho: number; strata: readonly ComparedVector[] }, number>
  | VectorOf<'zeroFractionPhi' | 'shrunkPhi', DevicesVector, number | null>
  | VectorOf<'designEffect', { k: number; D: number | null; d: number | null; phi: number }, number>
  | VectorOf<'rateBounds', { k: number; n: number; alpha: number }, readonly [number, number]>
  | VectorOf<'ratioBounds', { strata: readonly ComparedVector[]; alpha: number }, readonly [number, number]>
  | VectorOf<'combine', { logEs: readonly number[] }, number>
  | VectorOf<'gates', GatesInput, { logE: readonly number[]; combined: number }>
  | VectorOf<'decide', DecideInput, { decision: VectorDecision; combinedLogE: number }>
);

interface VectorOf<F extends string, I, O> {
  readonly fn: F;
  readonly input: Readonly<I>;
  readonly output: O;
}

/** What a reference decision is called. */
export type VectorDecision = 'rollback' | 'promote' | 'wait' | 'hold';

/** Returns all reference values. */
export function readGateVectors(): readonly GateVector[] {
  const file = new URL('../fixtures/statistics/gate-vectors.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).vectors;
}

/** Returns the product's series of the four gates: errors, crashes, slow against a limit and the baseline. */
export function seriesOfVector(input: GatesInput): readonly GateSeries[] {
  const seriesOf = (metric: Metric, over: Partial<GateSeries>): GateSeries => ({
    limit: null,
    tolerance: 1,
    clustering: 'requests',
    designEffect: 3,
    stages: input.stages.map((stage) => totalsOf(stage, metric, input.level)),
    restarts: null,
    ...over,
  });
  return [
    seriesOf('errors', { limit: input.limits.error }),
    seriesOf('crashes', { limit: input.limits.crash }),
    seriesOf('slowVsLimit', { limit: input.limits.slow, tolerance: null, clustering: 'latency' }),
    seriesOf('slowVsBaseline', { clustering: 'latency' }),
  ];
}

/**
 * Returns the product's decision at the look of a vector.
 *
 * The vectors count crashes of requests; the product counts devices that crashed, so crashes are given as a
 * second error rate with its own limit, which is judged as requests are.
 */
export function decideVector(input: DecideInput): Decision {
  const { limits, stageIndex, plan: shares } = input;
  const soakMs = input.bakeMin * MINUTE_MS;
  // The vectors stop at the last moment of the wait, the product just after it.
  const maxWaitMs = input.maxWaitMin * MINUTE_MS - soakMs - 1;
  const stages = shares.map((share) => aStage({ percentage: share * 100, soakMs, maxWaitMs, gates: [] }));
  const at = T0 + input.elapsedMin * MINUTE_MS;
  const percentage = (shares[stageIndex] ?? Number.NaN) * 100;
  const isLast = stageIndex === shares.length - 1;
  const state = aWatching({
    phase: isLast ? 'baking' : 'soaking',
    stageIndex,
    percentage,
    past: input.stages.slice(0, -1).map((_, index) => ({ stageIndex: index, ...hourBefore(index) })),
    // When silence began is none of what the vectors are about.
    lastEvidenceAt: at,
  });
  const gates: readonly (readonly [Gate, Metric])[] = [
    [aRateGate({ maxRatio: limits.error, margin: 0 }), 'errors'],
    [aRateGate({ maxRatio: limits.crash, margin: 0 }), 'crashes'],
    [aLatencyGate({ maxRatio: limits.slow }), 'slowVsLimit'],
    [RELATIVE, 'slowVsBaseline'],
  ];
  const look = aLook({
    at,
    server: { kind: 'rollout', rollout: aRemoteRollout({ percentage }) },
    readings: gates.map(([gate, metric]) => readingOf(input, at, { gate, metric })),
  });
  return decide(aPlan({ stages: stages as [Stage, ...Stage[]] }), state, look);
}

/** Returns the word that the vectors use for a decision of the product. */
export function wordFor({ command }: Decision): VectorDecision {
  switch (command.kind) {
    case 'roll_back':
      return 'rollback';
    case 'raise':
      return 'promote';
    case 'finish':
      if (command.outcome === 'completed') return 'promote';
      break;
    case 'pause':
      return 'hold';
    case 'wait':
      return 'wait';
    default:
  }
  throw new RangeError(`no vector decides to ${command.kind}`);
}

const RELATIVE: Gate = {
  kind: 'relative_latency',
  name: 'latency_p95',
  severity: 'critical',
  shadow: false,
  slowRatio: 0.05,
  margin: 0.1,
};

const HOUR = 60 * MINUTE_MS;

function hourBefore(index: number): { enteredAt: EpochMs; leftAt: EpochMs } {
  return { enteredAt: T0 - (index + 1) * HOUR, leftAt: T0 - index * HOUR };
}

function readingOf(
  { stages, level }: DecideInput,
  at: EpochMs,
  { gate, metric }: { gate: Gate; metric: Metric },
): Reading {
  const window = { from: T0, to: at };
  const evidence = stages.map(
    (stage): Evidence => ({ kind: 'counts', ...totalsOf(stage, metric, level), covered: window }),
  );
  const current: Evidence = evidence.at(-1) ?? { kind: 'none', why: 'no stage' };
  return aReading({ gate, asked: window, evidence: current, earlier: evidence.slice(0, -1) });
}

function totalsOf({ candidate, baseline }: StageVector, metric: Metric, level: 1 | 2): StageTotals {
  const counts = (arm: ArmVector): Counts => ({
    events: arm[metric],
    trials: arm.requests,
    devices: arm.devices,
    devicesWithEvents: level === 2 ? arm.devicesWith[metric] : null,
  });
  return { candidate: counts(candidate), baseline: counts(baseline) };
}
