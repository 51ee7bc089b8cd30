/** The health source of one plan: its own series where it has them, Octomil for every other gate. */
import type { Plan } from '../core/plan.ts';
import type { HealthSource, RolloutApi } from '../core/ports.ts';
import { watchCounters } from '../metrics/growing-counters.ts';
import { rememberWindows } from '../metrics/remembered-windows.ts';
import { routeHealth } from '../metrics/routed-health.ts';
import { createSeriesHealth } from '../metrics/series-health.ts';
import type { SeriesSource } from '../metrics/series-source.ts';
import { isMeasured } from '../plan/gates.ts';
import type { Connection } from './connection.ts';
import { adoptionOnlyHealth } from './device-count-health.ts';

/** A plan, and the model that it is for. */
export interface PlannedModel {
  readonly plan: Plan;
  readonly model: { readonly id: string; readonly name: string | null };
  readonly api: RolloutApi;
}

/** The source of a plan's gates, and the places of its series by themselves. */
export interface PlanHealth {
  readonly health: HealthSource;
  readonly sources: ReadonlyMap<string, SeriesSource>;
}

/** Returns the measured gates of a plan that have no series, and so are Octomil's to measure. */
export function gatesOfOctomil({ stages, metrics }: Plan): readonly string[] {
  const names = stages.flatMap(({ gates }) => gates.filter(isMeasured).map(({ name }) => name));
  return [...new Set(names)].filter((name) => !Object.hasOwn(metrics, name));
}

/**
 * Returns the source that answers every gate of a plan.
 *
 * Where a plan measures all of its gates itself, adoption comes from the rollout's device count, so that no
 * health route is needed. Errors: throws a `Refusal` for inputs that its series need and that are missing.
 */
export function planHealth({ plan, model, api }: PlannedModel, connection: Connection): PlanHealth {
  const needsOctomil = gatesOfOctomil(plan).length > 0 && !plan.ungated;
  const fallback = needsOctomil ? connection.health(model.id) : adoptionOnlyHealth(api);
  const sources = connection.seriesSources(plan.metrics);
  const series = Object.entries(plan.metrics);
  const places = [...sources].map(([name, source]) => {
    const own = new Map(series.filter(([, each]) => each.source === name));
    const health = createSeriesHealth({ source, series: own, model: model.name ?? model.id });
    return {
      source: rememberWindows(watchCounters(health, source.extrapolatedMs), () => api.now(), 'taken'),
      gates: new Set(own.keys()),
    };
  });
  return { health: places.length === 0 ? fallback : routeHealth(fallback, places), sources };
}
