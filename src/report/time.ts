/** Points in time as people read them: UTC, to the second, with a Z. Pure. */
import { type EpochMs, SECOND_MS } from '../core/units.ts';

const MAX_EPOCH_MS = 8_640_000_000_000_000;

/** Returns a time such as `2026-11-20T10:05:00Z`; `unknown` for a number that is no time. Never throws. */
export function formatTime(at: EpochMs): string {
  return isoTime(at) ?? 'unknown';
}

/** Returns the time of day such as `10:05:00Z`; `unknown` for a number that is no time. Never throws. */
export function formatClock(at: EpochMs): string {
  return isoTime(at)?.replace(/^.*T/, '') ?? 'unknown';
}

/** Returns a time such as `2026-11-20T10:05:00Z`, or null for a number that is no time. Never throws. */
export function isoTime(at: EpochMs): string | null {
  if (!Number.isFinite(at) || Math.abs(at) > MAX_EPOCH_MS) return null;
  return new Date(Math.floor(at / SECOND_MS) * SECOND_MS).toISOString().replace('.000Z', 'Z');
}
