/** Who acts on a rollout now, as far as its history tells: advisory, so that two runs do not take turns. Pure. */
import type { HistoryEntry, Lease } from './rollout.ts';
import { lastTag } from './stage-history.ts';
import { type DurationMs, type EpochMs, MINUTE_MS } from './units.ts';

/** How long a lease outlives the next look that its run has planned. */
export const LEASE_MARGIN_MS: DurationMs = 10 * MINUTE_MS;

/** Who asks, and when. */
export interface LeaseQuestion {
  /** Label of the run that asks: run id, run number and attempt, joined by dots. */
  readonly run: string;
  readonly now: EpochMs;
}

/**
 * Returns the lease that another run holds on a rollout, or null.
 *
 * None where there is no readable tag, where it has expired, where the tag is that of another attempt of the
 * same run, and where its run has paused the rollout: it has gone.
 */
export function leaseOf(history: readonly HistoryEntry[], { run, now }: LeaseQuestion): Lease | null {
  const tag = lastTag(history);
  if (tag === null || tag.leaseUntil === null || tag.leaseUntil <= now || tag.pausing !== null) return null;
  const runId = runIdOf(tag.run);
  return runId === runIdOf(run) ? null : { runId, until: tag.leaseUntil };
}

function runIdOf(label: string): string {
  return label.split('.')[0] ?? label;
}
