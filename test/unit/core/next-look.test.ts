import { describe, expect, it } from 'vitest';
import { nextLookAt, pollIntervalMs } from '../../../src/core/next-look.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/units.ts';
import { T0 } from '../../support/core-builders.ts';

describe('the interval between looks', () => {
  it.each([
    { fact: '5 s from the start', elapsedMs: 0, gives: 5 * SECOND_MS },
    { fact: '5 s until the first minute is over', elapsedMs: MINUTE_MS - 1, gives: 5 * SECOND_MS },
    { fact: '15 s from the first minute', elapsedMs: MINUTE_MS, gives: 15 * SECOND_MS },
    { fact: '15 s until the tenth minute is over', elapsedMs: 10 * MINUTE_MS - 1, gives: 15 * SECOND_MS },
    { fact: '30 s from the tenth minute', elapsedMs: 10 * MINUTE_MS, gives: 30 * SECOND_MS },
    { fact: '30 s after days', elapsedMs: 99 * HOUR_MS, gives: 30 * SECOND_MS },
    { fact: '5 s when the clocks disagree about the start', elapsedMs: -MINUTE_MS, gives: 5 * SECOND_MS },
  ])('is $fact', ({ elapsedMs, gives }) => {
    expect(pollIntervalMs({ kind: 'auto' }, elapsedMs)).toBe(gives);
  });

  it('is what the workflow says, at any time', () => {
    const poll = { kind: 'fixed', everyMs: 7 * MINUTE_MS } as const;
    expect([0, MINUTE_MS, HOUR_MS].map((elapsedMs) => pollIntervalMs(poll, elapsedMs))).toEqual(
      Array(3).fill(7 * MINUTE_MS),
    );
  });
});

describe('the next look', () => {
  it.each([
    { fact: 'one interval from now', milestones: [], gives: T0 + MINUTE_MS },
    { fact: 'at a milestone that is sooner', milestones: [T0 + 10], gives: T0 + 10 },
    { fact: 'at the soonest of several', milestones: [T0 + 30, T0 + 20], gives: T0 + 20 },
    { fact: 'at a milestone just behind the interval, once', milestones: [T0 + 75_000], gives: T0 + 75_000 },
    {
      fact: 'one interval from now when a milestone is further',
      milestones: [T0 + 75_001],
      gives: T0 + MINUTE_MS,
    },
    { fact: 'not before a later milestone', milestones: [T0 + HOUR_MS], gives: T0 + MINUTE_MS },
    { fact: 'never at a milestone that is over', milestones: [T0 - 1], gives: T0 + MINUTE_MS },
    { fact: 'never now', milestones: [T0], gives: T0 + MINUTE_MS },
  ])('is $fact', ({ milestones, gives }) => {
    expect(nextLookAt(T0, MINUTE_MS, milestones)).toBe(gives);
  });
});
