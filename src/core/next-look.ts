/** When to look again: computed here, slept elsewhere. Pure. */
import type { PollInterval } from './ports.ts';
import { type DurationMs, type EpochMs, MINUTE_MS, SECOND_MS } from './units.ts';

/**
 * Returns the time between looks `elapsedMs` into a stage or a rollback.
 *
 * `auto` is 5 s in the first minute, 15 s to the tenth, then 30 s: bad news early costs most, and the
 * vendor allows 100 requests a minute.
 */
export function pollIntervalMs(poll: PollInterval, elapsedMs: DurationMs): DurationMs {
  if (poll.kind === 'fixed') return poll.everyMs;
  if (elapsedMs < MINUTE_MS) return 5 * SECOND_MS;
  return elapsedMs < 10 * MINUTE_MS ? 15 * SECOND_MS : 30 * SECOND_MS;
}

// Looking shortly before a milestone and again at it would tell nothing new and cost two requests.
const REACH = 1.25;

/**
 * Returns the next look: the earliest of `milestones` that lies ahead within one interval and a quarter,
 * or else one interval from now.
 */
export function nextLookAt(now: EpochMs, intervalMs: DurationMs, milestones: readonly EpochMs[]): EpochMs {
  const near = milestones.filter((milestone) => milestone > now && milestone <= now + REACH * intervalMs);
  return near.length === 0 ? now + intervalMs : Math.min(...near);
}
