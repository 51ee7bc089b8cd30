/** How long to wait before trying again. Pure. */
import type { DurationMs } from '../core/units.ts';

const FIRST_CEILING_MS: DurationMs = 500;
const HIGHEST_CEILING_MS: DurationMs = 30_000;

/**
 * Returns the full-jitter delay after failed attempt number `attempt` (1 is the first): a share of a
 * ceiling that doubles from 500 ms and stays at 30 s.
 *
 * Units: `random` is in [0, 1); the result is whole milliseconds. Errors: RangeError for an attempt below 1.
 * Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function backoffDelayMs(attempt: number, random: number): DurationMs {
  if (!(attempt >= 1)) throw new RangeError(`attempt ${attempt}: expected 1 or more`);
  const ceilingMs = Math.min(HIGHEST_CEILING_MS, FIRST_CEILING_MS * 2 ** (attempt - 1));
  return Math.floor(random * ceilingMs);
}
