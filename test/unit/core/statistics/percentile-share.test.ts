import { describe, expect, it } from 'vitest';
import {
  type LatencyPercentiles,
  type SlowShare,
  shareSlowerThan,
} from '../../../../src/core/statistics/percentile-share.ts';

const at = (p50Ms: number, p95Ms: number, p99Ms: number): LatencyPercentiles => ({ p50Ms, p95Ms, p99Ms });

interface Row {
  readonly fact: string;
  readonly limitMs: number;
  readonly of: LatencyPercentiles;
  readonly gives: Exclude<SlowShare, { kind: 'error' }>;
}

const ROWS: readonly Row[] = [
  {
    fact: 'a limit at p50 is exceeded by half',
    limitMs: 100,
    of: at(100, 400, 1_600),
    gives: { kind: 'interpolated', share: 0.5 },
  },
  {
    fact: 'a limit at p95 is exceeded by a twentieth',
    limitMs: 400,
    of: at(100, 400, 1_600),
    gives: { kind: 'interpolated', share: 0.05 },
  },
  {
    fact: 'a limit at p99 is exceeded by a hundredth',
    limitMs: 1_600,
    of: at(100, 400, 1_600),
    gives: { kind: 'interpolated', share: 0.01 },
  },
  {
    fact: 'the geometric middle of p50 and p95 has the geometric mean of their shares',
    limitMs: 200,
    of: at(100, 400, 1_600),
    gives: { kind: 'interpolated', share: Math.sqrt(0.5 * 0.05) },
  },
  {
    fact: 'the geometric middle of p95 and p99 has the geometric mean of their shares',
    limitMs: 800,
    of: at(100, 400, 1_600),
    gives: { kind: 'interpolated', share: Math.sqrt(0.05 * 0.01) },
  },
  {
    fact: 'a third of the way is a third in the logarithms',
    limitMs: 200,
    of: at(100, 800, 1_600),
    gives: { kind: 'interpolated', share: 0.5 * 0.1 ** (1 / 3) },
  },
  {
    fact: 'below p50 at least half are slower',
    limitMs: 99.9,
    of: at(100, 400, 1_600),
    gives: { kind: 'at_least', share: 0.5 },
  },
  {
    fact: 'above p99 at most a hundredth are slower',
    limitMs: 1_601,
    of: at(100, 400, 1_600),
    gives: { kind: 'at_most', share: 0.01 },
  },
  {
    fact: 'a limit on equal p50 and p95 is exceeded by a twentieth',
    limitMs: 100,
    of: at(100, 100, 200),
    gives: { kind: 'interpolated', share: 0.05 },
  },
  {
    fact: 'a limit just below equal p50 and p95 is exceeded by at least half',
    limitMs: 99,
    of: at(100, 100, 200),
    gives: { kind: 'at_least', share: 0.5 },
  },
  {
    fact: 'a limit above equal p50 and p95 is interpolated towards p99',
    limitMs: Math.sqrt(100 * 200),
    of: at(100, 100, 200),
    gives: { kind: 'interpolated', share: Math.sqrt(0.05 * 0.01) },
  },
  {
    fact: 'a limit on three equal percentiles is exceeded by a hundredth',
    limitMs: 100,
    of: at(100, 100, 100),
    gives: { kind: 'interpolated', share: 0.01 },
  },
  {
    fact: 'a limit below equal p95 and p99 is interpolated from p50',
    limitMs: 200,
    of: at(100, 400, 400),
    gives: { kind: 'interpolated', share: Math.sqrt(0.5 * 0.05) },
  },
  {
    fact: 'a p50 rounded to 0 says only that a limit below p95 is exceeded by at least a twentieth',
    limitMs: 1,
    of: at(0, 4, 16),
    gives: { kind: 'at_least', share: 0.05 },
  },
  {
    fact: 'a p50 rounded to 0 takes nothing from a limit above p95',
    limitMs: 8,
    of: at(0, 4, 16),
    gives: { kind: 'interpolated', share: Math.sqrt(0.05 * 0.01) },
  },
  {
    fact: 'a p95 rounded to 0 says only that a limit below p99 is exceeded by at least a hundredth',
    limitMs: 8,
    of: at(0, 0, 16),
    gives: { kind: 'at_least', share: 0.01 },
  },
  {
    fact: 'all rounded to 0 exceed any limit by at most a hundredth',
    limitMs: 1,
    of: at(0, 0, 0),
    gives: { kind: 'at_most', share: 0.01 },
  },
];

const ORDER = /^latency percentiles p50 .* ms, p95 .* ms, p99 .* ms: expected them ascending from 0; check/;
const LIMIT = /^a latency limit of .* ms: expected a finite number above 0$/;

const IMPOSSIBLE: readonly {
  readonly fact: string;
  readonly limitMs: number;
  readonly of: LatencyPercentiles;
  readonly why: RegExp;
}[] = [
  { fact: 'p95 below p50', limitMs: 10, of: at(5, 4, 16), why: /p50 5 ms, p95 4 ms, p99 16 ms/ },
  { fact: 'p99 below p95', limitMs: 10, of: at(1, 4, 3), why: ORDER },
  { fact: 'a negative percentile', limitMs: 10, of: at(-1, 4, 16), why: ORDER },
  { fact: 'an infinite p99', limitMs: 10, of: at(1, 4, Number.POSITIVE_INFINITY), why: ORDER },
  { fact: 'a p50 that is no number', limitMs: 10, of: at(Number.NaN, 4, 16), why: ORDER },
  { fact: 'a p95 that is no number', limitMs: 10, of: at(1, Number.NaN, 16), why: ORDER },
  { fact: 'a p99 that is no number', limitMs: 10, of: at(1, 4, Number.NaN), why: ORDER },
  { fact: 'a limit of 0', limitMs: 0, of: at(1, 4, 16), why: /^a latency limit of 0 ms/ },
  { fact: 'a negative limit', limitMs: -1, of: at(0, 4, 16), why: LIMIT },
  { fact: 'an infinite limit', limitMs: Number.POSITIVE_INFINITY, of: at(1, 4, 16), why: LIMIT },
  { fact: 'a limit that is no number', limitMs: Number.NaN, of: at(1, 4, 16), why: LIMIT },
];

describe('the share of requests slower than a limit', () => {
  it.each(ROWS)('$fact', ({ limitMs, of, gives }) => {
    const got = shareSlowerThan(limitMs, of);
    expect(got).toEqual({ kind: gives.kind, share: expect.closeTo(gives.share, 12) });
  });

  it.each(IMPOSSIBLE)('is an error for $fact', ({ limitMs, of, why }) => {
    expect(shareSlowerThan(limitMs, of)).toEqual({ kind: 'error', why: expect.stringMatching(why) });
  });
});

const P95 = 1.6448536269514722;
const P99 = 2.3263478740408408;

/** Share of a normal distribution above z, in 60-digit arithmetic. */
const TRUTH: readonly { readonly z: number; readonly slower: number }[] = [
  { z: 1.7, slower: 0.04456546275854304 },
  { z: 1.75, slower: 0.04005915686381709 },
  { z: 1.8, slower: 0.0359303191129258 },
  { z: 1.9, slower: 0.0287165598160018 },
  { z: 1.987, slower: 0.023461198422929302 },
  { z: 2.1, slower: 0.017864420562816556 },
  { z: 2.2, slower: 0.013903447513498611 },
  { z: 2.3, slower: 0.010724110021675805 },
  { z: 2.36, slower: 0.00913746753057267 },
];

const SPREADS = [0.3, 0.45, 0.6, 0.9, 1.2];
const CASES = SPREADS.flatMap((sigma) => TRUTH.map((truth) => ({ sigma, ...truth }))).filter(
  ({ sigma, z }) => Math.exp(sigma * z) <= 1.25 * Math.exp(sigma * P95),
);

describe('a log-normal latency, for limits from p95 to a quarter above it', () => {
  it.each(CASES)('spread $sigma, $slower slower', ({ sigma, z, slower }) => {
    const percentiles = at(80, 80 * Math.exp(sigma * P95), 80 * Math.exp(sigma * P99));
    const got = shareSlowerThan(80 * Math.exp(sigma * z), percentiles);
    if (got.kind === 'error') throw new Error(got.why);
    if (z > P99) {
      expect(got).toEqual({ kind: 'at_most', share: 0.01 });
      expect(slower).toBeLessThan(0.01);
    } else {
      expect(got.kind).toBe('interpolated');
      expect(got.share / slower).toBeGreaterThan(0.949);
      expect(got.share / slower).toBeLessThanOrEqual(1 + 1e-12);
    }
  });
});
