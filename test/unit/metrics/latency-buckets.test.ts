/** Requests slower than a limit, from cumulative buckets. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HealthArm, parseHealthAnswer } from '../../../src/metrics/health-answer.ts';
import { slowerThan } from '../../../src/metrics/latency-buckets.ts';
import { healthWith } from '../../support/health-answers.ts';

interface Bucket {
  readonly le: number | null;
  readonly count: number;
}

function armWith(buckets: readonly Bucket[]): HealthArm {
  const [arm] = parseHealthAnswer(healthWith('versions.0.latency_ms', { buckets })).arms;
  if (arm === undefined) throw new Error('the example has a first version');
  return arm;
}

const BUCKETS = [
  { le: 100, count: 40 },
  { le: 200, count: 80 },
  { le: null, count: 100 },
] as const;

describe('slowerThan', () => {
  it.each([
    { limitMs: 50, events: 80 },
    { limitMs: 100, events: 60 },
    { limitMs: 150, events: 40 },
    { limitMs: 175, events: 30 },
    { limitMs: 200, events: 20 },
  ])('finds $events of 100 above $limitMs ms', ({ limitMs, events }) => {
    expect(slowerThan(armWith(BUCKETS), limitMs)).toMatchObject({ events, trials: 100 });
  });

  it('knows nothing about a limit beyond the largest bound', () => {
    expect(slowerThan(armWith(BUCKETS), 500)).toEqual({
      kind: 'error',
      why: 'the largest latency bucket ends at 200 ms, below the limit of 500 ms',
    });
  });

  it('knows that nothing was slower when nothing is beyond the largest bound', () => {
    const arm = armWith([
      { le: 100, count: 7 },
      { le: null, count: 7 },
    ]);
    expect(slowerThan(arm, 500)).toMatchObject({ events: 0, trials: 7 });
  });

  it('says none for an empty histogram', () => {
    expect(slowerThan(armWith([]), 100)).toMatchObject({ kind: 'none' });
  });

  it('stays within 0 and the trials, and falls as the limit rises', () => {
    const histogram = fc
      .tuple(
        fc.uniqueArray(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(1_000), { minLength: 9, maxLength: 9 }),
      )
      .map(([bounds, steps]) => {
        let count = 0;
        const sorted = [...bounds].sort((one, other) => one - other);
        return [...sorted, null].map((le, index) => {
          count += steps[index] ?? 0;
          return { le, count };
        });
      });
    fc.assert(
      fc.property(
        histogram,
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 5_000 }),
        (buckets, one, other) => {
          const arm = armWith(buckets);
          const low = slowerThan(arm, Math.min(one, other));
          const high = slowerThan(arm, Math.max(one, other));
          if ('kind' in low || 'kind' in high) return;
          expect(low.events).toBeLessThanOrEqual(low.trials);
          expect(high.events).toBeGreaterThanOrEqual(0);
          expect(high.events).toBeLessThanOrEqual(low.events + 1e-9);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a histogram that does not add up', () => {
  it.each([
    {
      title: 'falling counts',
      buckets: [
        { le: 1, count: 5 },
        { le: null, count: 4 },
      ],
      says: /\[1\].count: 4; expected at least 5/,
    },
    {
      title: 'bounds out of order',
      buckets: [
        { le: 9, count: 1 },
        { le: 5, count: 2 },
        { le: null, count: 3 },
      ],
      says: /\[1\].le: 5; expected more than 9/,
    },
    { title: 'no last bucket', buckets: [{ le: 9, count: 1 }], says: /expected null for the last bucket/ },
    {
      title: 'two last buckets',
      buckets: [
        { le: null, count: 1 },
        { le: null, count: 1 },
      ],
      says: /expected more than/,
    },
    {
      title: 'a negative count',
      buckets: [{ le: null, count: -1 }],
      says: /count: expected a finite number/,
    },
    {
      title: 'a negative bound',
      buckets: [
        { le: -5, count: 1 },
        { le: null, count: 1 },
      ],
      says: /le: expected/,
    },
  ])('is refused for $title', ({ buckets, says }) => {
    expect(() => armWith(buckets)).toThrow(says);
  });
});
