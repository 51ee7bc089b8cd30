import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Badness, badnessOf, meanBounds } from '../../../../src/core/statistics/bounded-mean.ts';
import { logE } from '../../../../src/core/statistics/log-e.ts';

interface Vector {
  readonly note: string;
  readonly sum: number;
  readonly count: number;
  readonly min: number;
  readonly alpha: number;
  readonly logE: number;
  readonly lower: number;
  readonly upper: number;
}

const FIXTURE = new URL('../../../fixtures/statistics/bounded-mean.json', import.meta.url);
const VECTORS: readonly Vector[] = JSON.parse(readFileSync(FIXTURE, 'utf8')).vectors;

function countsOf(sum: number, count: number): Extract<Badness, { kind: 'counts' }> {
  const badness = badnessOf(sum, count);
  if (badness.kind === 'error') throw new Error(badness.why);
  return badness;
}

describe('a mean below its minimum, held against 60-digit arithmetic', () => {
  it.each(VECTORS)('evidence: $note', ({ sum, count, min, logE: expected }) => {
    const got = logE(1, [{ ...countsOf(sum, count), rate: 1 - min }]);
    expect(Math.abs(got - expected)).toBeLessThanOrEqual(1e-10 + 1e-10 * Math.abs(expected));
  });

  it.each(VECTORS)('bounds: $note', ({ sum, count, alpha, lower, upper }) => {
    const got = meanBounds(sum, count, alpha);
    expect(Math.abs((got?.lower ?? Number.NaN) - lower)).toBeLessThanOrEqual(1e-12);
    expect(Math.abs((got?.upper ?? Number.NaN) - upper)).toBeLessThanOrEqual(1e-12);
  });
});

interface Row {
  readonly fact: string;
  readonly sum: number;
  readonly count: number;
  readonly gives: number | RegExp;
}

const NOT_A_SUM = /^a sum of .* values of 0 to 1 add up to between 0 and .*; give them as ratios/;
const NOT_A_COUNT = /^a mean of .* values: expected a number of values of at least 0$/;

const ROWS: readonly Row[] = [
  { fact: 'no values lack nothing', sum: 0, count: 0, gives: 0 },
  { fact: 'three of four lack one', sum: 3, count: 4, gives: 1 },
  { fact: 'fractions of a value count', sum: 27.75, count: 37.5, gives: 9.75 },
  { fact: 'a sum above its count by a billionth is rounding', sum: 1e9 + 1, count: 1e9, gives: 0 },
  { fact: 'a sum above it by more is impossible', sum: 1e9 + 1.001, count: 1e9, gives: NOT_A_SUM },
  { fact: 'a sum below zero by a billionth of the count is rounding', sum: -1, count: 1e9, gives: 1e9 },
  { fact: 'a sum below zero by more is impossible', sum: -1.001, count: 1e9, gives: NOT_A_SUM },
  { fact: 'percent instead of ratios are impossible', sum: 870, count: 10, gives: NOT_A_SUM },
  { fact: 'a sum of no values is impossible', sum: 1e-9, count: 0, gives: NOT_A_SUM },
  { fact: 'a sum that is no number is impossible', sum: Number.NaN, count: 10, gives: NOT_A_SUM },
  { fact: 'an infinite sum is impossible', sum: Number.POSITIVE_INFINITY, count: 10, gives: NOT_A_SUM },
  { fact: 'a count that is no number is impossible', sum: 1, count: Number.NaN, gives: NOT_A_COUNT },
  { fact: 'an infinite count is impossible', sum: 1, count: Number.POSITIVE_INFINITY, gives: NOT_A_COUNT },
  { fact: 'fewer than no values are impossible', sum: 0, count: -1, gives: NOT_A_COUNT },
];

describe('what a sum of values lacks', () => {
  it.each(ROWS)('$fact', ({ sum, count, gives }) => {
    const badness = badnessOf(sum, count);
    if (typeof gives === 'number') expect(badness).toEqual({ kind: 'counts', events: gives, trials: count });
    else expect(badness).toEqual({ kind: 'error', why: expect.stringMatching(gives) });
    expect(meanBounds(sum, count, 0.025) === null).toBe(typeof gives !== 'number');
  });

  it('names what was got', () => {
    expect(badnessOf(870, 10)).toEqual({
      kind: 'error',
      why: 'a sum of 870 over 10 values: values of 0 to 1 add up to between 0 and 10; give them as ratios, not as percent',
    });
    expect(badnessOf(0, -1)).toMatchObject({ why: expect.stringContaining('-1 values') });
  });
});

describe('a confidence sequence of a mean', () => {
  it('is the whole range without values', () => {
    expect(meanBounds(0, 0, 0.025)).toEqual({ lower: 0, upper: 1 });
  });

  it('is narrower for more values and for less confidence', () => {
    const width = (sum: number, count: number, alpha: number): number => {
      const bounds = meanBounds(sum, count, alpha);
      return (bounds?.upper ?? Number.NaN) - (bounds?.lower ?? Number.NaN);
    };
    expect(width(800, 1_000, 0.025)).toBeLessThan(width(80, 100, 0.025));
    expect(width(80, 100, 0.05)).toBeLessThan(width(80, 100, 0.025));
  });
});
