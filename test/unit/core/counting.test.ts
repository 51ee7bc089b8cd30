import { describe, expect, it } from 'vitest';
import type { Counts } from '../../../src/core/evidence.ts';
import { areCountsSane, chanceAtLimit, exceeds, trialsToExclude } from '../../../src/core/judge-counts.ts';
import { countsOf } from '../../support/core-builders.ts';

describe('clean trials that exclude a rate with 95% confidence', () => {
  it.each([
    [0.05, 59],
    [0.01, 299],
    [0.001, 2995],
    [0.5, 5],
    [0.99, 1],
    [1, 1],
    [2, 1],
  ])('above %d are %d', (maxRatio, gives) => {
    expect(trialsToExclude(maxRatio)).toBe(gives);
  });
});

describe('one number exceeds another', () => {
  it.each([
    { a: 29, b: 0.29 * 100, gives: false },
    { a: 58, b: 0.58 * 100, gives: false },
    { a: 30, b: 0.29 * 100, gives: true },
    { a: 29.1, b: 29, gives: true },
    { a: 5, b: 5, gives: false },
    { a: 4, b: 5, gives: false },
    { a: 0.001, b: 0, gives: true },
    { a: 1e12 + 1, b: 1e12, gives: false },
    { a: 1e-10, b: 0, gives: false },
    { a: 1 + 1e-9 / 2, b: 1, gives: false },
    { a: Number.NaN, b: 1, gives: false },
  ])('$a over $b: $gives', ({ a, b, gives }) => {
    expect(exceeds(a, b)).toBe(gives);
  });
});

describe('the chance of what was seen at the limit', () => {
  it.each([
    { events: 3, trials: 3, limit: 0.05, gives: 0.05 ** 3 },
    { events: 50, trials: 100, limit: 0.25, gives: (0.25 ** 50 * 0.75 ** 50) / 0.5 ** 100 },
    { events: 5, trials: 100, limit: 0.05, gives: 1 },
    { events: 0, trials: 100, limit: 0.05, gives: 1 },
    { events: 9, trials: 9, limit: 1, gives: 1 },
    { events: 1e6, trials: 1e9, limit: 1e-4, gives: 0 },
  ])('$events of $trials at $limit is at most $gives', ({ events, trials, limit, gives }) => {
    expect(chanceAtLimit(events, trials, limit)).toBeCloseTo(gives, 12);
  });
});

describe('counts that can be', () => {
  it.each<{ fact: string; counts: Counts; gives: boolean }>([
    { fact: 'no trial at all', counts: countsOf(0, 0), gives: true },
    { fact: 'as many events as trials', counts: countsOf(7, 7), gives: true },
    { fact: 'fractions of a count', counts: countsOf(0.5, 2.25), gives: true },
    {
      fact: 'devices of which none has an event',
      counts: countsOf(0, 9, { devices: 3, devicesWithEvents: 0 }),
      gives: true,
    },
    { fact: 'more events than trials', counts: countsOf(8, 7), gives: false },
    { fact: 'negative events', counts: countsOf(-1, 7), gives: false },
    { fact: 'negative trials', counts: countsOf(-9, -7), gives: false },
    { fact: 'events that are no number', counts: countsOf(Number.NaN, 7), gives: false },
    { fact: 'trials that are no number', counts: countsOf(0, Number.NaN), gives: false },
    { fact: 'endless trials', counts: countsOf(0, Number.POSITIVE_INFINITY), gives: false },
    { fact: 'negative devices', counts: countsOf(0, 9, { devices: -1 }), gives: false },
    {
      fact: 'devices with events that are no number',
      counts: countsOf(0, 9, { devicesWithEvents: Number.NaN }),
      gives: false,
    },
  ])('$fact: $gives', ({ counts, gives }) => {
    expect(areCountsSane(counts)).toBe(gives);
  });
});
