/** How long a plan takes, at least and at most. */
import { describe, expect, it } from 'vitest';
import { leastPlanMs, mostPlanMs } from '../../../src/core/plan-time.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/units.ts';
import { PLAN } from '../../support/run-records.ts';

describe('a plan', () => {
  it('takes all its soaks and the bake', () => {
    expect(leastPlanMs(PLAN)).toBe(105 * MINUTE_MS);
  });

  it('takes every wait as well when evidence is late, within its deadline', () => {
    expect(mostPlanMs({ ...PLAN, deadlineMs: 10 * HOUR_MS })).toBe(315 * MINUTE_MS);
    expect(mostPlanMs({ ...PLAN, deadlineMs: 2 * HOUR_MS })).toBe(120 * MINUTE_MS);
  });
});
