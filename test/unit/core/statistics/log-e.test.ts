import { describe, expect, it } from 'vitest';
import { logE, logSumExp, type Stratum } from '../../../../src/core/statistics/log-e.ts';

const at = (events: number, trials: number, over: Partial<Stratum> = {}): Stratum => ({
  events,
  trials,
  rate: 0.05,
  ...over,
});

describe('the evidence', () => {
  it.each<{ fact: string; strata: readonly Stratum[] }>([
    { fact: 'no stratum', strata: [] },
    { fact: 'a stratum without trials', strata: [at(0, 0)] },
    { fact: 'a stratum of fewer than no trials', strata: [at(0, -5)] },
    { fact: 'a stratum whose trials are no number', strata: [at(0, Number.NaN)] },
  ])('of $fact is none', ({ strata }) => {
    expect(logE(1, strata)).toBeCloseTo(0, 12);
    expect(logE(-1, strata)).toBeCloseTo(0, 12);
  });

  it.each([0, 1, 2, 5, 8])('of strata that split ten trials after %d is that of the whole', (first) => {
    const parts = [at(Math.min(first, 3), first), at(3 - Math.min(first, 3), 10 - first)];
    expect(logE(1, parts)).toBeCloseTo(logE(1, [at(3, 10)]), 12);
  });

  it('of a capped stratum is at most none, and as much against as without', () => {
    expect(logE(1, [at(9, 10, { capped: true })])).toBeCloseTo(0, 12);
    expect(logE(1, [at(0, 100, { capped: true })])).toBe(logE(1, [at(0, 100)]));
    expect(logE(1, [at(9, 10, { capped: false })])).toBe(logE(1, [at(9, 10)]));
  });

  it.each([
    [0, 0],
    [0, 1],
    [1, 1],
    [0, 1e9],
    [1e9, 1e9],
    [5e8, 1e9],
    [0.25, 0.5],
  ])('of %d events in %d trials is a finite number in both directions', (events, trials) => {
    for (const rate of [1e-6, 0.05, 0.5, 1]) {
      expect(Number.isFinite(logE(1, [at(events, trials, { rate })]))).toBe(true);
      expect(Number.isFinite(logE(-1, [at(events, trials, { rate })]))).toBe(true);
    }
  });
});

describe('the logarithm of a sum', () => {
  it.each([
    { logs: [], gives: Number.NEGATIVE_INFINITY },
    { logs: [Number.NEGATIVE_INFINITY], gives: Number.NEGATIVE_INFINITY },
    { logs: [Number.NEGATIVE_INFINITY, 3], gives: 3 },
    { logs: [0, 0], gives: Math.LN2 },
    { logs: [1e9, 1e9], gives: 1e9 + Math.LN2 },
    { logs: [-1e9, -1e9], gives: -1e9 + Math.LN2 },
    { logs: [Math.log(2), Math.log(3), Math.log(5)], gives: Math.log(10) },
    { logs: [Number.POSITIVE_INFINITY, 0], gives: Number.POSITIVE_INFINITY },
  ])('of the exponentials of $logs is $gives', ({ logs, gives }) => {
    if (Number.isFinite(gives)) expect(logSumExp(logs)).toBeCloseTo(gives, 12);
    else expect(logSumExp(logs)).toBe(gives);
  });
});
