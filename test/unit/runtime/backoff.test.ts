/** The delay before another try doubles, is spread by chance and stays below half a minute. */
import { describe, expect, it } from 'vitest';
import { backoffDelayMs } from '../../../src/runtime/backoff.ts';

describe('backoffDelayMs', () => {
  it.each([
    { attempt: 1, ceilingMs: 500 },
    { attempt: 2, ceilingMs: 1_000 },
    { attempt: 3, ceilingMs: 2_000 },
    { attempt: 6, ceilingMs: 16_000 },
    { attempt: 7, ceilingMs: 30_000 },
    { attempt: 1_000, ceilingMs: 30_000 },
  ])('spreads attempt $attempt over 0 to $ceilingMs ms', ({ attempt, ceilingMs }) => {
    expect(backoffDelayMs(attempt, 0)).toBe(0);
    expect(backoffDelayMs(attempt, 0.5)).toBe(ceilingMs / 2);
    expect(backoffDelayMs(attempt, 0.999_999)).toBe(ceilingMs - 1);
  });

  it.each([0, -1, Number.NaN])('refuses attempt %d', (attempt) => {
    expect(() => backoffDelayMs(attempt, 0.5)).toThrow(RangeError);
  });
});
