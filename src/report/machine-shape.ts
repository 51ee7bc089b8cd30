/** The parts of a record as JSON: snake_case keys, finite numbers, ISO times. Pure. */
import type { GateVerdict, Window } from '../core/evidence.ts';
import type { Command } from '../core/look.ts';
import type { OrgPolicy } from '../core/org-policy.ts';
import type { Gate, Plan, Stage } from '../core/plan.ts';
import type { Series } from '../core/series.ts';
import type { EpochMs } from '../core/units.ts';
import type { LookRecord } from './run-record.ts';
import { isoTime } from './time.ts';

/** Version of the JSON that the action writes; it grows when a key is removed or changes its meaning. */
export const SCHEMA_VERSION = 1;

/** Anything that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Returns a number, or null where there is none or it is not finite. Never throws. */
export function numberOrNull(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Returns a time as ISO text, or null. Never throws. */
export function timeOrNull(at: EpochMs | null | undefined): string | null {
  return typeof at === 'number' ? isoTime(at) : null;
}

/** Returns a verdict with every number that it was computed from. Never throws. */
export function verdictJson(verdict: GateVerdict): Json {
  return {
    ...gateJson(verdict.gate),
    verdict: verdict.verdict,
    observed: numberOrNull(verdict.observed),
    slower_than_ms: numberOrNull(verdict.slowerThanMs),
    events: numberOrNull(verdict.events),
    trials: numberOrNull(verdict.trials),
    interval:
      verdict.interval === null
        ? null
        : { lower: numberOrNull(verdict.interval.lower), upper: numberOrNull(verdict.interval.upper) },
    trials_needed: numberOrNull(verdict.trialsNeeded),
    baseline_observed: numberOrNull(verdict.baselineObserved),
    baseline_trials: numberOrNull(verdict.baselineTrials),
    ratio:
      verdict.ratio === null
        ? null
        : { lower: numberOrNull(verdict.ratio.lower), upper: numberOrNull(verdict.ratio.upper) },
    devices: numberOrNull(verdict.devices),
    devices_with_events: numberOrNull(verdict.devicesWithEvents),
    device_level: verdict.level,
    log_odds_limit: numberOrNull(verdict.evidence?.limit),
    log_odds_baseline: numberOrNull(verdict.evidence?.baseline),
    asked: windowJson(verdict.asked),
    covered: verdict.covered === null ? null : windowJson(verdict.covered),
    sentence: verdict.sentence,
  };
}

/** Returns what a gate demands; `limit` is a ratio, and the least one for adoption and quality. Never throws. */
export function gateJson(gate: Gate): { readonly [key: string]: Json } {
  return {
    name: gate.name,
    kind: gate.kind,
    severity: gate.severity,
    limit: numberOrNull(limitOf(gate)),
    direction: gate.kind === 'value' ? gate.direction : null,
    unit: gate.kind === 'value' ? gate.unit : null,
    limit_ms: gate.kind === 'latency' ? numberOrNull(gate.maxMs) : null,
    margin: gate.kind === 'rate' || gate.kind === 'relative_latency' ? numberOrNull(gate.margin) : null,
    shadow: gate.shadow,
  };
}

/** What a plan says of a series is its author's text, which carries no secret and no host. */
function seriesJson({ shape, ...place }: Series): Json {
  return { ...place, ...shape };
}

function limitOf(gate: Gate): number | null {
  switch (gate.kind) {
    case 'rate':
    case 'latency':
      return gate.maxRatio;
    case 'relative_latency':
      return gate.slowRatio;
    case 'quality':
    case 'adoption':
      return gate.minRatio;
    case 'value':
      return gate.limit;
    case 'assignment':
      return null;
  }
}

/** Returns one look with the phase, the evidence, the verdicts and the command. Never throws. */
export function lookJson(look: LookRecord): { readonly [key: string]: Json } {
  return {
    at: timeOrNull(look.at),
    phase: look.phase,
    stage: look.stageIndex === null ? null : look.stageIndex + 1,
    percentage: numberOrNull(look.percentage),
    status: look.statusText,
    devices_on_version: numberOrNull(look.devicesOnVersion),
    devices_reachable: numberOrNull(look.devicesReachable),
    gates: look.verdicts.map(verdictJson),
    log_odds: numberOrNull(look.odds?.logOdds),
    log_odds_unblamed: numberOrNull(look.odds?.logOddsUnblamed),
    tests: numberOrNull(look.odds?.tests),
    command: commandJson(look.command),
    reason_code: look.reason,
    detail: look.detail,
  };
}

/** Returns the plan with every default filled in; durations in milliseconds, shares as ratios. Never throws. */
export function planJson(plan: Plan): Json {
  return {
    digest: plan.digest,
    model: plan.model,
    version: plan.version,
    group: plan.group,
    stages: plan.stages.map(stageJson),
    deadline_ms: numberOrNull(plan.deadlineMs),
    not_before: timeOrNull(plan.notBefore),
    no_data_grace_ms: numberOrNull(plan.noDataGraceMs),
    design_effect: numberOrNull(plan.designEffect),
    metrics: Object.fromEntries(
      Object.entries(plan.metrics).map(([name, series]) => [name, seriesJson(series)]),
    ),
    on_fail: plan.onFail,
    on_deadline: plan.onDeadline,
    on_superseded: plan.onSuperseded,
    rollback: {
      to: plan.rollback.to,
      confirm: numberOrNull(plan.rollback.confirmRatio),
      timeout_ms: numberOrNull(plan.rollback.timeoutMs),
    },
    ungated: plan.ungated,
    unwatched_accepted: plan.unwatchedAccepted,
  };
}

/** Returns the organisation's policy; what is not told is null. Never throws. */
export function policyJson(policy: OrgPolicy): Json {
  return {
    min_advance_ms: numberOrNull(policy.minAdvanceMs),
    max_step: numberOrNull(policy.maxStep),
    approval_required: policy.approvalRequired,
    evaluation_required: policy.evaluationRequired,
    auto_rollback: policy.autoRollback,
    error_threshold: numberOrNull(policy.errorThreshold),
    crash_threshold: numberOrNull(policy.crashThreshold),
  };
}

function stageJson(stage: Stage): Json {
  return {
    name: stage.name,
    percentage: numberOrNull(stage.percentage),
    soak_ms: numberOrNull(stage.soakMs),
    warmup_ms: numberOrNull(stage.warmupMs),
    min_samples: stage.minSamples === 'auto' ? 'auto' : numberOrNull(stage.minSamples),
    pass_when: stage.passWhen,
    min_devices: numberOrNull(stage.minDevices),
    max_devices: numberOrNull(stage.maxDevices),
    max_wait_ms: numberOrNull(stage.maxWaitMs),
    gates: stage.gates.map(gateJson),
  };
}

function windowJson({ from, to }: Window): Json {
  return { from: timeOrNull(from), to: timeOrNull(to) };
}

function commandJson(command: Command): Json {
  switch (command.kind) {
    case 'create':
    case 'follow_percentage':
      return { kind: command.kind, percentage: numberOrNull(command.percentage) };
    case 'raise':
      return {
        kind: command.kind,
        stage: command.stageIndex + 1,
        percentage: numberOrNull(command.percentage),
        ...(command.towards === undefined ? {} : { towards: numberOrNull(command.towards) }),
      };
    case 'pause':
      return { kind: command.kind, mark: command.mark, outcome: command.outcome };
    case 'roll_back':
      return { kind: command.kind, cause: command.cause, to_version: command.toVersion };
    case 'wait':
      return { kind: command.kind, until: timeOrNull(command.until) };
    case 'finish':
      return { kind: command.kind, outcome: command.outcome };
    case 'start':
    case 'follow_rollback':
      return { kind: command.kind };
  }
}
