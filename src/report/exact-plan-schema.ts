/** The shape of the plan that decisions are computed from, as the report carries it. Pure. */
import { z } from 'zod';
import { exactNumber as number } from './exact-number.ts';

const numberOrNull = number.nullable();
const text = z.string();
const textOrNull = text.nullable();

const severity = z.enum(['critical', 'hold', 'warn']);
const gateBase = { severity, shadow: z.boolean() };
const latencyName = z.enum(['latency_p50', 'latency_p95', 'latency_p99']);
const gate = z
  .discriminatedUnion('kind', [
    z.strictObject({
      ...gateBase,
      kind: z.literal('rate'),
      name: text,
      max_ratio: number,
      margin: numberOrNull,
      unit: z.literal('trials').optional(),
    }),
    z.strictObject({
      ...gateBase,
      kind: z.literal('latency'),
      name: latencyName,
      max_ms: number,
      max_ratio: number,
    }),
    z.strictObject({
      ...gateBase,
      kind: z.literal('relative_latency'),
      name: latencyName,
      slow_ratio: number,
      margin: number,
    }),
    z.strictObject({
      ...gateBase,
      kind: z.literal('quality'),
      name: text,
      min_ratio: number,
    }),
    z.strictObject({
      ...gateBase,
      kind: z.literal('value'),
      name: text,
      direction: z.enum(['at_most', 'at_least']),
      limit: number,
      unit: z.enum(['ms', 'number']),
    }),
    z.strictObject({
      ...gateBase,
      kind: z.literal('adoption'),
      name: z.literal('adoption'),
      min_ratio: number,
    }),
    z.strictObject({ ...gateBase, kind: z.literal('assignment'), name: z.literal('assignment') }),
  ])
  .meta({ id: 'gate' });

const stage = z.strictObject({
  name: text,
  percentage: number,
  soak_ms: number,
  warmup_ms: number,
  min_samples: z.union([z.literal('auto'), number]),
  pass_when: z.enum(['not_failed', 'proven']),
  min_devices: number,
  max_devices: numberOrNull,
  max_wait_ms: number,
  gates: z.array(gate),
});

const shape = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('counts'),
    events: text,
    trials: text,
    devices: textOrNull,
    devices_with_events: textOrNull,
  }),
  z.strictObject({ kind: z.literal('mean'), mean: text, n: text, devices: textOrNull }),
  z.strictObject({
    kind: z.literal('buckets'),
    buckets: text,
    unit: z.enum(['ms', 's']),
    devices: textOrNull,
  }),
  z.strictObject({
    kind: z.literal('value'),
    value: text,
    unit: z.enum(['ratio', 'percent', 'ms', 's', 'number']),
    devices: textOrNull,
  }),
]);
const series = z.discriminatedUnion('source', [
  z.strictObject({ source: z.enum(['prometheus', 'datadog']), shape }),
  z.strictObject({
    source: z.literal('http-json'),
    method: z.enum(['GET', 'POST']),
    path: text,
    body: textOrNull,
    shape,
  }),
  z.strictObject({ source: z.literal('file'), path: text, shape }),
]);

/** A plan with every default filled in. */
export const plan = z
  .strictObject({
    model: text,
    version: text,
    group: textOrNull,
    stages: z.array(stage).min(1),
    deadline_ms: number,
    not_before: numberOrNull,
    no_data_grace_ms: number,
    design_effect: number,
    segments: z.strictObject({ by: z.array(text), min_devices: number }).nullable(),
    metrics: z.record(text, series),
    on_fail: z.enum(['rollback', 'pause', 'alert']),
    on_deadline: z.enum(['pause', 'rollback']),
    on_superseded: z.enum(['refuse', 'replace']),
    rollback: z.strictObject({ to: textOrNull, confirm_ratio: number, timeout_ms: number }),
    ungated: z.boolean(),
    unwatched_accepted: z.boolean(),
    digest: text,
  })
  .meta({ id: 'plan', description: 'The plan with every default filled in; shares 0 to 1, times in ms.' });
