/** The plan of one rollout as the core sees it: validated, expanded, every default filled in. Pure. */
import type { Series } from './series.ts';
import type { DurationMs, EpochMs, Percent, Ratio } from './units.ts';

/** What a failing gate does: proven harm triggers `on_fail`; `hold` blocks advancing; `warn` reports. */
export type Severity = 'critical' | 'hold' | 'warn';

interface GateBase {
  readonly severity: Severity;
  /** True when the series measures mirrored traffic, so that it can be judged at 0%. */
  readonly shadow: boolean;
}

/**
 * At most `maxRatio` of the trials may be events, and no more than beside it in the version that it replaces.
 */
export interface RateGate extends GateBase {
  readonly kind: 'rate';
  /** `error_rate`, `crash_rate`, `memory_rate`, or a name of the plan's author. */
  readonly name: string;
  /** What its counts are of where that is not what the name says: app runs, or whatever the author counts. */
  readonly unit?: 'trials';
  readonly maxRatio: Ratio;
  /**
   * How much worse than the baseline the candidate may be, as a share of the baseline's rate (0: no worse), or
   * null where the two are not compared.
   */
  readonly margin: Ratio | null;
}

/**
 * At most `maxRatio` of the requests may take longer than `maxMs`.
 *
 * A percentile limit is a rate: p95 at or under L is the same statement as "at most 5% of the requests
 * are slower than L", and a rate can be judged with a sample size.
 */
export interface LatencyGate extends GateBase {
  readonly kind: 'latency';
  readonly name: 'latency_p50' | 'latency_p95' | 'latency_p99';
  readonly maxMs: DurationMs;
  readonly maxRatio: Ratio;
}

/**
 * No more of the candidate's requests than of the baseline's may be slower than the baseline used to be: its
 * percentile before the rollout was created, plus the margin.
 */
export interface RelativeLatencyGate extends GateBase {
  readonly kind: 'relative_latency';
  readonly name: LatencyGate['name'];
  /** Share of the baseline's requests above its percentile: 5% for p95. */
  readonly slowRatio: Ratio;
  readonly margin: Ratio;
}

/** The mean quality of the answers, a number from 0 to 1, must be at least `minRatio`. */
export interface QualityGate extends GateBase {
  readonly kind: 'quality';
  /** `quality`, or a name of the plan's author. */
  readonly name: string;
  readonly minRatio: Ratio;
}

/** A number of the author's, which says nothing about how sure it is, must be at most or at least `limit`. */
export interface ValueGate extends GateBase {
  readonly kind: 'value';
  readonly name: string;
  readonly direction: 'at_most' | 'at_least';
  readonly limit: number;
  /** What the limit is in: milliseconds, or a unit that only the author knows. */
  readonly unit: 'ms' | 'number';
}

/** The devices assigned to the candidate must be the stage's share of all, up to chance. */
export interface AssignmentGate extends GateBase {
  readonly kind: 'assignment';
  readonly name: 'assignment';
}

/** At least `minRatio` of the assigned and reachable devices must run the candidate. */
export interface AdoptionGate extends GateBase {
  readonly kind: 'adoption';
  readonly name: 'adoption';
  readonly minRatio: Ratio;
}

/** One check of one stage. */
export type Gate =
  | RateGate
  | LatencyGate
  | RelativeLatencyGate
  | QualityGate
  | ValueGate
  | AdoptionGate
  | AssignmentGate;

/** When a stage passes: at the end of its soak unless something speaks against it, or only when proven safe. */
export type PassWhen = 'not_failed' | 'proven';

/** How many trials a gate needs before it can pass: a number, or derived from its limit. */
export type MinSamples = number | 'auto';

/** One percentage level of a plan with everything that has to hold before the next one. */
export interface Stage {
  readonly name: string;
  readonly percentage: Percent;
  /**
   * Time at this percentage; half of it where the evidence proves the next stage safe. At the last stage this is
   * the plan's bake, which is never shortened.
   */
  readonly soakMs: DurationMs;
  /** Evidence older than `entry + warmupMs` never passes the stage; proven harm acts from the entry on. */
  readonly warmupMs: DurationMs;
  readonly minSamples: MinSamples;
  readonly passWhen: PassWhen;
  readonly minDevices: number;
  /** Ceiling on the devices that this stage may reach, or null for none. */
  readonly maxDevices: number | null;
  /** Time beyond the soak that may pass while evidence is missing. */
  readonly maxWaitMs: DurationMs;
  readonly gates: readonly Gate[];
}

/** What to do when harm is proven. */
export type OnFail = 'rollback' | 'pause' | 'alert';

/** What to do when a deadline passes without the evidence. */
export type OnDeadline = 'pause' | 'rollback';

/** What to do when another version of the model is being rolled out. */
export type OnSuperseded = 'refuse' | 'replace';

/** How a rollback is done and when it counts as confirmed. */
export interface RollbackPolicy {
  /** The version to return to where the author gives it; otherwise the recorded one. */
  readonly to: string | null;
  /** Share of the reachable devices that must run the restored version. */
  readonly confirmRatio: Ratio;
  readonly timeoutMs: DurationMs;
}

/** How the fleet is divided, so that a fault of one part of it is seen. */
export interface Segmentation {
  /** Attributes of devices, such as `device_class`; each divides the whole fleet. */
  readonly by: readonly string[];
  /** Segments of fewer devices, of both versions together, are taken together. */
  readonly minDevices: number;
}

/** A complete plan. Stages are strictly increasing and never empty; the last one is the target. */
export interface Plan {
  readonly model: string;
  readonly version: string;
  /** Device group, or null for the whole fleet. */
  readonly group: string | null;
  readonly stages: readonly [Stage, ...Stage[]];
  /** Longest time from the rollout's creation to its completion. */
  readonly deadlineMs: DurationMs;
  readonly notBefore: EpochMs | null;
  readonly noDataGraceMs: DurationMs;
  /** Requests that count as one where a source tells nothing about devices; at least 1. */
  readonly designEffect: number;
  /** Null where gates are judged for the whole fleet only. */
  readonly segments: Segmentation | null;
  /** Where the numbers of a gate come from, by its name; a gate that is not named is measured by Octomil. */
  readonly metrics: Readonly<Record<string, Series>>;
  readonly onFail: OnFail;
  readonly onDeadline: OnDeadline;
  readonly onSuperseded: OnSuperseded;
  readonly rollback: RollbackPolicy;
  /** True when the plan says `gates: none`: time, status and adoption only. */
  readonly ungated: boolean;
  /** True when the author accepts an ungated rollout that nobody's auto-rollback watches. */
  readonly unwatchedAccepted: boolean;
  /** Identifies the decisions of this plan: 12 hex digits over its canonical form. */
  readonly digest: string;
}

/** Returns the last stage: the plan's target, where it bakes. */
export function lastStage(plan: Plan): Stage {
  return plan.stages[plan.stages.length - 1] ?? plan.stages[0];
}

/** Returns the stage at an index; an index past the end is a bug, so it throws a RangeError. */
export function stageAt(plan: Plan, index: number): Stage {
  const stage = plan.stages[index];
  if (stage === undefined) throw new RangeError(`stage ${index} of a plan with ${plan.stages.length} stages`);
  return stage;
}

/** Returns how many devices of a fleet a percentage is, to the nearest one. */
export function devicesAt(devices: number, percentage: Percent): number {
  return Math.round((percentage / 100) * devices);
}
