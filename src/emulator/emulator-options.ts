/** What an emulator is started with, and what it takes where nothing is said. */
import { DAY_MS, type DurationMs, type EpochMs, HOUR_MS, type Percent, type Ratio } from '../core/units.ts';
import type { GroupSize } from '../simulation/fleet.ts';
import {
  createScenario,
  type Scenario,
  type ScenarioName,
  type ScenarioSettings,
  USUAL_SCENARIO_SETTINGS,
} from '../simulation/scenarios.ts';
import { HEALTHY_WORLD } from '../simulation/world-settings.ts';
import { PROFILES, type ProfileName, type Switches } from './switches.ts';

/** The organisation's rules for rollouts. Ratios are shares of requests and devices. */
export interface OrgPolicy {
  readonly autoRollbackEnabled: boolean;
  readonly errorThreshold: Ratio;
  readonly crashThreshold: Ratio;
  readonly requireModelApproval: boolean;
  /** True when no version may be rolled out: none was evaluated. */
  readonly requireEvaluation: boolean;
  /** Least time between two raises of a percentage. */
  readonly minRolloutDurationMs: DurationMs;
  /** Largest raise of a percentage. */
  readonly maxRolloutStep: Percent;
}

/** Where an emulator gets the time from. It never goes back. */
export interface EmulatorClock {
  now(): EpochMs;
  /** Moves time forward; absent where a control route can not move it. */
  advanceTo?(at: EpochMs): void;
}

/** Everything that can be chosen. */
interface Choices {
  readonly scenarioSettings: Partial<ScenarioSettings>;
  readonly clock: EmulatorClock;
  readonly profile: ProfileName;
  readonly seed: number;
  /** 0 for any free one. */
  readonly port: number;
  /** The only key that is accepted; null for every key that is not empty. */
  readonly apiKey: string | null;
  readonly orgId: string;
  readonly modelId: string;
  readonly model: string;
  /** The version that every device runs at the start. */
  readonly baseline: string;
  /** The version that a scenario's fault is in. */
  readonly candidate: string;
  /** Every published version, oldest first; baseline and candidate are added where they are missing. */
  readonly versions: readonly string[];
  /** Models of the organisation; ours is the last of the list. */
  readonly modelCount: number;
  readonly devices: number;
  readonly groups: readonly GroupSize[];
  /** True for a model that was never rolled out: devices run nothing. */
  readonly firstEver: boolean;
  readonly syncMs: DurationMs;
  readonly requestsPerHour: number;
  readonly diurnal: boolean;
  readonly telemetryDelayMs: DurationMs;
  /** Time before the start for which health is known; at most `BASELINE_AGE_MS`. */
  readonly historyMs: DurationMs;
  /** True when devices can be told apart by class, system and region, whatever the scenario. */
  readonly segments: boolean;
  /** True when an experiment on the model is running. */
  readonly experiment: boolean;
  /** Requests per minute of emulated time; null for no limit. */
  readonly rateLimit: number | null;
  /** Where loud remarks go, such as a request to a route that does not exist. */
  readonly warn: (line: string) => void;
}

/** What an emulator is started with; all but the clock has a default. */
export interface EmulatorOptions extends Partial<Omit<Choices, 'clock'>> {
  readonly clock: EmulatorClock;
  readonly scenario?: ScenarioName;
  readonly conflicts?: Partial<Switches>;
  readonly policy?: Partial<OrgPolicy>;
}

/** Options with every default filled in. */
export interface EmulatorSettings extends Choices {
  readonly scenarioName: ScenarioName;
  readonly scenario: Scenario;
  readonly switches: Switches;
  readonly policy: OrgPolicy;
}

/** How long before the start the baseline was rolled out. */
export const BASELINE_AGE_MS: DurationMs = 7 * DAY_MS;

const RELAXED_POLICY: OrgPolicy = {
  autoRollbackEnabled: false,
  errorThreshold: 0.05,
  crashThreshold: 0.01,
  requireModelApproval: false,
  requireEvaluation: false,
  minRolloutDurationMs: 0,
  maxRolloutStep: 100,
};

/** What is taken where nothing is said: the fleet of docs /features/rollouts, and a healthy world. */
export const USUAL_CHOICES = {
  scenarioSettings: {},
  profile: 'full',
  seed: 1,
  port: 0,
  apiKey: null,
  orgId: 'org_demo',
  modelId: 'mdl_radiology',
  model: 'radiology-v1',
  baseline: '1.0.0',
  candidate: '2.0.0',
  versions: [],
  modelCount: 1,
  devices: 124,
  groups: [],
  firstEver: false,
  syncMs: HEALTHY_WORLD.syncMs,
  requestsPerHour: HEALTHY_WORLD.requestsPerHour,
  diurnal: HEALTHY_WORLD.diurnal,
  telemetryDelayMs: 0,
  historyMs: HOUR_MS,
  segments: false,
  experiment: false,
  rateLimit: null,
  warn: () => {},
} as const satisfies Omit<Choices, 'clock'>;

/**
 * Returns the settings that the options ask for.
 *
 * With `versions-as=integer` baseline and candidate are 1 and 2 where they are not given. Errors: RangeError
 * for a version that is no whole number then, for a candidate that is the baseline, and for a history from before
 * the baseline.
 */
export function settleOptions(options: EmulatorOptions): EmulatorSettings {
  const { scenario: scenarioName = 'healthy', conflicts, policy, ...choices } = options;
  const switches = { ...PROFILES[options.profile ?? 'full'], ...conflicts };
  const numbered = switches['versions-as'] === 'integer' ? { baseline: '1', candidate: '2' } : {};
  const settled: Choices = { ...USUAL_CHOICES, ...numbered, ...choices };
  const { baseline, candidate } = settled;
  const versions = [...new Set([...settled.versions, baseline, candidate])];
  const scenario = createScenario(scenarioName, { ...USUAL_SCENARIO_SETTINGS, ...settled.scenarioSettings });
  if (baseline === candidate) {
    throw new RangeError(`baseline and candidate are both "${baseline}"; expected two versions`);
  }
  if (!(settled.historyMs >= 0 && settled.historyMs <= BASELINE_AGE_MS)) {
    throw new RangeError(
      `a history of ${settled.historyMs} ms; expected 0 to ${BASELINE_AGE_MS}, when the baseline was rolled out`,
    );
  }
  const worded = versions.find((version) => !/^\d+$/.test(version));
  if (switches['versions-as'] === 'integer' && worded !== undefined) {
    throw new RangeError(`version "${worded}" with versions-as=integer; expected a whole number`);
  }
  return {
    ...settled,
    versions,
    scenarioName,
    scenario,
    switches,
    policy: { ...RELAXED_POLICY, autoRollbackEnabled: scenario.autoRollback, ...policy },
  };
}
