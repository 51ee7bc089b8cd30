/** The shape of what decisions are computed from, as the report carries it: state, look, events. Pure. */
import { z } from 'zod';
import { REASONS, type ReasonCode } from '../core/reason-codes.ts';
import { OUTCOMES, PAUSE_MARKS, ROLLOUT_STATUSES } from '../core/rollout.ts';
import { exactNumber } from './exact-number.ts';

const number = exactNumber;
const numberOrNull = number.nullable();
const count = z.int().min(0);
const text = z.string();
const textOrNull = text.nullable();

/** One of the public reason codes. */
export const reasonCode = z
  .enum(Object.keys(REASONS) as [ReasonCode, ...ReasonCode[]])
  .meta({ id: 'reason' });
/** One of the public outcomes. */
export const outcome = z.enum(OUTCOMES).meta({ id: 'outcome' });
/** How a rollback began. */
export const rollbackCause = z.enum([
  'gate_failed',
  'deadline_passed_rolled_back',
  'rolled_back_by_request',
  'rolled_back_by_server',
]);
/** Why a pause was made. */
export const pauseMark = z.enum(PAUSE_MARKS);

const identity = { rollout_id: text, previous_version: textOrNull, created_at: number };
const watching = z.strictObject({
  ...identity,
  phase: z.enum(['soaking', 'baking']),
  stage_index: count,
  stage_entered_at: number,
  past: z.array(z.strictObject({ stage_index: count, entered_at: number, left_at: number })),
  lease: z.strictObject({ run_id: text, until: number }).nullable(),
  percentage: number,
  last_evidence_at: number,
  last_measured_at: number,
  last_server_at: number,
  stepped_at: number.optional(),
  refusal: z
    .strictObject({ percentage: number, at: number, times: count, reason: reasonCode, why: text })
    .optional(),
  max_step_told: number.optional(),
});
const state = z.discriminatedUnion('phase', [
  z.strictObject({ phase: z.literal('absent') }),
  watching,
  z.strictObject({
    ...identity,
    phase: z.literal('rolling_back'),
    cause: rollbackCause,
    decided_at: number,
    accepted_at: numberOrNull,
    last_refusal: z.strictObject({ at: number, why: text }).nullable(),
    restoring_rollout_id: textOrNull,
    to_version: textOrNull,
  }),
  z.strictObject({ phase: z.literal('ended'), outcome, reason: reasonCode }),
]);

const rollout = z
  .strictObject({
    id: text,
    model_id: text,
    version: text,
    status: z.enum(ROLLOUT_STATUSES),
    status_text: text,
    percentage: number,
    target_percentage: numberOrNull,
    group: textOrNull.optional(),
    created_at: numberOrNull,
  })
  .meta({ id: 'rollout' });

const window = z.strictObject({ from: number, to: number }).meta({ id: 'window' });
const counts = z.strictObject({
  events: number,
  trials: number,
  devices: numberOrNull,
  devices_with_events: numberOrNull,
});
const evidence = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('counts'),
      candidate: counts,
      baseline: counts.nullable(),
      covered: window,
    }),
    z.strictObject({ kind: z.literal('value'), value: number, devices: numberOrNull, covered: window }),
    z.strictObject({ kind: z.enum(['none', 'unavailable', 'error']), why: text }),
  ])
  .meta({ id: 'evidence' });

/** One part of the fleet. */
export const segment = z.strictObject({ by: text, value: text });
const segments = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('read'),
    readings: z.array(z.strictObject({ segment, evidence, earlier: z.array(evidence) })),
  }),
  z.strictObject({ kind: z.literal('unread'), why: text }),
]);

const look = z.strictObject({
  at: number,
  server: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('rollout'), rollout }),
    z.strictObject({ kind: z.literal('gone') }),
    z.strictObject({ kind: z.literal('unreadable'), why: text }),
  ]),
  readings: z.array(
    z.strictObject({
      asked: window,
      evidence,
      earlier: z.array(evidence),
      restarts: z.array(z.strictObject({ log_weight: number, evidence })),
      recent: z.array(evidence),
      segments: segments.optional(),
      slower_than_ms: numberOrNull,
    }),
  ),
  devices: z
    .strictObject({
      assigned: number,
      on_version: numberOrNull,
      reachable: numberOrNull,
      total: numberOrNull,
    })
    .nullable(),
  restoring: rollout.nullable(),
  rivalled: z.boolean().optional(),
  experiments: z
    .array(z.strictObject({ id: text, name: textOrNull, share: numberOrNull }))
    .nullable()
    .optional(),
  poll: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('auto') }),
    z.strictObject({ kind: z.literal('fixed'), every_ms: number }),
  ]),
});

/** What one look was decided on beside the plan and the policy. */
export const lookInputs = z
  .strictObject({ state, look })
  .meta({ id: 'inputs', description: 'Exact: times in milliseconds since 1970-01-01T00:00:00Z.' });

const happened = { percentage: number, at: number };
/** What the command of a look came to. */
export const rolloutEvent = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('adopted'), state: watching }),
    z.strictObject({ kind: z.literal('started'), at: number }),
    z.strictObject({ kind: z.enum(['raised', 'stepped']), ...happened }),
    z.strictObject({
      kind: z.literal('raise_refused'),
      ...happened,
      reason: reasonCode,
      why: text,
      max_step: numberOrNull,
    }),
    z.strictObject({
      kind: z.literal('rollback_accepted'),
      cause: rollbackCause,
      to_version: textOrNull,
      restoring_rollout_id: textOrNull,
      at: number,
    }),
    z.strictObject({
      kind: z.literal('rollback_refused'),
      cause: rollbackCause,
      to_version: text,
      why: text,
      at: number,
    }),
    z.strictObject({ kind: z.literal('ended'), outcome, reason: reasonCode }),
  ])
  .meta({ id: 'event' });
