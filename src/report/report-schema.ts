/** The shape of the JSON report, for everybody who reads it; report.schema.json is generated from it. Pure. */
import { z } from 'zod';
import { VERDICTS } from '../core/evidence.ts';
import { exactNumber } from './exact-number.ts';
import { plan } from './exact-plan-schema.ts';
import {
  lookInputs,
  outcome,
  pauseMark,
  reasonCode,
  rollbackCause,
  rolloutEvent,
  segment,
} from './exact-schema.ts';
import { SCHEMA_VERSION } from './machine-shape.ts';

const text = z.string();
const textOrNull = text.nullable();
const numberOrNull = z.number().nullable();
const countOrNull = z.int().min(0).nullable();
const timeOrNull = textOrNull.meta({ description: 'ISO 8601 in UTC, to the second.' });
const span = z.strictObject({ from: timeOrNull, to: timeOrNull });
const bounds = z.strictObject({ lower: numberOrNull, upper: numberOrNull }).nullable();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const exactOrNull = exactNumber.nullable();
const flagOrNull = z.boolean().nullable();
const policy = z
  .strictObject({
    min_advance_ms: exactOrNull,
    max_step: exactOrNull,
    approval_required: flagOrNull,
    evaluation_required: flagOrNull,
    auto_rollback: flagOrNull,
    error_threshold: exactOrNull,
    crash_threshold: exactOrNull,
  })
  .meta({ id: 'policy' });

const gate = z
  .strictObject({
    name: text,
    kind: text,
    severity: z.enum(['critical', 'hold', 'warn']),
    limit: numberOrNull,
    direction: z.enum(['at_most', 'at_least']).nullable(),
    unit: z.enum(['ms', 'number']).nullable(),
    limit_ms: numberOrNull,
    margin: numberOrNull,
    shadow: z.boolean(),
    verdict: z.enum(VERDICTS),
    observed: numberOrNull,
    slower_than_ms: numberOrNull,
    events: numberOrNull,
    trials: numberOrNull,
    interval: bounds,
    trials_needed: numberOrNull,
    baseline_observed: numberOrNull,
    baseline_trials: numberOrNull,
    ratio: bounds,
    devices: numberOrNull,
    devices_with_events: numberOrNull,
    device_level: z.union([z.literal([2, 1, 0]), z.literal('devices')]).nullable(),
    log_odds_limit: numberOrNull,
    log_odds_baseline: numberOrNull,
    segment: segment.nullable(),
    asked: span,
    covered: span.nullable(),
    sentence: text,
  })
  .meta({ id: 'verdict' });

const percentage = numberOrNull;
const command = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.enum(['create', 'follow_percentage']), percentage }),
    z.strictObject({ kind: z.enum(['start', 'follow_rollback']) }),
    z.strictObject({
      kind: z.literal('raise'),
      stage: z.int().min(1),
      percentage,
      towards: numberOrNull.optional(),
    }),
    z.strictObject({ kind: z.literal('pause'), mark: pauseMark, outcome }),
    z.strictObject({ kind: z.literal('roll_back'), cause: rollbackCause, to_version: text }),
    z.strictObject({ kind: z.literal('wait'), until: timeOrNull }),
    z.strictObject({ kind: z.literal('finish'), outcome }),
  ])
  .meta({ id: 'command' });

const look = z
  .strictObject({
    number: z.int().min(1).meta({ description: 'Counted from 1; a gap is where looks were left out.' }),
    at: timeOrNull,
    phase: z.enum(['absent', 'soaking', 'baking', 'rolling_back', 'ended']),
    stage: z.int().min(1).nullable(),
    percentage: numberOrNull,
    status: textOrNull,
    devices_on_version: numberOrNull,
    devices_reachable: numberOrNull,
    gates: z.array(gate),
    log_odds: numberOrNull,
    log_odds_unblamed: numberOrNull,
    tests: numberOrNull,
    command,
    reason_code: reasonCode,
    detail: textOrNull,
    inputs: lookInputs,
    events: z.array(rolloutEvent),
    digest: sha256.meta({ description: 'Over plan, policy, inputs, decision and events.' }),
  })
  .meta({
    id: 'look',
    description: 'One look; with `plan` and `policy`, its decision can be computed again.',
  });

const stage = z.strictObject({
  name: text,
  percentage: numberOrNull,
  entered_at: timeOrNull,
  left_at: timeOrNull,
  result: z.enum(['passed', 'current', 'failed', 'held', 'not_reached']),
  devices_on_version: numberOrNull,
  devices_expected: numberOrNull,
});

const rolloutLine = z.strictObject({
  id: text,
  version: text,
  status: text,
  percentage: numberOrNull,
  group: textOrNull,
  created_at: timeOrNull,
  devices_on_version: numberOrNull,
  devices_reachable: numberOrNull,
});

/** The whole report. */
export const reportSchema = z.strictObject({
  schema_version: z.literal(SCHEMA_VERSION),
  command: z.enum(['run', 'advance', 'plan', 'status', 'rollback', 'pause', 'resume', 'set']),
  outcome,
  reason_code: reasonCode,
  sentence: text,
  model: textOrNull,
  version: textOrNull,
  group: textOrNull,
  previous_version: textOrNull,
  restored_version: textOrNull,
  rollout_id: textOrNull,
  percentage: numberOrNull,
  stage: z.int().min(1).nullable(),
  stages_total: countOrNull,
  affected_devices: numberOrNull,
  next_look_at: timeOrNull,
  plan_digest: textOrNull,
  detail: textOrNull,
  still_serving: textOrNull,
  started_at: timeOrNull,
  ended_at: timeOrNull,
  fleet_devices: numberOrNull,
  requests: numberOrNull,
  run_url: textOrNull,
  plan: plan.nullable(),
  stages: z.array(stage),
  decided_by: countOrNull.meta({ description: 'Index into `looks` of the look that decided.' }),
  looks_taken: countOrNull,
  looks: z.array(look),
  capabilities: z.array(
    z.strictObject({ name: text, available: z.enum(['yes', 'no', 'unknown']), how: text, consequence: text }),
  ),
  policy: policy.nullable(),
  rollouts: z.array(rolloutLine),
  rollback_targets: z.array(text),
  notes: z.array(text),
  next: z.array(z.strictObject({ text, language: z.enum(['yaml', 'sh']).nullable(), code: textOrNull })),
  digest: sha256.meta({ description: 'Over everything else in the report.' }),
});

/** A report as it was read. */
export type ReportJson = z.infer<typeof reportSchema>;
/** One look of a report as it was read. */
export type LookJson = ReportJson['looks'][number];
/** A number as the exact parts of a report carry it. */
export type ExactNumber = z.infer<typeof exactNumber>;

/** Returns the JSON Schema (draft 2020-12) of a report, as a new object. */
export function reportJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(reportSchema);
  return {
    $schema,
    title: 'Report of one run of octomil/rollout-action',
    description: 'Everything that a run saw and did; scripts/check-report.mjs computes its decisions again.',
    ...rest,
  };
}
