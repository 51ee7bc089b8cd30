import { describe, expect, it } from 'vitest';
import { logE, type Stratum } from '../../../../src/core/statistics/log-e.ts';
import { logEFromAnyStage } from '../../../../src/core/statistics/start-stage.ts';

const HEALTHY: Stratum = { events: 1, trials: 1000, rate: 0.05 };
const BROKEN: Stratum = { events: 200, trials: 1000, rate: 0.05 };
const e = (...strata: readonly Stratum[]): number => Math.exp(logE(1, strata));

describe('evidence that may have begun in any stage', () => {
  it.each<{ fact: string; strata: readonly (Stratum | null)[]; gives: number }>([
    { fact: 'of one stage is half its own', strata: [HEALTHY], gives: e(HEALTHY) / 2 },
    {
      fact: 'of two is half of both and a quarter of the later',
      strata: [HEALTHY, BROKEN],
      gives: e(HEALTHY, BROKEN) / 2 + e(BROKEN) / 4,
    },
    {
      fact: 'passes over a stage that says nothing, which keeps its place',
      strata: [HEALTHY, null, BROKEN],
      gives: e(HEALTHY, BROKEN) / 2 + e(BROKEN) / 4 + e(BROKEN) / 8,
    },
    { fact: 'of a stage that says nothing is half', strata: [null], gives: 0.5 },
  ])('$fact', ({ strata, gives }) => {
    expect(logEFromAnyStage(strata)).toBeCloseTo(Math.log(gives), 10);
  });

  it('of no stage is none at all', () => {
    expect(logEFromAnyStage([])).toBe(Number.NEGATIVE_INFINITY);
  });
});
