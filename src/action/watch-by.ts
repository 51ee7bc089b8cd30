/** Who watches a rollout: the source of its gates, tried before the first write. */
import type { Plan } from '../core/plan.ts';
import type { HealthSource } from '../core/ports.ts';
import { healthSourceMissingBlocks } from '../report/health-missing.ts';
import type { Connection } from './connection.ts';
import { adoptionOnlyHealth } from './device-count-health.ts';
import type { ActionInputs } from './inputs.ts';
import { gatesOfOctomil, planHealth } from './plan-health.ts';
import type { Fleet, Standing } from './prepare.ts';
import { Refusal } from './refusal.ts';
import { checkSeries, refuseUnusableSeries, seriesWarnings } from './series-check.ts';

/**
 * Returns the source that the plan's gates are judged by, tried once.
 *
 * Errors: throws a `Refusal` when the source is not there (with three blocks to paste), when it cannot be
 * read, and when nothing at all would watch the rollout.
 */
export async function watchBy(
  inputs: ActionInputs,
  fleet: Fleet,
  connection: Connection,
  standing: Standing,
): Promise<HealthSource> {
  const { plan, api, policy } = fleet;
  const { autoRollback } = policy;
  if (inputs.autoRollbackRequired && autoRollback !== true) {
    throw new Refusal({
      outcome: 'invalid_input',
      reason: 'auto_rollback_required',
      detail:
        autoRollback === null ? 'its settings cannot be read; is org-id set?' : 'its settings say it is off',
    });
  }
  if (plan.ungated) {
    refuseUnwatched(plan, autoRollback);
    if (Object.keys(plan.metrics).length === 0) return adoptionOnlyHealth(api);
  }
  const planned = planHealth(fleet, connection);
  const [unmeasured] = plan.ungated ? [] : gatesOfOctomil(plan);
  if (unmeasured !== undefined) await refuseMissingRoute(plan, planned.health, standing);
  const check = await checkSeries(fleet, standing, planned);
  refuseUnusableSeries(check);
  for (const warning of seriesWarnings(check)) connection.warn(warning);
  return planned.health;
}

async function refuseMissingRoute(plan: Plan, source: HealthSource, { landscape }: Standing): Promise<void> {
  const known = landscape.ours ?? landscape.lastCompleted;
  const probe = await source.probe(known?.id ?? null);
  if (probe.kind === 'available') return;
  const missing = probe.kind === 'missing';
  throw new Refusal({
    outcome: 'error',
    reason: missing ? 'health_source_missing' : 'measurement_failed',
    detail: Object.keys(plan.metrics).length === 0 ? probe.detail : withoutSeries(plan, probe.detail),
    next: missing ? healthSourceMissingBlocks(plan) : [],
  });
}

/** Some gates have a series; those that have none are what the route is needed for. */
function withoutSeries(plan: Plan, detail: string): string {
  return `${detail}; without a series in metrics: ${gatesOfOctomil(plan).join(', ')}`;
}

function refuseUnwatched(plan: Plan, autoRollback: boolean | null): void {
  if (autoRollback === true || plan.unwatchedAccepted) return;
  const detail =
    autoRollback === null ? 'its settings cannot be read; is org-id set?' : 'its settings say it is off';
  throw new Refusal({ outcome: 'invalid_plan', reason: 'unwatched_not_accepted', detail });
}
