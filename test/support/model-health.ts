/** A health source that tells the truth about a modelled world except during its spells. */
import type { Counts, Evidence, Window } from '../../src/core/evidence.ts';
import type { HealthQuery, MeasurableGate, PercentileAnswer } from '../../src/core/ports.ts';
import type { DeviceCount } from '../../src/core/rollout.ts';
import { type EpochMs, HOUR_MS, MINUTE_MS, type Ratio, SECOND_MS } from '../../src/core/units.ts';
import { createModelTruth, type ModelTruth } from './model-truth.ts';
import type { HealthSpec, HealthSpell } from './model-world-spec.ts';

const STALE_BY_MS = 40 * MINUTE_MS;
const EARLY_BY_MS = 25 * MINUTE_MS;
const BASELINE_PERCENTILE_MS = 300;
// Mirrored traffic at 0% is as much as a tenth of the fleet would have.
const MIRRORED_SHARE: Ratio = 0.1;

/** What the source is asked about beside the query. */
export interface Exposure {
  readonly devices: DeviceCount | null;
  readonly now: EpochMs;
}

/** The true health of a world and the source that measures it. */
export interface ModelHealth extends Pick<ModelTruth, 'notice' | 'harmIsReal'> {
  /** Answers a query; null when the source rejects. */
  answer(query: HealthQuery, exposure: Exposure): readonly Evidence[] | null;
  /** How long the baseline's requests took before the rollout. */
  percentile(now: EpochMs): PercentileAnswer;
}

/** Returns the health of a world. `start` is the server's time at which the spec's times begin. */
export function createModelHealth(spec: HealthSpec, start: EpochMs): ModelHealth {
  const truth = createModelTruth(spec, start);
  const spellAt = (now: EpochMs): HealthSpell['kind'] | undefined =>
    spec.spells.find(({ fromMs, toMs }) => now >= start + fromMs && now < start + toMs)?.kind;
  return {
    notice: truth.notice,
    harmIsReal: truth.harmIsReal,
    answer({ window, gates }, exposure) {
      const spell = spellAt(exposure.now);
      if (spell === 'reject') return null;
      const measuring = { spec, truth, spell, exposure, covered: windowOf(window, spell) };
      const answers = gates.map((gate) => answerGate(measuring, gate));
      return spell === 'short' ? answers.slice(1) : answers;
    },
    percentile(now) {
      const spell = spellAt(now);
      if (spell === 'error' || spell === 'reject') return { kind: 'error', why: 'the source is broken' };
      if (spell === 'none' || spec.requestsPerHour === 0) return { kind: 'none', why: 'nothing measured' };
      return { kind: 'percentile', ms: BASELINE_PERCENTILE_MS, trials: 10_000 };
    },
  };
}

interface Measuring {
  readonly spec: HealthSpec;
  readonly truth: ModelTruth;
  readonly spell: HealthSpell['kind'] | undefined;
  readonly exposure: Exposure;
  readonly covered: Window;
}

function windowOf(asked: Window, kind: HealthSpell['kind'] | undefined): Window {
  if (kind === 'stale')
    return { from: asked.from, to: Math.max(asked.from + SECOND_MS, asked.to - STALE_BY_MS) };
  if (kind === 'early') return { from: asked.from - EARLY_BY_MS, to: asked.to };
  return kind === 'empty_window' ? { from: asked.to, to: asked.to } : asked;
}

function answerGate(measuring: Measuring, gate: MeasurableGate): Evidence {
  const { spec, spell, covered, exposure } = measuring;
  if (spell === 'none') return { kind: 'none', why: 'nothing measured' };
  if (spell === 'error') return { kind: 'error', why: 'the source is broken' };
  if (gate.kind === 'adoption' || gate.kind === 'assignment') {
    const counted = devicesOf(exposure.devices, gate.kind, spec.skewed);
    if (counted === null) return { kind: 'unavailable', why: 'devices are not counted by version' };
    const candidate: Counts = { ...spoilt(counted, spell), devices: null, devicesWithEvents: null };
    return { kind: 'counts', candidate, baseline: null, covered };
  }
  if (gate.kind === 'value') return { kind: 'none', why: 'the model has no values of its own' };
  const measured = both(measuring, gate);
  if (spec.bare || spell === 'bare') return bareValue(measuring, gate, measured.candidate);
  const { candidate, baseline } = measured;
  return { kind: 'counts', candidate: { ...candidate, ...spoilt(candidate, spell) }, baseline, covered };
}

type RequestGate = Exclude<MeasurableGate, { kind: 'adoption' | 'assignment' | 'value' }>;

/** Returns the most events of the trials that a gate accepts. */
function limitOf(gate: RequestGate): Ratio {
  return gate.kind === 'quality' ? 1 - gate.minRatio : gate.maxRatio;
}

function both(
  { spec, truth, covered }: Measuring,
  gate: RequestGate,
): { readonly candidate: Counts; readonly baseline: Counts | null } {
  const clean = limitOf(gate) * spec.cleanPart;
  const percentage = truth.percentageAt(covered.to);
  const devices = spec.devices * (percentage === 0 ? MIRRORED_SHARE : percentage / 100);
  const requests = Math.floor((spec.requestsPerHour * (covered.to - covered.from)) / HOUR_MS);
  const counts = (factor: number, ratio: Ratio): Counts => {
    if (gate.name === 'crash_rate' || gate.name === 'memory_rate') {
      const trials = devices * factor;
      return { events: trials * ratio, trials, ...spread(spec.level, trials * ratio, trials) };
    }
    const trials = requests * factor;
    const seen = Math.min(devices * factor, trials);
    return { events: trials * ratio, trials, ...spread(spec.level, trials * ratio, seen) };
  };
  const candidate = counts(1, truth.candidateRatio(clean, covered));
  // Mirrored traffic has nothing beside it.
  if (!spec.baseline || percentage === 0) return { candidate, baseline: null };
  return { candidate, baseline: counts(truth.baselineFactor(covered), truth.baselineRatio(clean, covered)) };
}

/** Events fall on devices by chance alone. */
function spread(
  level: HealthSpec['level'],
  events: number,
  devices: number,
): Pick<Counts, 'devices' | 'devicesWithEvents'> {
  if (level === 0) return { devices: null, devicesWithEvents: null };
  if (level === 1) return { devices, devicesWithEvents: null };
  const hit = devices > 0 ? -devices * Math.expm1(-events / devices) : 0;
  return { devices, devicesWithEvents: Math.min(hit, events, devices) };
}

function bareValue(
  { spell, covered, truth, spec }: Measuring,
  gate: RequestGate,
  { events, trials }: Counts,
): Evidence {
  if (trials === 0 || spell === 'zero') return { kind: 'none', why: 'nothing measured' };
  const devices = spec.level === 0 ? null : (spec.devices * truth.percentageAt(covered.to)) / 100;
  return { kind: 'value', value: shownValue(gate, events / trials, spell), devices, covered };
}

function shownValue(gate: RequestGate, ratio: Ratio, spell: HealthSpell['kind'] | undefined): number {
  if (spell === 'nan') return Number.NaN;
  if (spell === 'negative') return -1;
  if (gate.kind === 'latency') return ratio > gate.maxRatio ? 2 * gate.maxMs : gate.maxMs / 2;
  if (spell === 'excess') return 2;
  return gate.kind === 'quality' ? 1 - ratio : ratio;
}

function spoilt(
  truth: Pick<Counts, 'events' | 'trials'>,
  kind: HealthSpell['kind'] | undefined,
): Pick<Counts, 'events' | 'trials'> {
  switch (kind) {
    case 'zero':
      return { events: 0, trials: 0 };
    case 'nan':
      return { events: Number.NaN, trials: truth.trials };
    case 'negative':
      return { events: -1, trials: truth.trials };
    case 'excess':
      return { events: truth.trials + 1, trials: truth.trials };
    default:
      return { events: truth.events, trials: truth.trials };
  }
}

function devicesOf(
  devices: DeviceCount | null,
  kind: 'adoption' | 'assignment',
  skewed: boolean,
): Pick<Counts, 'events' | 'trials'> | null {
  if (devices === null) return null;
  const { assigned, onVersion, reachable, total } = devices;
  if (kind === 'assignment') {
    return total === null ? null : { events: skewed ? Math.floor(assigned / 2) : assigned, trials: total };
  }
  return onVersion === null || reachable === null ? null : { events: onVersion, trials: reachable };
}
