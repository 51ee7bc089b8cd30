/** The organisation's settings on the wire, as far as they rule rollouts. Pure. */
import { z } from 'zod';
import type { OrgPolicy } from '../core/org-policy.ts';
import { DAY_MS, type DurationMs, HOUR_MS, MINUTE_MS, type Percent, SECOND_MS } from '../core/units.ts';
import { anyObject, type FieldNames, type FieldSource, fieldOrNull, presentName } from './wire-field.ts';

const flag = z.boolean({ error: 'true or false' });

/**
 * The schema of an organisation's settings.
 *
 * Sources: octomil-python 3c7bad6, EnterpriseClient (`auto_rollback_enabled`, `require_model_approval`), and the
 * sample of docs /advanced/policy (`auto_rollback`, `error_threshold_percent`, `min_rollout_duration`,
 * `require_eval`). `crash_threshold_percent` and `max_rollout_step` are the fields that the flags of the vendor's
 * command line would have. A duration or percentage in a form that no source shows counts as not told: then the
 * API's own refusal decides.
 */
export const settingsSchema = anyObject.transform((object, context): OrgPolicy => {
  const source = { object, context };
  return {
    autoRollback: fieldOrNull(source, ['auto_rollback_enabled', 'auto_rollback'], flag),
    approvalRequired: fieldOrNull(source, ['require_model_approval', 'require_approval'], flag),
    evaluationRequired: fieldOrNull(source, ['require_eval'], flag),
    minAdvanceMs: durationMs(givenAs(source, ['min_rollout_duration'])),
    maxStep: aboveZero(percent(givenAs(source, ['max_rollout_step']))),
    errorThreshold: asRatio(percent(givenAs(source, ['error_threshold_percent']))),
    crashThreshold: asRatio(percent(givenAs(source, ['crash_threshold_percent']))),
  };
});

function givenAs({ object }: FieldSource, names: FieldNames): unknown {
  const name = presentName(object, names);
  return name === null ? null : object[name];
}

const UNITS_MS: Readonly<Record<string, DurationMs>> = {
  d: DAY_MS,
  h: HOUR_MS,
  m: MINUTE_MS,
  s: SECOND_MS,
};

/** A duration is text with units, as the vendor's command line takes it; a bare number has no known unit. */
function durationMs(value: unknown): DurationMs | null {
  if (value === 0) return 0;
  if (typeof value !== 'string' || !/^(\d{1,6}[dhms]){1,4}$/.test(value)) return null;
  const parts = [...value.matchAll(/(\d+)([dhms])/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS_MS[unit ?? ''] ?? 0), 0);
}

function percent(value: unknown): Percent | null {
  const digits = typeof value === 'string' ? /^(\d{1,3}(?:\.\d{1,6})?)%$/.exec(value)?.[1] : value;
  const number = typeof digits === 'string' ? Number(digits) : digits;
  return typeof number === 'number' && number >= 0 && number <= 100 ? number : null;
}

function aboveZero(value: Percent | null): Percent | null {
  return value === 0 ? null : value;
}

function asRatio(value: Percent | null): number | null {
  return value === null ? null : value / 100;
}
