/** Whether the series of a plan answer before the first write, and what to mend where they do not. */
import type { SeriesProbe } from '../core/ports.ts';
import { type DurationMs, HOUR_MS } from '../core/units.ts';
import { probeSeries } from '../metrics/series-probe.ts';
import type { PlanHealth } from './plan-health.ts';
import type { Fleet, Standing } from './prepare.ts';
import { Refusal } from './refusal.ts';

/** The time before now that every series is tried over. */
export const PROBE_WINDOW_MS: DurationMs = HOUR_MS;

/** What the series answered, and whether a version serves that they should have answered for. */
export interface SeriesCheck {
  readonly probes: readonly SeriesProbe[];
  readonly isServing: boolean;
}

/**
 * Returns what each series of a plan answers for the version that serves now, over the last hour.
 *
 * Before a rollout that is the version it replaces; where that is not known, and during a rollout, whose
 * previous version may have no traffic any more, it is the candidate, which need not have any yet.
 */
export async function checkSeries(
  { plan, model, group, api }: Fleet,
  { landscape }: Standing,
  { sources }: PlanHealth,
): Promise<SeriesCheck> {
  if (Object.keys(plan.metrics).length === 0) return { probes: [], isServing: false };
  const { ours, lastCompleted } = landscape;
  const serving = ours === null ? (lastCompleted?.version ?? plan.rollback.to) : null;
  const now = api.now();
  const scope = {
    model: model.name ?? model.id,
    modelId: model.id,
    rolloutId: (ours ?? lastCompleted)?.id ?? 'probe',
    version: serving ?? plan.version,
    baselineVersion: lastCompleted?.version ?? plan.rollback.to,
    group: group?.id ?? null,
    window: { from: now - PROBE_WINDOW_MS, to: now },
  };
  return { probes: await probeSeries({ plan, sources, scope }), isServing: serving !== null };
}

/** Returns one line for each series that a rollout cannot be judged by; empty when all can be used. */
export function seriesProblems({ probes, isServing }: SeriesCheck): readonly string[] {
  return probes
    .filter(
      ({ evidence: { kind } }) =>
        kind === 'error' || kind === 'unavailable' || (kind === 'none' && isServing),
    )
    .map(problemLine);
}

/** Returns one line for each thing that should be known and stops nothing. */
export function seriesWarnings({ probes, isServing }: SeriesCheck): readonly string[] {
  return probes.flatMap(({ gate, evidence, warnings }) => [
    ...(evidence.kind === 'none' && !isServing
      ? [`metrics.${gate} has no data yet (${evidence.why}), and no previous version to try it with`]
      : []),
    ...warnings.map((warning) => `metrics.${gate}: ${warning}`),
  ]);
}

/** Errors: throws a `Refusal` with the query, the answer's shape and the fix of every series that cannot be used. */
export function refuseUnusableSeries(check: SeriesCheck): void {
  const problems = seriesProblems(check);
  if (problems.length === 0) return;
  throw new Refusal({ outcome: 'error', reason: 'measurement_failed', detail: problems.join('\n') });
}

function problemLine({ gate, source, version, evidence, asked, shape }: SeriesProbe): string {
  const why = 'why' in evidence ? evidence.why : '';
  const query = asked === '' ? '' : `; asked ${asked}`;
  const fix =
    evidence.kind === 'none'
      ? `Does ${source} know version ${version} by that name, and had it traffic in the last hour?`
      : `Mend metrics.${gate}, or what ${source} needs; \`command: plan\` shows the answer again.`;
  return `metrics.${gate} (${source}) for version ${version}: ${why}${query}; answered ${shape}. ${fix}`;
}
