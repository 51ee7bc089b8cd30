import { describe, expect, it } from 'vitest';
import { type ComparedCounts, rateBounds, ratioBounds } from '../../../../src/core/statistics/bounds.ts';
import { logE } from '../../../../src/core/statistics/log-e.ts';

const ALPHA = 0.025;
const LIMIT = Math.log(1 / ALPHA);

function compared(
  candidateEvents: number,
  candidateTrials: number,
  baselineEvents: number,
  baselineTrials: number,
): ComparedCounts {
  return { candidateEvents, candidateTrials, baselineEvents, baselineTrials };
}

describe('the rates that counts do not contradict', () => {
  it.each([
    { fact: 'all, without a trial', events: 0, trials: 0, gives: { lower: 0, upper: 1 } },
    {
      fact: 'all, of trials that are no number',
      events: 0,
      trials: Number.NaN,
      gives: { lower: 0, upper: 1 },
    },
    { fact: 'all, of one trial with an event', events: 1, trials: 1, gives: { lower: 0, upper: 1 } },
    { fact: 'from zero on, of a single event', events: 1, trials: 1000, gives: { lower: 0 } },
    { fact: 'up to one, of all but one event', events: 999, trials: 1000, gives: { upper: 1 } },
    { fact: 'from zero on, of no event', events: 0, trials: 1e9, gives: { lower: 0 } },
    { fact: 'up to one, of nothing but events', events: 1e9, trials: 1e9, gives: { upper: 1 } },
  ])('are $fact', ({ events, trials, gives }) => {
    expect(rateBounds({ events, trials }, ALPHA)).toMatchObject(gives);
  });

  it.each([
    [3, 10],
    [30, 1000],
    [1e7, 1e9],
  ])('end where the evidence against them is 40:1: %d of %d', (events, trials) => {
    const { lower, upper } = rateBounds({ events, trials }, ALPHA);
    expect(logE(1, [{ events, trials, rate: lower }])).toBeCloseTo(LIMIT, 4);
    expect(logE(-1, [{ events, trials, rate: upper }])).toBeCloseTo(LIMIT, 4);
    expect(lower).toBeLessThan(events / trials);
    expect(upper).toBeGreaterThan(events / trials);
  });
});

describe('the ratios that counts do not contradict', () => {
  it.each([
    { fact: 'all, without a stage', stages: [] },
    { fact: 'all, without a baseline', stages: [compared(5, 100, 0, 0)] },
    { fact: 'all, without a candidate', stages: [compared(0, 0, 5, 100)] },
    { fact: 'all, of one event on either side', stages: [compared(1, 100, 1, 100)] },
  ])('are $fact', ({ stages }) => {
    expect(ratioBounds(stages, ALPHA)).toEqual({ lower: 0, upper: Number.POSITIVE_INFINITY });
  });

  it.each([
    { fact: 'from zero on without an event of the candidate', stages: [compared(0, 100, 50, 100)], lower: 0 },
    {
      fact: 'without end where the baseline has no event',
      stages: [compared(50, 100, 0, 100)],
      upper: Number.POSITIVE_INFINITY,
    },
  ])('are $fact', ({ stages, lower, upper }) => {
    const bounds = ratioBounds(stages, ALPHA);
    if (lower !== undefined) expect(bounds.lower).toBe(lower);
    else expect(bounds.lower).toBeGreaterThan(1);
    if (upper !== undefined) expect(bounds.upper).toBe(upper);
    else expect(bounds.upper).toBeLessThan(1);
  });

  it('end where the evidence against them is 40:1', () => {
    const stages = [compared(60, 1000, 100, 10_000), compared(9, 500, 12, 500), compared(7, 70, 0, 0)];
    const at = (ratio: number, direction: 1 | -1) =>
      logE(
        direction,
        stages.slice(0, 2).map((each) => ({
          events: each.candidateEvents,
          trials: each.candidateEvents + each.baselineEvents,
          rate: (ratio * each.candidateTrials) / (ratio * each.candidateTrials + each.baselineTrials),
        })),
      );
    const { lower, upper } = ratioBounds(stages, ALPHA);
    expect(at(lower, 1)).toBeCloseTo(LIMIT, 6);
    expect(at(upper, -1)).toBeCloseTo(LIMIT, 6);
    expect(lower).toBeLessThan(upper);
  });
});
