/** What machines read of a run: the `decision` output, the JSON report and the NDJSON events. Pure. */
import type { Plan } from '../core/plan.ts';
import { decidingLook } from './deciding.ts';
import { encodeExact, type Json } from './exact-json.ts';
import { gateJson, lookJson, numberOrNull, SCHEMA_VERSION, timeOrNull } from './machine-shape.ts';
import { groundDigest, reportDigest } from './report-digest.ts';
import type { LookRecord, RunRecord } from './run-record.ts';
import { sentenceFor } from './sentence.ts';

/**
 * Returns the deciding look as compact JSON for the `decision` output: one line, snake_case, `schema_version` 1.
 *
 * Ratios are 0 to 1, odds natural logarithms, percentages 0 to 100, times ISO in UTC; what is not known is null. Never throws.
 */
export function decisionOutput(record: RunRecord): string {
  const look = decidingLook(record);
  const gates = (look?.verdicts ?? []).map((verdict) => {
    const { name, severity, limit, limit_ms } = gateJson(verdict.gate);
    return {
      name,
      severity,
      verdict: verdict.verdict,
      observed: numberOrNull(verdict.observed),
      limit,
      limit_ms,
      events: numberOrNull(verdict.events),
      trials: numberOrNull(verdict.trials),
      log_odds_limit: numberOrNull(verdict.evidence?.limit),
      log_odds_baseline: numberOrNull(verdict.evidence?.baseline),
    };
  });
  return JSON.stringify({ ...headJson(record), log_odds: numberOrNull(look?.odds?.logOdds), gates });
}

/**
 * Returns the whole record as JSON with a final newline: everything that the run saw and did, each look on a line.
 *
 * Units as in `decisionOutput`; durations end in `_ms`. The plan, the policy, and `inputs` and `events` of a look
 * are exact: times in milliseconds since 1970, and numbers that JSON cannot carry as `{"number": "-Infinity"}`.
 * Its shape is report.schema.json. Never throws.
 */
export function reportJson(record: RunRecord): string {
  const report = reportOf(record);
  const whole = { ...report, digest: reportDigest(report) };
  const looks = (report.looks as readonly Json[]).map((look) => `\n    ${JSON.stringify(look)}`);
  const text = JSON.stringify({ ...whole, looks: [] }, null, 2);
  // A line break within a text of JSON is written as two characters, so this place is the only one.
  return `${text.replace('\n  "looks": []', () => `\n  "looks": [${looks.join(',')}${looks.length === 0 ? '' : '\n  '}]`)}\n`;
}

function reportOf(record: RunRecord) {
  const ground = groundOf(record);
  return {
    ...headJson(record),
    detail: record.detail,
    still_serving: record.stillServing,
    started_at: timeOrNull(record.startedAt),
    ended_at: timeOrNull(record.endedAt),
    fleet_devices: numberOrNull(record.fleetDevices),
    requests: numberOrNull(record.requests),
    run_url: record.runUrl,
    plan: encodeExact(decidedOn(record)),
    stages: record.stages.map((stage) => ({
      name: stage.name,
      percentage: numberOrNull(stage.percentage),
      entered_at: timeOrNull(stage.enteredAt),
      left_at: timeOrNull(stage.leftAt),
      result: stage.result,
      devices_on_version: numberOrNull(stage.devicesOnVersion),
      devices_expected: numberOrNull(stage.devicesExpected),
    })),
    decided_by: numberOrNull(record.decidedBy),
    looks_taken: numberOrNull(record.looksTaken),
    looks: record.looks.map((look): Json => lookJson(look, ground)),
    capabilities: record.capabilities.map(({ name, available, how, consequence }) => ({
      name,
      available,
      how,
      consequence,
    })),
    policy: encodeExact(record.policy),
    rollouts: record.rollouts.map((rollout) => ({
      id: rollout.id,
      version: rollout.version,
      status: rollout.statusText,
      percentage: numberOrNull(rollout.percentage),
      group: rollout.group,
      created_at: timeOrNull(rollout.createdAt),
      devices_on_version: numberOrNull(rollout.devicesOnVersion),
      devices_reachable: numberOrNull(rollout.devicesReachable),
    })),
    rollback_targets: record.rollbackTargets,
    notes: record.notes,
    next: record.next.map(({ text, language, code }) => ({ text, language, code })),
  };
}

function groundOf(record: RunRecord): string {
  return groundDigest(encodeExact(decidedOn(record)), encodeExact(record.policy));
}

function decidedOn({ plan, verbPlan }: RunRecord): Plan | null {
  return plan ?? verbPlan;
}

/**
 * Returns one JSON line for each look, oldest first; an empty text when there was none.
 *
 * A line stands alone: with the plan of the report, whose digest it carries, its decision can be computed
 * again. Never throws.
 */
export function eventsNdjson(record: RunRecord): string {
  const ground = groundOf(record);
  return record.looks.map((look) => `${JSON.stringify(eventJson(record, look, ground))}\n`).join('');
}

function eventJson(record: RunRecord, look: LookRecord, ground: string): Json {
  const stage = look.stageIndex === null ? undefined : record.stages[look.stageIndex];
  return {
    schema_version: SCHEMA_VERSION,
    rollout_id: record.rolloutId,
    model: record.model,
    version: record.version,
    previous_version: record.previousVersion,
    group: record.group,
    plan_digest: decidedOn(record)?.digest ?? null,
    stage_entered_at: timeOrNull(stage?.enteredAt),
    ...lookJson(look, ground),
  };
}

function headJson(record: RunRecord): { readonly [key: string]: Json } {
  const stageIndex = decidingLook(record)?.stageIndex ?? null;
  return {
    schema_version: SCHEMA_VERSION,
    command: record.command,
    outcome: record.outcome,
    reason_code: record.reason,
    sentence: sentenceFor(record),
    model: record.model,
    version: record.version,
    group: record.group,
    previous_version: record.previousVersion,
    restored_version: record.restoredVersion,
    rollout_id: record.rolloutId,
    percentage: numberOrNull(record.percentage),
    stage: stageIndex === null ? null : stageIndex + 1,
    stages_total: record.plan?.stages.length ?? null,
    affected_devices: numberOrNull(record.affectedDevices),
    next_look_at: timeOrNull(record.nextLookAt),
    plan_digest: decidedOn(record)?.digest ?? null,
  };
}
