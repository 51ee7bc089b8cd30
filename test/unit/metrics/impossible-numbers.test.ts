/** Every number of a health answer is refused by its name when it cannot be one. */
import { describe, expect, it } from 'vitest';
import { parseHealthAnswer } from '../../../src/metrics/health-answer.ts';
import { healthWith } from '../../support/health-answers.ts';

const FIELDS = [
  'devices.assigned',
  'devices.active',
  'devices.reachable',
  'devices.crashed',
  'devices.out_of_memory',
  'requests.total',
  'requests.failed',
  'requests.failure_rate',
  'requests.devices_with_failures',
  'latency_ms.p50',
  'latency_ms.p95',
  'latency_ms.p99',
  'latency_ms.buckets.0.le',
  'latency_ms.buckets.0.count',
  'quality.sum',
  'quality.count',
  'quality.mean',
];
const IMPOSSIBLE = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, '7', true, {}];
const ROWS = FIELDS.flatMap((field) =>
  ['0', '1'].flatMap((arm) => IMPOSSIBLE.map((value) => ({ arm, field, value }))),
);

describe('a health answer', () => {
  it.each(ROWS)('of version $arm with $field $value is refused', ({ arm, field, value }) => {
    const name = `versions[${arm}].${field.replace('buckets.0', 'buckets[0]')}`;
    expect(() => parseHealthAnswer(healthWith(`versions.${arm}.${field}`, value))).toThrow(
      new RegExp(`^${name.replaceAll(/[.[\]]/g, '\\$&')}: expected`),
    );
  });

  it.each(FIELDS.filter((field) => !field.includes('buckets')))('may leave %s out or null', (field) => {
    for (const value of [null, undefined]) {
      expect(() => parseHealthAnswer(healthWith(`versions.0.${field}`, value))).not.toThrow();
    }
  });

  it.each(['devices', 'requests', 'latency_ms', 'quality'])('may have no %s', (field) => {
    for (const value of [null, undefined, {}]) {
      expect(() => parseHealthAnswer(healthWith(`versions.0.${field}`, value))).not.toThrow();
    }
  });
});
