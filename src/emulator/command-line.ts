/** Reads the emulator's command line. */
import { parseArgs } from 'node:util';
import { DAY_MS, type DurationMs, HOUR_MS, MINUTE_MS, type Ratio, SECOND_MS } from '../core/units.ts';
import { FLEET_LIMITS, type GroupSize } from '../simulation/fleet.ts';
import { SCENARIO_NAMES } from '../simulation/scenarios.ts';
import type { EmulatorOptions, OrgPolicy } from './emulator-options.ts';
import { FLAGS, type Flag, type FlagName } from './flags.ts';
import { PROFILE_NAMES, parseSwitch, type Switches } from './switches.ts';
import type { ClockSettings } from './wall-clock.ts';

/** What a command line asks for. */
export type CommandLine =
  | { readonly kind: 'help' }
  | {
      readonly kind: 'serve';
      readonly options: Omit<EmulatorOptions, 'clock'>;
      readonly clock: ClockSettings;
    };

type Values = Readonly<Partial<Record<FlagName, string | boolean | readonly string[]>>>;

/**
 * Returns what the arguments ask for.
 *
 * Errors: RangeError in one sentence that names the flag, what was got and what was expected.
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const values = flagValues(args);
  if (values.help === true) return { kind: 'help' };
  const time = text(values, 'start');
  const startAt = time === undefined ? null : Date.parse(time);
  if (Number.isNaN(startAt)) throw unexpected('start', time, 'an ISO 8601 time such as 2026-11-20T10:00:00Z');
  const timeScale = number(values, 'time-scale', { min: 0, max: 100_000 }) ?? 1;
  return { kind: 'serve', options: { ...optionsOf(values) }, clock: { startAt, timeScale } };
}

function optionsOf(values: Values): Omit<EmulatorOptions, 'clock'> {
  const conflicts = texts(values, 'conflict').map(parseSwitch);
  const chosen = {
    scenario: oneOf(values, 'scenario', SCENARIO_NAMES),
    profile: oneOf(values, 'profile', PROFILE_NAMES),
    port: whole(values, 'port', { min: 0, max: 65_535 }),
    seed: whole(values, 'seed', { min: 0, max: Number.MAX_SAFE_INTEGER }),
    apiKey: text(values, 'api-key'),
    orgId: text(values, 'org-id'),
    model: text(values, 'model'),
    modelId: text(values, 'model-id'),
    modelCount: whole(values, 'models', { min: 1, max: 10_000 }),
    baseline: text(values, 'baseline'),
    candidate: text(values, 'candidate'),
    versions: values.publish === undefined ? undefined : versionsOf(values),
    firstEver: flag(values, 'first-ever'),
    devices: whole(values, 'devices', FLEET_LIMITS),
    groups: texts(values, 'groups').flatMap((given) => given.split(',').map(parseGroup)),
    syncMs: seconds(values, 'sync-seconds'),
    requestsPerHour: number(values, 'requests-per-hour', { min: 0, max: 1_000_000 }),
    diurnal: flag(values, 'diurnal'),
    telemetryDelayMs: seconds(values, 'telemetry-delay-seconds'),
    historyMs: duration(values, 'history'),
    scenarioSettings: withoutUndefined({
      atPercentage: number(values, 'at-percentage', { min: 0, max: 100 }),
      onsetMs: seconds(values, 'onset-seconds'),
      errorRatio: ratio(values, 'error-percent'),
      stageSoakMs: seconds(values, 'stage-soak-seconds'),
    }),
    policy: policyOf(values),
    segments: flag(values, 'segments'),
    experiment: flag(values, 'experiment'),
    rateLimit: whole(values, 'rate-limit', { min: 1, max: 1_000_000 }),
    conflicts: Object.assign({}, ...conflicts) as Partial<Switches>,
  };
  return withoutUndefined(chosen);
}

function policyOf(values: Values): Partial<OrgPolicy> | undefined {
  const policy: Partial<OrgPolicy> = withoutUndefined({
    autoRollbackEnabled: flag(values, 'auto-rollback'),
    minRolloutDurationMs: duration(values, 'min-rollout-duration'),
    maxRolloutStep: number(values, 'max-rollout-step', { min: 0.1, max: 100 }),
    requireModelApproval: flag(values, 'require-approval'),
    requireEvaluation: flag(values, 'require-eval'),
  });
  return Object.keys(policy).length === 0 ? undefined : policy;
}

type Given<T> = { readonly [Key in keyof T]?: Exclude<T[Key], undefined> };

function withoutUndefined<T extends object>(object: T): Given<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Given<T>;
}

// Further versions are newer than both, so the two of the rollout come first.
function versionsOf(values: Values): readonly string[] {
  const baseline = text(values, 'baseline') ?? '1.0.0';
  const candidate = text(values, 'candidate') ?? '2.0.0';
  return [baseline, candidate, ...texts(values, 'publish')];
}

function flagValues(args: readonly string[]): Values {
  const options = Object.fromEntries(
    Object.entries<Flag>(FLAGS).map(([name, { value, repeatable = false }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const), multiple: repeatable },
    ]),
  );
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values as Values;
  } catch (thrown) {
    throw new RangeError(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function parseGroup(given: string): GroupSize {
  const match = /^([A-Za-z0-9_-]+):(\d{1,6})$/.exec(given);
  if (match === null) throw unexpected('groups', given, 'a name and a number of devices, such as beta:20');
  return { name: match[1] ?? '', count: Number(match[2]) };
}

function text(values: Values, name: FlagName): string | undefined {
  const value = values[name];
  if (value === '') throw unexpected(name, '', 'a text that is not empty');
  return typeof value === 'string' ? value : undefined;
}

function texts(values: Values, name: FlagName): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

function flag(values: Values, name: FlagName): true | undefined {
  return values[name] === true ? true : undefined;
}

function oneOf<T extends string>(values: Values, name: FlagName, known: readonly T[]): T | undefined {
  const given = text(values, name);
  if (given === undefined) return undefined;
  const found = known.find((one) => one === given);
  if (found === undefined) throw unexpected(name, given, `one of ${known.join(', ')}`);
  return found;
}

interface Limits {
  readonly min: number;
  readonly max: number;
}

function number(values: Values, name: FlagName, { min, max }: Limits): number | undefined {
  const given = text(values, name);
  if (given === undefined) return undefined;
  const value = /^\d+(\.\d+)?$/.test(given) ? Number(given) : Number.NaN;
  if (!(value >= min && value <= max)) throw unexpected(name, given, `a number from ${min} to ${max}`);
  return value;
}

function ratio(values: Values, name: FlagName): Ratio | undefined {
  const percent = number(values, name, { min: 0, max: 100 });
  return percent === undefined ? undefined : percent / 100;
}

function whole(values: Values, name: FlagName, limits: Limits): number | undefined {
  const value = number(values, name, limits);
  if (value !== undefined && !Number.isInteger(value))
    throw unexpected(name, String(value), 'a whole number');
  return value;
}

function seconds(values: Values, name: FlagName): number | undefined {
  const value = number(values, name, { min: 0, max: 31_536_000 });
  return value === undefined ? undefined : value * SECOND_MS;
}

const UNITS_MS: Readonly<Record<string, DurationMs>> = {
  s: SECOND_MS,
  m: MINUTE_MS,
  h: HOUR_MS,
  d: DAY_MS,
};

function duration(values: Values, name: FlagName): DurationMs | undefined {
  const given = text(values, name);
  if (given === undefined) return undefined;
  if (given === '0') return 0;
  const [, count = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(given) ?? [];
  const unitMs = UNITS_MS[unit];
  if (unitMs === undefined) throw unexpected(name, given, 'a duration such as 90s, 15m, 6h or 2d, or 0');
  return Number(count) * unitMs;
}

function unexpected(name: string, got: string | undefined, expected: string): RangeError {
  return new RangeError(`--${name}: got "${got ?? ''}", expected ${expected}`);
}
