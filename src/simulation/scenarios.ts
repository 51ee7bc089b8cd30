/** The named things that can happen to a rollout, each in one sentence. Pure. */
import { type DurationMs, type Percent, type Ratio, SECOND_MS } from '../core/units.ts';
import { USUAL_FLAKY_SHARE } from './device-class.ts';
import type { Harm, Onset } from './harm.ts';

/** What an author may change about a scenario. */
export interface ScenarioSettings {
  /** The percentage at which the candidate's fault shows. */
  readonly atPercentage: Percent;
  /** Time between reaching that percentage and the fault; null for the scenario's own. */
  readonly onsetMs: DurationMs | null;
  /** How long a stage is expected to soak; only `slow-burn` uses it. */
  readonly stageSoakMs: DurationMs;
  /** Share of requests that `error-spike` and `segment-errors` make fail; null for a fifth and a tenth. */
  readonly errorRatio: Ratio | null;
}

/** Where the candidate's fault shows, and how long a stage soaks, when nothing is said. */
export const USUAL_SCENARIO_SETTINGS: ScenarioSettings = {
  atPercentage: 25,
  onsetMs: null,
  stageSoakMs: 60 * SECOND_MS,
  errorRatio: null,
};

/** One scenario with everything that it changes about a healthy world. */
export interface Scenario {
  readonly sentence: string;
  /** What is wrong with the candidate, or null. */
  readonly harm: Harm | null;
  readonly onset: Onset;
  readonly offlineRatio: Ratio;
  /** Share of all errors that one device in fifty makes. */
  readonly flakyShare: Ratio;
  /** True when devices can be told apart by class, system and region. */
  readonly divided: boolean;
  /** True when the organisation's policy rolls back by itself. */
  readonly autoRollback: boolean;
}

type Fault = Pick<Scenario, 'sentence' | 'harm'> & Partial<Scenario>;

const ERROR_SPIKE: Harm = { kind: 'errors', ratio: 0.2 };

const SCENARIOS = {
  healthy: () => ({ sentence: 'The candidate is as good as the baseline.', harm: null }),
  'error-spike': ({ errorRatio }) => ({
    sentence: "A fifth of the candidate's requests fail once it reaches a percentage (25).",
    harm: errorRatio === null ? ERROR_SPIKE : { kind: 'errors', ratio: errorRatio },
  }),
  'crash-spike': () => ({
    sentence:
      "Three in ten of the candidate's devices crash, each within 3 s, once it reaches a percentage (25).",
    harm: { kind: 'crashes', ratio: 0.3, withinMs: 3 * SECOND_MS },
  }),
  'slow-burn': ({ stageSoakMs, onsetMs }) => ({
    sentence:
      "Most of the candidate's requests (60%) fail from late in the soak (70%) of the second percentage.",
    harm: { kind: 'errors', ratio: 0.6 },
    onset: { kind: 'step', step: 2, delayMs: onsetMs ?? 0.7 * stageSoakMs },
  }),
  'segment-errors': ({ errorRatio }) => ({
    sentence:
      "A tenth of the candidate's requests on small phones, one device in ten, fail once it reaches a percentage (25).",
    harm: {
      kind: 'errors',
      ratio: errorRatio ?? 0.1,
      onlyIn: { by: 'device_class', value: 'phone-low' },
    },
    divided: true,
  }),
  latency: () => ({
    sentence: "The candidate's requests take four times as long once it reaches a percentage (25).",
    harm: { kind: 'latency', factor: 4 },
  }),
  'memory-spike': () => ({
    sentence:
      "Three in ten of the candidate's devices run out of memory, each within 3 s, once it reaches a percentage (25).",
    harm: { kind: 'memory', ratio: 0.3, withinMs: 3 * SECOND_MS },
  }),
  'quality-drop': () => ({
    sentence:
      "The candidate's answers are worse once it reaches a percentage (25): a mean quality of 0.70 instead of 0.94.",
    harm: { kind: 'quality', mean: 0.7 },
  }),
  'no-data': () => ({
    sentence: 'Devices that run the candidate send nothing: zero requests, zero active devices.',
    harm: { kind: 'silence' },
    onset: { kind: 'always' },
  }),
  offline: () => ({
    sentence: 'Three in ten of the devices are offline: they never sync and never send.',
    harm: null,
    offlineRatio: 0.3,
  }),
  'auto-rollback': () => ({
    sentence:
      "A fifth of the candidate's requests fail once it reaches a percentage (25), and the server rolls it back by itself.",
    harm: ERROR_SPIKE,
    autoRollback: true,
  }),
  clustered: () => ({
    sentence:
      'One device in fifty makes nearly all errors, whichever version it runs; the candidate is healthy.',
    harm: null,
    flakyShare: 0.95,
  }),
} as const satisfies Record<string, (settings: ScenarioSettings) => Fault>;

/** The name of a scenario. */
export type ScenarioName = keyof typeof SCENARIOS;

/** Every scenario's name, in the order in which they are documented. */
export const SCENARIO_NAMES = Object.keys(SCENARIOS) as readonly ScenarioName[];

/** Returns a scenario with these settings. */
export function createScenario(name: ScenarioName, settings: ScenarioSettings): Scenario {
  const { atPercentage, onsetMs } = settings;
  const fault: Fault = SCENARIOS[name](settings);
  return {
    onset: { kind: 'percentage', percentage: atPercentage, delayMs: onsetMs ?? 0 },
    offlineRatio: 0,
    flakyShare: USUAL_FLAKY_SHARE,
    divided: false,
    autoRollback: false,
    ...fault,
  };
}
