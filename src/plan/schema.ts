/** The plan: which keys there are, what each takes and means. The single source of every check and document. Pure. */
import { z } from 'zod';
import { DAY_MS, SECOND_MS } from '../core/units.ts';
import { gates } from './gate-schema.ts';
import { key, mapOf } from './key.ts';
import { PRESET_NAMES } from './presets.ts';
import {
  choice,
  count,
  duration,
  factor,
  instant,
  percentNumber,
  plainText,
  rate,
  schemaNumber,
} from './scalar.ts';
import { metrics } from './series-schema.ts';
import { PASS_WHEN, stage } from './stage-schema.ts';

const MONTH_MS = 30 * DAY_MS;
const MAX_STAGES = 100;

const stages = z
  .array(stage, { error: () => 'a list of stages such as [1%, 10%, 50%, 100%]' })
  .min(1, { error: () => 'at least one stage' })
  .max(MAX_STAGES, { error: () => `at most ${MAX_STAGES} stages` });

/** How a rollback is done and when it counts. */
export const rollbackMap = mapOf('a map with to, confirm and timeout', {
  to: key(plainText(), {
    description: 'The version to return to; as written, so `1.10` stays `1.10`.',
    otherwise: 'the version recorded before the rollout began',
    example: '1.4.2',
  }),
  confirm: key(rate(), {
    description: 'Share of the reachable devices that must run the restored version.',
    default: '95%',
    example: '99%',
  }),
  timeout: key(duration(SECOND_MS, 7 * DAY_MS), {
    description: 'Time for the rollback to be accepted and confirmed; then it is reported as failed.',
    default: '30m',
    example: '1h',
  }),
});

const identity = {
  schema: key(schemaNumber(), {
    description: "The version of the plan's format.",
    default: '1',
    example: '1',
  }),
  model: key(plainText(), {
    description: 'Name or id of the model.',
    otherwise: 'the `model` input',
    example: 'radiology-v1',
  }),
  version: key(plainText(), {
    description: 'The version to roll out; as written, so `1.10` stays `1.10`.',
    otherwise: 'the `version` input',
    example: '2.0.0',
  }),
  group: key(plainText(), {
    description: 'Name or id of the device group.',
    otherwise: 'the whole fleet',
    example: 'hospitals-eu',
  }),
};

const shape = {
  preset: key(choice(PRESET_NAMES), {
    description: 'A ready-made list of stages; not together with `stages` or the three percentages.',
    otherwise: '`standard`, when there are no stages',
    example: 'canary',
  }),
  stages: key(stages, {
    description: 'The stages: percentages, or maps with the keys of a stage. They increase strictly.',
    otherwise: "the preset's",
    example: '[1%, 10%, { percentage: 50%, soak: 2h }, 100%]',
  }),
  rollout_percentage: key(percentNumber(), {
    description: 'The first of equal steps, which are another way to write `stages`.',
    otherwise: 'the target; required with `increment_step`',
    example: '10',
  }),
  target_percentage: key(percentNumber(), {
    description: 'The last of equal steps.',
    default: '100',
    example: '50',
  }),
  increment_step: key(percentNumber(), {
    description: 'The distance of equal steps.',
    default: '10',
    example: '25',
  }),
};

const time = {
  soak: key(duration(0, MONTH_MS), {
    description:
      'Time in every stage but the last from its entry on; half of it where the evidence proves the next stage safe.',
    otherwise: "1h; 30m for equal steps; the preset's",
    example: '2h',
  }),
  warmup: key(duration(0, MONTH_MS), {
    description: 'Time after a stage was entered before which evidence does not pass it.',
    default: '0s',
    example: '5m',
  }),
  bake: key(duration(0, MONTH_MS), {
    description: 'Time in the last stage before the rollout is complete; never shortened.',
    otherwise: "30m; the preset's",
    example: '1h',
  }),
  deadline: key(duration(SECOND_MS, 365 * DAY_MS), {
    description: 'The longest time from creation to completion; then `on_deadline`.',
    otherwise: 'all soaks, waits and the bake',
    example: '24h',
  }),
  not_before: key(instant(), {
    description: 'The rollout is not created before this time (ISO 8601 with a zone).',
    otherwise: 'at once',
    example: '2026-11-23T08:00:00Z',
  }),
};

const evidence = {
  min_samples: key(count('auto'), {
    description:
      'Trials that a gate needs before it can pass. `auto`: one where the stage soaks; where it has no soak, as many as prove its limit.',
    default: 'auto',
    example: '500',
  }),
  pass_when: key(choice(PASS_WHEN), {
    description:
      'When a stage passes: `not_failed`, at the end of its soak unless something speaks against it; `proven`, only when its gates are proven safe for the next stage.',
    default: 'not_failed',
    example: 'proven',
  }),
  design_effect: key(factor(), {
    description: 'Requests that count as one where a source tells nothing about devices.',
    default: '3',
    example: '1.5',
  }),
  min_devices: key(count(), {
    description: 'Devices that must run the version before a stage can end, where the API can count them.',
    default: '1',
    example: '3',
  }),
  max_wait: key(duration(0, MONTH_MS), {
    description: 'Time beyond the soak that may pass while evidence is missing; then `on_deadline`.',
    otherwise: "twice the stage's soak; 3d without a soak",
    example: '2h',
  }),
  no_data_grace: key(duration(0, MONTH_MS), {
    description: 'How long a gate may be without any data before the rollout is stopped.',
    default: '30m',
    example: '1h',
  }),
  gates: key(gates, {
    description: 'What is measured and where its limit lies, or `none`: time, status and adoption only.',
    otherwise: '`error_rate`, `crash_rate`, `adoption` and `assignment` at their defaults',
    example: '{ error_rate: 5%, crash_rate: 1% }',
  }),
  metrics: key(metrics, {
    description:
      'Where the numbers of a gate come from, by its name, where that is not Octomil. A name that is no gate of the catalogue makes one.',
    otherwise: 'everything from Octomil',
    example: '{ quality: { source: file, path: metrics/quality.csv, mean: mean, n: answers } }',
  }),
};

const reaction = {
  on_fail: key(choice(['rollback', 'pause', 'alert']), {
    description: 'What proven harm does; `alert` never advances again and changes nothing.',
    default: 'rollback',
    example: 'pause',
  }),
  on_deadline: key(choice(['pause', 'rollback']), {
    description: 'What a deadline that passes without the evidence does.',
    default: 'pause',
    example: 'rollback',
  }),
  on_superseded: key(choice(['refuse', 'replace']), {
    description: 'What to do when another version of the model is being rolled out.',
    default: 'refuse',
    example: 'replace',
  }),
  rollback: key(rollbackMap, {
    description: 'How a rollback is done and when it counts.',
    otherwise: 'each key at its default',
    example: '{ to: 1.4.2, confirm: 95% }',
  }),
  unwatched: key(choice(['accepted']), {
    description: "Accepts `gates: none` where the organisation's auto-rollback is not known to be on.",
    otherwise: 'not accepted',
    example: 'accepted',
  }),
};

/** Every key of a plan. All are optional here, because inputs of the workflow may give them. */
export const planMap = mapOf('a map of keys', { ...identity, ...shape, ...time, ...evidence, ...reaction });

/** A plan whose single values are checked; what they mean together is not. */
export type PlanValues = z.output<typeof planMap>;
