/** The whole seconds of a window, which is what sources are asked for. Pure. */
import type { Window } from '../core/evidence.ts';
import { type EpochMs, SECOND_MS } from '../core/units.ts';

/**
 * Returns the largest window of whole seconds that lies within `window`, or null where there is none.
 *
 * A source that cuts times to the second would otherwise answer for a window that starts too early (INV-1).
 */
export function wholeSeconds(window: Window): Window | null {
  const from = Math.ceil(window.from / SECOND_MS) * SECOND_MS;
  const to = Math.floor(window.to / SECOND_MS) * SECOND_MS;
  return Number.isFinite(from) && to > from ? { from, to } : null;
}

/** Returns a time in RFC 3339 with Z, without a fraction where the second is whole. */
export function isoTime(at: EpochMs): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
