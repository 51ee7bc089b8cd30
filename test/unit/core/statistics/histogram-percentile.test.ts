import { describe, expect, it } from 'vitest';
import {
  type CumulativeBucket,
  latencyAtQuantile,
} from '../../../../src/core/statistics/histogram-percentile.ts';

const OPEN = Number.POSITIVE_INFINITY;

/** Buckets from pairs of bound and cumulative count. */
function buckets(...pairs: readonly (readonly [number, number])[]): readonly CumulativeBucket[] {
  return pairs.map(([leMs, count]) => ({ leMs, count }));
}

const USUAL = buckets([50, 400], [100, 900], [250, 980], [500, 1_000], [OPEN, 1_000]);

interface Row {
  readonly fact: string;
  readonly of: readonly CumulativeBucket[];
  readonly quantile: number;
  readonly gives: number | null;
}

const ROWS: readonly Row[] = [
  { fact: 'the middle of a bucket is the middle of its bounds', of: USUAL, quantile: 0.94, gives: 175 },
  { fact: 'p95 lies five eighths into its bucket', of: USUAL, quantile: 0.95, gives: 193.75 },
  { fact: 'a count reached exactly is the bound of its bucket', of: USUAL, quantile: 0.9, gives: 100 },
  { fact: 'the first bucket begins at 0', of: USUAL, quantile: 0.1, gives: 12.5 },
  { fact: 'all requests are below the largest bound that any reached', of: USUAL, quantile: 1, gives: 500 },
  {
    fact: 'empty buckets are passed over',
    of: buckets([50, 10], [100, 10], [200, 20], [OPEN, 20]),
    quantile: 0.75,
    gives: 150,
  },
  {
    fact: 'a leading empty bucket is passed over',
    of: buckets([50, 0], [100, 20], [OPEN, 20]),
    quantile: 0.5,
    gives: 75,
  },
  {
    fact: 'the rounding of 0.07 of 100 requests does not reach over empty buckets',
    of: buckets([50, 7], [5_000, 7], [9_000, 100], [OPEN, 100]),
    quantile: 0.07,
    gives: 50,
  },
  {
    fact: 'a real step beyond a bound does',
    of: buckets([50, 7], [5_000, 7], [9_000, 100], [OPEN, 100]),
    quantile: 0.070_000_1,
    gives: 5_000.000_430_107_5,
  },
  {
    fact: 'extrapolated counts are no whole numbers',
    of: buckets([100, 1.5], [200, 2.5], [OPEN, 2.5]),
    quantile: 0.8,
    gives: 150,
  },
  {
    fact: 'a first bound of 0 is a latency of 0',
    of: buckets([0, 10], [100, 20], [OPEN, 20]),
    quantile: 0.25,
    gives: 0,
  },
  {
    fact: 'the open bucket has no percentile',
    of: buckets([100, 94], [OPEN, 100]),
    quantile: 0.95,
    gives: null,
  },
  {
    fact: 'the bound before the open bucket is one',
    of: buckets([100, 95], [OPEN, 100]),
    quantile: 0.95,
    gives: 100,
  },
  {
    fact: 'a histogram of the open bucket alone has none',
    of: buckets([OPEN, 10]),
    quantile: 0.5,
    gives: null,
  },
  { fact: 'no requests have none', of: buckets([100, 0], [OPEN, 0]), quantile: 0.95, gives: null },
  { fact: 'no buckets have none', of: [], quantile: 0.95, gives: null },
  {
    fact: 'a histogram without an open bucket is malformed',
    of: buckets([100, 99]),
    quantile: 0.95,
    gives: null,
  },
  {
    fact: 'a histogram that is open in the middle is malformed',
    of: buckets([100, 99], [OPEN, 99], [OPEN, 100]),
    quantile: 0.95,
    gives: null,
  },
  {
    fact: 'bounds out of order are malformed',
    of: buckets([100, 50], [90, 99], [OPEN, 100]),
    quantile: 0.4,
    gives: null,
  },
  {
    fact: 'a bound given twice is malformed',
    of: buckets([100, 50], [100, 99], [OPEN, 100]),
    quantile: 0.4,
    gives: null,
  },
  {
    fact: 'a negative bound is malformed',
    of: buckets([-100, 0], [100, 99], [OPEN, 100]),
    quantile: 0.4,
    gives: null,
  },
  {
    fact: 'a bound that is no number is malformed',
    of: buckets([Number.NaN, 0], [100, 99], [OPEN, 100]),
    quantile: 0.4,
    gives: null,
  },
  {
    fact: 'counts that go back are malformed',
    of: buckets([100, 99], [200, 98], [OPEN, 100]),
    quantile: 0.4,
    gives: null,
  },
  {
    fact: 'negative counts are malformed',
    of: buckets([100, -1], [200, 98], [OPEN, 100]),
    quantile: 0.4,
    gives: null,
  },
  {
    fact: 'a count that is no number is malformed',
    of: buckets([100, Number.NaN], [200, 98], [OPEN, 100]),
    quantile: 0.4,
    gives: null,
  },
  {
    fact: 'infinite counts are malformed',
    of: buckets([100, 98], [200, OPEN], [OPEN, OPEN]),
    quantile: 0.4,
    gives: null,
  },
  { fact: 'a quantile of 0 has no request', of: USUAL, quantile: 0, gives: null },
  { fact: 'a quantile in percent is none', of: USUAL, quantile: 95, gives: null },
  { fact: 'a quantile above 1 is none', of: USUAL, quantile: 1 + 1e-13, gives: null },
  { fact: 'a negative quantile is none', of: USUAL, quantile: -0.1, gives: null },
  { fact: 'a quantile that is no number is none', of: USUAL, quantile: Number.NaN, gives: null },
];

describe('a percentile of a histogram', () => {
  it.each(ROWS)('$fact', ({ of, quantile, gives }) => {
    const latency = latencyAtQuantile(of, quantile);
    if (gives === null) expect(latency).toBeNull();
    else expect(latency ?? Number.NaN).toBeCloseTo(gives, 7);
  });

  it('never leaves the bucket for the rounding of a product', () => {
    expect(latencyAtQuantile(buckets([50, 7], [OPEN, 100]), 0.07)).toBe(50);
  });
});
