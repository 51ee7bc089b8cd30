/** How many trials without a single event prove a limit. Pure. */
import type { Ratio } from '../units.ts';
import { testableLimit } from './limit-test.ts';
import { logE } from './log-e.ts';
import { LOG_PROOF } from './proven-safe.ts';

/** Returns the least whole number of independent trials without an event that proves a rate below `limit` at 20:1. */
export function cleanTrialsToProve(limit: Ratio): number {
  const rate = Math.min(0.5, testableLimit(limit));
  const proves = (trials: number): boolean => logE(-1, [{ events: 0, trials, rate }]) >= LOG_PROOF;
  let high = 1;
  while (!proves(high)) high *= 2;
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (proves(middle)) high = middle;
    else low = middle;
  }
  return high;
}
