/** A rollout of ours found on the server, and how the core adopts it. */
import type { Plan } from '../../src/core/plan.ts';
import { type Reconciliation, reconcile } from '../../src/core/reconcile.ts';
import type { HistoryEntry, RemoteRollout } from '../../src/core/rollout.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/core/units.ts';
import { anEntry, aPlan, aRemoteRollout, T0 } from './core-builders.ts';

/** When a found rollout is adopted unless it is said otherwise: an hour after `T0`. */
export const NOW = T0 + HOUR_MS;

/** The note of an adoption that does not know when the stage was entered. */
export const UNKNOWN_ENTRY =
  'the API does not tell when this stage was entered; its soak starts again with this run, and only evidence from now on is judged';

/** The note of an adoption that does not know when the stages before this one were entered. */
export const UNKNOWN_PAST =
  'the API does not tell when earlier stages were entered; only evidence of this stage is judged';

/** What differs from a rollout that is active at 1% since `T0`, without a history. */
export interface Found {
  readonly ours?: Partial<RemoteRollout>;
  readonly history?: readonly HistoryEntry[];
  readonly plan?: Partial<Plan>;
  readonly now?: number;
}

/** Returns the adoption of a found rollout that returns to 1.9.0; anything else is a TypeError. */
export function adopt({
  ours,
  history = [],
  plan,
  now = NOW,
}: Found): Extract<Reconciliation, { kind: 'adopt' }> {
  const landscape = {
    ours: aRemoteRollout(ours),
    oursUncertain: false,
    beyondGroup: null,
    rivals: [],
    restoring: [],
    rolledBackBefore: null,
    overtakenBy: null,
    lastCompleted: null,
    lastCompletedUncertain: false,
  };
  const facts = { landscape, history, now, toVersion: '1.9.0', retry: false, run: null };
  const reconciliation = reconcile(aPlan(plan), facts);
  if (reconciliation.kind !== 'adopt')
    throw new TypeError(`expected an adoption, got ${reconciliation.kind}`);
  return reconciliation;
}

/** Returns a history entry of a percentage, so many minutes after `T0`. */
export function at(percentage: number, minutes: number): HistoryEntry {
  return anEntry({ percentage, at: T0 + minutes * MINUTE_MS });
}
