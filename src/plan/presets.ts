/** Ready-made plans. Pure. */
import { DAY_MS, type DurationMs, HOUR_MS, MINUTE_MS, type Percent } from '../core/units.ts';

/** The names of the presets, the default first. */
export const PRESET_NAMES = [
  'standard',
  'canary',
  'blue-green',
  'linear',
  'major',
  'low-traffic',
  'shadow',
] as const;

/** The name of a preset. */
export type PresetName = (typeof PRESET_NAMES)[number];

/** A ready-made list of stages. */
export interface Preset {
  /** When to take it, in one sentence. */
  readonly description: string;
  /** Every stage but the last, strictly increasing. The last is 100%. */
  readonly stages: readonly { readonly percentage: Percent; readonly soakMs: DurationMs }[];
  readonly bakeMs: DurationMs;
  /** Time beyond a soak that may pass while evidence is missing; null for twice the soak. */
  readonly maxWaitMs: DurationMs | null;
}

const soaking = (...stages: readonly (readonly [Percent, DurationMs])[]): Preset['stages'] =>
  stages.map(([percentage, soakMs]) => ({ percentage, soakMs }));

const CANARY_STAGES = soaking([5, HOUR_MS], [25, 4 * HOUR_MS]);

/**
 * All presets.
 *
 * `canary` and `blue-green` are the vendor's recipes, `linear` is its `increment_step` of 10, `standard` and
 * `major` are its advice on steps and durations (docs /features/rollouts, /operate/rollback).
 */
export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  standard: {
    description: 'For most releases.',
    stages: soaking([1, 15 * MINUTE_MS], [10, HOUR_MS], [50, 2 * HOUR_MS]),
    bakeMs: HOUR_MS,
    maxWaitMs: null,
  },
  canary: {
    description: 'For a release that wants more time on few devices.',
    stages: CANARY_STAGES,
    bakeMs: 15 * MINUTE_MS,
    maxWaitMs: null,
  },
  'blue-green': {
    description: 'For a switch of the whole fleet at once that can be taken back at once.',
    stages: [],
    bakeMs: 30 * MINUTE_MS,
    maxWaitMs: null,
  },
  linear: {
    description: 'For equal steps.',
    stages: [10, 20, 30, 40, 50, 60, 70, 80, 90].map((percentage) => ({
      percentage,
      soakMs: 30 * MINUTE_MS,
    })),
    bakeMs: 30 * MINUTE_MS,
    maxWaitMs: null,
  },
  major: {
    description: 'For changes of architecture; far longer than a job, so for scheduled runs only.',
    stages: soaking([1, DAY_MS], [5, 2 * DAY_MS], [10, 2 * DAY_MS], [25, 3 * DAY_MS], [50, 3 * DAY_MS]),
    bakeMs: DAY_MS,
    maxWaitMs: null,
  },
  'low-traffic': {
    description: 'For fleets with few requests: a stage ends when there is enough evidence, not by time.',
    stages: soaking([1, 0], [10, 0], [50, 0]),
    bakeMs: HOUR_MS,
    maxWaitMs: 3 * DAY_MS,
  },
  shadow: {
    description: 'For high stakes: mirrored traffic at 0% first, then `canary`.',
    stages: [{ percentage: 0, soakMs: HOUR_MS }, ...CANARY_STAGES],
    bakeMs: 15 * MINUTE_MS,
    maxWaitMs: null,
  },
};
