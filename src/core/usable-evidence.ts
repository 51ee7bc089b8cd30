/** Which evidence may be judged at all: fresh, possible, and of this stage. Pure. */
import type { Counts, Evidence, Verdict, Window } from './evidence.ts';
import { formatDuration } from './format.ts';
import { type DurationMs, type EpochMs, MINUTE_MS } from './units.ts';

/**
 * Evidence that ends longer ago than this says nothing about now: it is `no_data` instead of a pass.
 *
 * Ten minutes is twice the vendor's default heartbeat, so an ordinary delay of telemetry is not stale.
 */
export const MAX_EVIDENCE_AGE_MS: DurationMs = 10 * MINUTE_MS;

// A source's clock may run a little ahead of the API's.
const MAX_CLOCK_LEAD_MS: DurationMs = MINUTE_MS;

/** Evidence with counts in it. */
export type CountedEvidence = Extract<Evidence, { kind: 'counts' }>;

/** Why evidence is not judged, with the verdict that it has instead. */
export interface Objection {
  readonly verdict: Verdict;
  /** A clause for the end of a sentence. */
  readonly why: string;
}

/**
 * Returns whether counts are possible at all: finite, not negative, no more events than trials, no more devices
 * with events than devices.
 */
export function areCountsSane({ events, trials, devices, devicesWithEvents }: Counts): boolean {
  const numbers = [events, trials, devices ?? 0, devicesWithEvents ?? 0];
  if (!numbers.every((n) => Number.isFinite(n) && n >= 0)) return false;
  return events <= trials && (devices === null || (devicesWithEvents ?? 0) <= devices);
}

/** Returns whether the counts of both versions are possible. */
export function areBothSane({ candidate, baseline }: CountedEvidence): boolean {
  return areCountsSane(candidate) && (baseline === null || areCountsSane(baseline));
}

/** Returns what speaks against a window as evidence about now, or null: covers no time, the future, or is stale. */
export function objectionTo({ from, to }: Window, now: EpochMs): Objection | null {
  if (!(to > from)) return { verdict: 'no_data', why: 'the source covered no time' };
  const ageMs = now - to;
  if (!(ageMs >= -MAX_CLOCK_LEAD_MS)) {
    return { verdict: 'no_data', why: 'the source covers time that has not come' };
  }
  if (ageMs <= MAX_EVIDENCE_AGE_MS) return null;
  return { verdict: 'no_data', why: `stale, measured ${formatDuration(ageMs)} ago` };
}
