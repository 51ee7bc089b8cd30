import { describe, expect, it } from 'vitest';
import { formatCount, formatDuration, formatPercent, formatRatio } from '../../../src/core/format.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/units.ts';

describe('a percentage', () => {
  it.each([
    [0, '0%'],
    [5, '5%'],
    [2.1349, '2.13%'],
    [2.136, '2.14%'],
    [0.0125, '0.0125%'],
    [12.345, '12.3%'],
    [99.94, '99.9%'],
    [100, '100%'],
    [123.7, '124%'],
    [1234.2, '1234%'],
    [-2.5, '-2.5%'],
    [-1234.2, '-1234%'],
    [Number.NaN, 'unknown'],
    [Number.POSITIVE_INFINITY, 'unknown'],
  ])('%d reads %s', (percent, gives) => {
    expect(formatPercent(percent)).toBe(gives);
  });

  it.each([
    [0.05, '5%'],
    [0.95, '95%'],
    [0.00123456, '0.123%'],
    [1, '100%'],
  ])('of the ratio %d reads %s', (ratio, gives) => {
    expect(formatRatio(ratio)).toBe(gives);
  });
});

describe('a count', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1240, '1 240'],
    [12_345, '12 345'],
    [123_456, '123 456'],
    [1_234_567, '1 234 567'],
    [-1240, '-1 240'],
    [2.25, '2.3'],
    [2.04, '2'],
    [1240.55, '1 240.6'],
    [Number.NaN, 'unknown'],
    [Number.NEGATIVE_INFINITY, 'unknown'],
  ])('%d reads %s', (count, gives) => {
    expect(formatCount(count)).toBe(gives);
  });
});

describe('a duration', () => {
  it.each([
    [0, '0s'],
    [-5 * SECOND_MS, '0s'],
    [1, '1s'],
    [SECOND_MS, '1s'],
    [SECOND_MS + 1, '2s'],
    [45 * SECOND_MS, '45s'],
    [MINUTE_MS, '1m'],
    [59 * SECOND_MS + 1, '1m'],
    [90 * SECOND_MS, '1m30s'],
    [HOUR_MS + 30 * MINUTE_MS, '1h30m'],
    [HOUR_MS + 30 * MINUTE_MS + 20 * SECOND_MS, '1h30m'],
    [DAY_MS, '1d'],
    [3 * DAY_MS + 4 * HOUR_MS + 5 * MINUTE_MS, '3d4h'],
    [Number.NaN, 'unknown'],
    [Number.POSITIVE_INFINITY, 'unknown'],
  ])('of %d ms reads %s', (ms, gives) => {
    expect(formatDuration(ms)).toBe(gives);
  });
});
