/** Facts that a plan meets on the server, and how it goes on from them. */
import type { Landscape } from '../../src/core/landscape.ts';
import type { Plan } from '../../src/core/plan.ts';
import type { ReasonCode } from '../../src/core/reason-codes.ts';
import { type ReconcileFacts, type Reconciliation, reconcile } from '../../src/core/reconcile.ts';
import type { Outcome, RemoteRollout } from '../../src/core/rollout.ts';
import { HOUR_MS } from '../../src/core/units.ts';
import { aPlan, aRemoteRollout, T0 } from './core-builders.ts';
import { aLandscape } from './landscapes.ts';

const NOW = T0 + HOUR_MS;
/** Returns an active rollout of 2.1.0 at 10%. */
export function aRival(over: Partial<RemoteRollout> = {}): RemoteRollout {
  return aRemoteRollout({ id: 'r7', version: '2.1.0', percentage: 10, ...over });
}

/** What differs from a landscape in which nothing of ours exists, an hour after `T0`. */
export type Facts = Partial<Omit<ReconcileFacts, 'landscape'>> & { readonly landscape?: Partial<Landscape> };

/** Returns how a plan goes on from the facts. */
export function reconciled(plan: Partial<Plan>, { landscape, ...facts }: Facts): Reconciliation {
  const base = { history: [], now: NOW, toVersion: null, retry: false, run: null };
  return reconcile(aPlan(plan), { ...base, ...facts, landscape: aLandscape(landscape) });
}

/** Returns a refusal. */
export function refusal(
  outcome: Outcome | 'held',
  reason: ReasonCode | 'group_not_confirmed',
  detail: string,
): Reconciliation {
  return { kind: 'refuse', outcome, reason, detail };
}

/** A fact, and how a plan goes on from it. */
export interface ReconcileRow {
  readonly fact: string;
  readonly plan?: Partial<Plan>;
  readonly facts: Facts;
  readonly gives: Reconciliation;
}
