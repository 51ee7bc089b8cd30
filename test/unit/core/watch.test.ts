import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/units.ts';
import { errorBudgetMs } from '../../../src/core/watch.ts';

describe('the error budget', () => {
  it.each([
    { intervalMs: 5_000, gives: 10 * MINUTE_MS },
    { intervalMs: 2 * MINUTE_MS, gives: 10 * MINUTE_MS },
    { intervalMs: HOUR_MS, gives: 5 * HOUR_MS },
  ])('of intervals of $intervalMs ms is $gives ms', ({ intervalMs, gives }) => {
    expect(errorBudgetMs(intervalMs)).toBe(gives);
  });
});
