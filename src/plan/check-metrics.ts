/** Checks that every series measures a gate, and that its answer fits what the gate asks. Pure. */
import type { Plan, Stage } from '../core/plan.ts';
import type { Series } from '../core/series.ts';
import { placeholdersIn } from '../core/series-placeholders.ts';
import type { LaidOut } from './check-draft.ts';
import { COMPARED_GATES, checkComparison, checkShapes, misfitOf } from './check-shapes.ts';
import { type CustomSources, customNames, customSaid, limitOf, seriesOf } from './custom-gates.ts';
import type { Finding } from './findings.ts';
import { isCatalogueGate } from './gate-names.ts';
import type { GatesValue } from './gate-schema.ts';
import { strayGrouping } from './grouping.ts';
import type { Path } from './position.ts';
import type { PlanValues } from './schema.ts';
import { leavesOf, readSeries } from './series.ts';

/** Returns what is wrong with the series themselves. */
export function checkSeries(metrics: PlanValues['metrics']): readonly Finding[] {
  return Object.entries(metrics ?? {}).flatMap(([name, value]): readonly Finding[] => {
    const path = ['metrics', name];
    const stray = strayGrouping(value, path);
    if (stray.length > 0) return stray;
    const read = readSeries(value, path);
    if (!read.ok) return read.findings;
    if (read.series !== null || isCatalogueGate(name)) return [];
    return [{ path: [...path, 'source'], expected: `a source that measures ${name}; Octomil does not` }];
  });
}

/** Returns what is wrong between gates and series: series without a gate, shapes and limits that do not fit. */
export function checkMeasured({ draft, outlines, stages }: LaidOut): readonly Finding[] {
  const { metrics } = draft;
  const gates = stages.flatMap((stage) => stage.gates);
  const places = placesOf(draft.gates, outlines, draft.source.kind === 'stages');
  const ofPlaces = places.flatMap((place) => checkPlace({ ...place, metrics }));
  const mentioned = places.flatMap(({ plan, stage }) => customNames({ plan, stage, metrics }));
  const unused = Object.keys(metrics)
    .filter((name) => !gates.some((gate) => gate.name === name) && !mentioned.includes(name))
    .map((name) => ({
      path: ['metrics', name],
      atKey: true,
      got: `a series of ${name}, which no gate asks for`,
      expected: `a gate ${name} in gates, or no such series`,
    }));
  return [...unused, ...checkShapes(metrics), ...ofPlaces, ...checkProof(metrics, stages)];
}

/** Returns what is likely meant otherwise: queries that tell no version apart. */
export function warnOfVersions(metrics: Plan['metrics']): readonly Finding[] {
  return Object.entries(metrics)
    .filter(([, series]) => series.source !== 'file' && !asksForVersion(series))
    .map(([name]) => ({
      path: ['metrics', name],
      atKey: true,
      got: `a series of ${name} that does not name {{version}}`,
      expected: '{{version}} in it',
      hint: 'Without it both versions are measured together, and no fault is anybody’s.',
    }));
}

function asksForVersion(series: Series): boolean {
  const places = series.source === 'http-json' ? [series.path, series.body ?? ''] : [];
  return [...leavesOf(series.shape).map(([, text]) => text), ...places].some((text) =>
    placeholdersIn(text).some((name) => name === 'version' || name === 'baseline'),
  );
}

interface Place extends Omit<CustomSources, 'metrics'> {
  readonly path: Path;
}

/** The plan's gates, and each stage's own on top of them. */
function placesOf(
  plan: GatesValue | undefined,
  outlines: LaidOut['outlines'],
  areWritten: boolean,
): readonly Place[] {
  const ofStages = outlines.flatMap(({ gates }, index) =>
    gates === undefined || !areWritten ? [] : [{ plan, stage: gates, path: ['stages', index, 'gates'] }],
  );
  return [{ plan, stage: undefined, path: ['gates'] }, ...ofStages];
}

function checkPlace(place: Place & CustomSources): readonly Finding[] {
  const own = place.stage ?? place.plan;
  const written = own === undefined || own === 'none' ? {} : own;
  return [
    ...Object.keys(written.custom ?? {}).flatMap((name) => checkCustom(place, name)),
    ...COMPARED_GATES.flatMap((name) => checkComparison(place, name)),
  ];
}

function checkCustom(place: Place & CustomSources, name: string): readonly Finding[] {
  const path = [...place.path, name];
  const said = customSaid(place, name);
  const series = seriesOf(place.metrics, name);
  if (said === null || series === null) return [];
  const innermost = said.own ?? said.base;
  if (innermost?.max !== undefined && innermost.min !== undefined) {
    return [{ path, got: 'both max and min', expected: 'one of them' }];
  }
  const limit = limitOf(said);
  if (limit === null) {
    return [{ path, got: 'a map without a limit', expected: 'a limit such as max: 3% or min: 90%' }];
  }
  // A limit that is written without a map has no key of its own to point at; a least one is always in a map.
  const inMap = limit.side === 'min' || Object.keys(innermost ?? {}).length > 1;
  const at = innermost?.[limit.side] === undefined || !inMap ? path : [...path, limit.side];
  const misfit = misfitOf(limit, series.shape);
  if (misfit !== null) return [{ path: at, ...misfit }];
  const compares = (innermost?.baseline ?? said.base?.baseline) === 'current';
  const canCompare = series.shape.kind === 'counts' && limit.side === 'max';
  if (compares && !canCompare) {
    return [{ path: [...path, 'baseline'], expected: 'a comparison only of counts with max' }];
  }
  if (innermost?.margin === undefined || compares) return [];
  return [{ path: [...path, 'margin'], expected: 'a margin only beside baseline: current' }];
}

/** Nothing is ever proven by a bare value, and the stage would wait for it until its deadline. */
function checkProof(metrics: Plan['metrics'], stages: readonly Stage[]): readonly Finding[] {
  const bare = stages
    .filter(({ passWhen, percentage }) => passWhen === 'proven' && percentage > 0)
    .flatMap(({ gates }) => gates)
    .find(({ name, severity }) => severity !== 'warn' && seriesOf(metrics, name)?.shape.kind === 'value');
  if (bare === undefined) return [];
  const hint = 'Write pass_when: not_failed, or give the series a count.';
  return [
    { path: ['pass_when'], got: `proven beside ${bare.name}`, expected: 'no gate on a bare value', hint },
  ];
}
