import { describe, expect, it } from 'vitest';
import {
  formatCount,
  formatDuration,
  formatOdds,
  formatPercent,
  formatRatio,
  formatSureness,
} from '../../../src/core/format.ts';
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

describe('odds', () => {
  it.each([
    [1, '1:1'],
    [1.99, '1.9:1'],
    [9.99, '9.9:1'],
    [10, '10:1'],
    [18.7, '18:1'],
    [99.99, '99:1'],
    [1240, '1 240:1'],
    [999_999, '999 999:1'],
    [1_000_001, 'over 1 000 000:1'],
    [1e300, 'over 1 000 000:1'],
    [0.999, '1:1'],
    [0.5, '1:2'],
    [0.3, '1:3.3'],
    [0.01, '1:100'],
    [1e-7, 'under 1:1 000 000'],
  ])('of %d read %s, rounded down', (odds, gives) => {
    expect(formatOdds(Math.log(odds) + Math.sign(Math.log(odds)) * 1e-12)).toBe(gives);
  });

  it.each([
    [Number.POSITIVE_INFINITY, 'over 1 000 000:1'],
    [Number.NEGATIVE_INFINITY, 'under 1:1 000 000'],
    [1e9, 'over 1 000 000:1'],
    [-1e9, 'under 1:1 000 000'],
    [Number.NaN, 'unknown'],
  ])('whose logarithm is %d read %s', (log, gives) => {
    expect(formatOdds(log)).toBe(gives);
  });
});

describe('how sure odds make', () => {
  it.each([
    [1.99, ''],
    [2, '50% sure'],
    [18, '94.4% sure'],
    [99.99, '98.9% sure'],
    [100, '99% sure'],
    [1001, '99.9% sure'],
    [1e300, '99.9% sure'],
  ])('of %d:1 reads "%s"', (odds, gives) => {
    expect(formatSureness(Math.log(odds) + 1e-12)).toBe(gives);
  });

  it.each([
    [Math.LN2, '50% sure'],
    [Number.POSITIVE_INFINITY, '99.9% sure'],
    [Number.NEGATIVE_INFINITY, ''],
    [Number.NaN, ''],
  ])('whose logarithm is %d reads "%s"', (log, gives) => {
    expect(formatSureness(log)).toBe(gives);
  });
});
