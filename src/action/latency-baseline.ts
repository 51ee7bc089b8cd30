/** Whether the latency of the version that is replaced is known, before anything is written. */
import type { RelativeLatencyGate } from '../core/plan.ts';
import type { HealthSource } from '../core/ports.ts';
import { type Beginning, type Fleet, previousVersionOf, type Standing } from './prepare.ts';
import { FROZEN_WINDOW_MS } from './read-gates.ts';
import { Refusal } from './refusal.ts';

/** How a run begins and what the server showed. */
export interface Outset {
  readonly beginning: Beginning;
  readonly standing: Standing;
}

/**
 * Refuses a new rollout whose gates compare with a latency that nobody can tell.
 *
 * The limit is the baseline's percentile in the hour before the rollout is created, so what cannot be read now
 * cannot be read later either. A rollout that exists already is judged by what its source tells.
 */
export async function refuseUnknownLatency(
  { plan, model, group, api }: Fleet,
  health: HealthSource,
  { beginning, standing }: Outset,
): Promise<void> {
  const gate = plan.stages.flatMap(({ gates }) => gates).find(isRelative);
  if (gate === undefined || beginning.kind !== 'create') return;
  const version = previousVersionOf(beginning);
  if (version === null) throw unknown(gate, 'there is no previous version');
  const rolloutId = standing.landscape.lastCompleted?.id;
  if (rolloutId === undefined) return;
  const now = api.now();
  const answer = await health.readPercentile({
    modelId: model.id,
    rolloutId,
    version,
    group: group?.id ?? null,
    window: { from: now - FROZEN_WINDOW_MS, to: now },
    slowRatio: gate.slowRatio,
  });
  if (answer.kind !== 'percentile') throw unknown(gate, answer.why);
}

function isRelative(gate: { readonly kind: string }): gate is RelativeLatencyGate {
  return gate.kind === 'relative_latency';
}

function unknown({ name }: RelativeLatencyGate, why: string): Refusal {
  const detail = `${name} is compared with the previous version: ${why}`;
  return new Refusal({ outcome: 'invalid_plan', reason: 'latency_baseline_missing', detail });
}
