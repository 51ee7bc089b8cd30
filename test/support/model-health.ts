/** The health of a modelled candidate, and a source that tells the truth about it except during its spells. */
import type { Counts, Evidence, Window } from '../../src/core/evidence.ts';
import type { AdoptionGate, Gate } from '../../src/core/plan.ts';
import type { HealthQuery } from '../../src/core/ports.ts';
import type { DeviceCount } from '../../src/core/rollout.ts';
import {
  type EpochMs,
  HOUR_MS,
  MINUTE_MS,
  type Percent,
  type Ratio,
  SECOND_MS,
} from '../../src/core/units.ts';
import type { HealthSpec, HealthSpell } from './model-world-spec.ts';

const HARMFUL_RATIO: Ratio = 0.6;
const STALE_BY_MS = 40 * MINUTE_MS;
const EARLY_BY_MS = 25 * MINUTE_MS;

/** What the source is asked about beside the query. */
export interface Exposure {
  readonly percentage: Percent;
  readonly devices: DeviceCount | null;
  readonly now: EpochMs;
}

/** The candidate's true health and the source that measures it. */
export interface ModelHealth {
  /** Tells that the candidate serves `percentage` at `now`. */
  notice(now: EpochMs, percentage: Percent): void;
  harmIsReal(): boolean;
  /** Answers a query; null when the source rejects. */
  answer(query: HealthQuery, exposure: Exposure): readonly Evidence[] | null;
}

/** Returns the health of a candidate. `start` is the server's time at which the spec's times begin. */
export function createModelHealth(spec: HealthSpec, start: EpochMs): ModelHealth {
  let exposedSince: EpochMs | null = null;
  let harmfulSince: EpochMs | null = null;
  return {
    notice(now, percentage) {
      const { harm } = spec;
      if (harm === null || percentage < harm.fromPercentage) return;
      exposedSince ??= now;
      const since = Math.max(exposedSince, start + harm.fromMs);
      if (now >= since) harmfulSince ??= since;
    },
    harmIsReal: () => harmfulSince !== null,
    answer(query, exposure) {
      const spell = spec.spells.find(
        ({ fromMs, toMs }) => exposure.now >= start + fromMs && exposure.now < start + toMs,
      );
      if (spell?.kind === 'reject') return null;
      const measured = { spec, harmfulSince, spell, exposure, asked: query.window };
      const answers = query.gates.map((gate) => answerGate(measured, gate));
      return spell?.kind === 'short' ? answers.slice(1) : answers;
    },
  };
}

interface Measuring {
  readonly spec: HealthSpec;
  readonly harmfulSince: EpochMs | null;
  readonly spell: HealthSpell | undefined;
  readonly exposure: Exposure;
  readonly asked: Window;
}

function answerGate(measuring: Measuring, gate: Gate): Evidence {
  const kind = measuring.spell?.kind;
  if (kind === 'none') return { kind: 'none', why: 'nothing measured' };
  if (kind === 'error') return { kind: 'error', why: 'the source is broken' };
  const covered = windowOf(measuring.asked, kind);
  if (gate.kind === 'adoption') return adoption(measuring, gate, covered);
  const trials = trialsOf(measuring, gate, covered);
  const truth = { trials, events: trials * eventRatio(measuring, gate.maxRatio, covered) };
  const counts: Counts = { ...spoilt(truth, kind), devices: null, devicesWithEvents: null };
  return { kind: 'counts', candidate: counts, baseline: null, covered };
}

function windowOf(asked: Window, kind: HealthSpell['kind'] | undefined): Window {
  if (kind === 'stale')
    return { from: asked.from, to: Math.max(asked.from + SECOND_MS, asked.to - STALE_BY_MS) };
  if (kind === 'early') return { from: asked.from - EARLY_BY_MS, to: asked.to };
  return kind === 'empty_window' ? { from: asked.to, to: asked.to } : asked;
}

function trialsOf({ spec, exposure }: Measuring, gate: Gate, covered: Window): number {
  const byDevice = gate.name === 'crash_rate' || gate.name === 'memory_rate';
  // Mirrored traffic at 0% is as much as a tenth of the fleet would have.
  const share = exposure.percentage === 0 ? 0.1 : exposure.percentage / 100;
  if (byDevice) return Math.ceil(share * 200);
  return Math.floor((spec.requestsPerHour * (covered.to - covered.from)) / HOUR_MS);
}

function eventRatio({ harmfulSince }: Measuring, maxRatio: Ratio, { from, to }: Window): Ratio {
  const clean = maxRatio / 10;
  if (harmfulSince === null || to <= from) return clean;
  const harmful = Math.max(0, Math.min(1, (to - Math.max(from, harmfulSince)) / (to - from)));
  return harmful * HARMFUL_RATIO + (1 - harmful) * clean;
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
      return truth;
  }
}

function adoption({ exposure, spell }: Measuring, _gate: AdoptionGate, covered: Window): Evidence {
  const { devices } = exposure;
  if (devices === null || devices.onVersion === null || devices.reachable === null) {
    return { kind: 'unavailable', why: 'devices are not counted by version' };
  }
  const truth = { events: devices.onVersion, trials: devices.reachable };
  const candidate: Counts = { ...spoilt(truth, spell?.kind), devices: null, devicesWithEvents: null };
  return { kind: 'counts', candidate, baseline: null, covered };
}
