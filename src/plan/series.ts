/** What a plan says about a series, as one of the four shapes of an answer, or what is wrong with it. Pure. */
import type { Plan } from '../core/plan.ts';
import type { Series, SeriesShape } from '../core/series.ts';
import { placeholdersIn } from '../core/series-placeholders.ts';
import type { Finding } from './findings.ts';
import { fillPlaceholders, fillWithLeast } from './placeholders.ts';
import type { Path } from './position.ts';
import type { SeriesValue } from './series-schema.ts';

const FOUR_SHAPES = 'exactly one of: events and trials; mean and n; buckets and unit; value and unit';

/** The keys of each shape, those that it needs first. */
const SHAPES = {
  counts: { needs: ['events', 'trials'], takes: ['devices', 'devices_with_events'] },
  mean: { needs: ['mean', 'n'], takes: ['devices'] },
  buckets: { needs: ['buckets', 'unit'], takes: ['devices'] },
  value: { needs: ['value', 'unit'], takes: ['devices'] },
} as const;

type ShapeKind = SeriesShape['kind'];
type LeafKey = (typeof SHAPES)[ShapeKind]['needs' | 'takes'][number];

const KINDS = ['counts', 'mean', 'buckets', 'value'] as const;
/** Keys that belong to one shape only and so tell which one was meant. */
const TELLING: Readonly<Record<ShapeKind, readonly LeafKey[]>> = {
  counts: ['events', 'trials', 'devices_with_events'],
  mean: ['mean', 'n'],
  buckets: ['buckets'],
  value: ['value'],
};

/** A series, or everything that is wrong with it. Null: Octomil measures it, as if nothing had been said. */
export type ReadSeries =
  | { readonly ok: true; readonly series: Series | null }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/**
 * Returns the series of one key of `metrics`, or its problems at their paths.
 *
 * Invariant: INV-12. No path of a series names a host or leaves its folder, whatever its placeholders stand for.
 */
export function readSeries(value: SeriesValue, path: Path): ReadSeries {
  const { source } = value;
  if (source === undefined) {
    const expected = 'its source: prometheus, datadog, http-json, file or octomil';
    return { ok: false, findings: [{ path: [...path, 'source'], got: 'nothing', expected }] };
  }
  if (source === 'octomil') return octomil(value, path);
  const shape = shapeOf(value, path);
  const place = placeOf(value, path);
  if (Array.isArray(shape) || Array.isArray(place)) {
    return {
      ok: false,
      findings: [...(Array.isArray(shape) ? shape : []), ...(Array.isArray(place) ? place : [])],
    };
  }
  const findings = leavesOf(shape as SeriesShape).flatMap(([key, text]) =>
    leafProblem(source, text).map((problem) => ({ path: [...path, key], ...problem })),
  );
  if (findings.length > 0) return { ok: false, findings };
  return { ok: true, series: { ...(place as Place), shape: shape as SeriesShape } as Series };
}

/** Returns the series without problems, by the name of their gate; those that Octomil measures are left out. */
export function soundSeries(metrics: Readonly<Record<string, SeriesValue>> | undefined): Plan['metrics'] {
  const sound = Object.entries(metrics ?? {}).flatMap(([name, value]) => {
    const read = readSeries(value, ['metrics', name]);
    return read.ok && read.series !== null ? [[name, read.series] as const] : [];
  });
  return Object.fromEntries(sound);
}

/** Returns the texts of a shape that are asked, by the plan's keys. */
export function leavesOf(shape: SeriesShape): readonly (readonly [string, string])[] {
  const leaves = Object.entries(shape).filter(([name]) => name !== 'kind' && name !== 'unit');
  return leaves.flatMap(([name, text]) =>
    typeof text === 'string' ? [[name === 'devicesWithEvents' ? 'devices_with_events' : name, text]] : [],
  );
}

function octomil(value: SeriesValue, path: Path): ReadSeries {
  const others = Object.keys(value).filter((name) => name !== 'source');
  if (others.length === 0) return { ok: true, series: null };
  const findings = others.map((name) => ({
    path: [...path, name],
    expected: 'nothing beside source: octomil, which is asked for what it measures',
  }));
  return { ok: false, findings };
}

function shapeOf(value: SeriesValue, path: Path): SeriesShape | readonly Finding[] {
  const meant = KINDS.filter((kind) => TELLING[kind].some((name) => value[name] !== undefined));
  const [kind] = meant;
  if (kind === undefined || meant.length > 1) {
    const got = meant.length > 1 ? `${meant.length} shapes at once` : 'none of them';
    return [{ path, atKey: true, got, expected: FOUR_SHAPES }];
  }
  const findings: Finding[] = SHAPES[kind].needs
    .filter((name) => value[name] === undefined)
    .map((name) => ({
      path: [...path, name],
      got: 'nothing',
      expected: `${name}, which ${kindWord(kind)} needs`,
    }));
  const allowed: readonly string[] = [...SHAPES[kind].needs, ...SHAPES[kind].takes];
  for (const name of ['unit', 'devices'] as const) {
    if (value[name] !== undefined && !allowed.includes(name)) {
      findings.push({
        path: [...path, name],
        expected: `no ${name} beside ${SHAPES[kind].needs.join(' and ')}`,
      });
    }
  }
  if (kind === 'counts' && value.devices_with_events !== undefined && value.devices === undefined) {
    findings.push({
      path: [...path, 'devices'],
      got: 'nothing',
      expected: 'devices beside devices_with_events',
    });
  }
  if (kind === 'buckets' && value.source === 'datadog') {
    const hint = 'Count the requests slower than the limit, as events of trials.';
    findings.push({ path: [...path, 'buckets'], expected: 'no buckets from datadog', hint });
  }
  if (kind === 'buckets' && value.unit !== undefined && value.unit !== 'ms' && value.unit !== 's') {
    findings.push({ path: [...path, 'unit'], expected: 'ms or s for buckets' });
  }
  return findings.length > 0 ? findings : shapeFrom(kind, value);
}

function kindWord(kind: ShapeKind): string {
  return { counts: 'a count', mean: 'a mean', buckets: 'a histogram', value: 'a bare value' }[kind];
}

function shapeFrom(kind: ShapeKind, value: SeriesValue): SeriesShape {
  const devices = value.devices ?? null;
  switch (kind) {
    case 'counts':
      return {
        kind,
        events: value.events ?? '',
        trials: value.trials ?? '',
        devices,
        devicesWithEvents: value.devices_with_events ?? null,
      };
    case 'mean':
      return { kind, mean: value.mean ?? '', n: value.n ?? '', devices };
    case 'buckets':
      return { kind, buckets: value.buckets ?? '', unit: value.unit === 's' ? 's' : 'ms', devices };
    case 'value':
      return { kind, value: value.value ?? '', unit: value.unit ?? 'number', devices };
  }
}

type Place =
  | { readonly source: 'prometheus' | 'datadog' }
  | {
      readonly source: 'http-json';
      readonly method: 'GET' | 'POST';
      readonly path: string;
      readonly body: string | null;
    }
  | { readonly source: 'file'; readonly path: string };

function placeOf(value: SeriesValue, path: Path): Place | readonly Finding[] {
  const { source } = value;
  if (source === 'http-json') return httpPlace(value, path);
  const findings: Finding[] = (['method', 'body'] as const)
    .filter((name) => value[name] !== undefined)
    .map((name) => ({ path: [...path, name], expected: `no ${name} beside source: ${source}` }));
  if (source === 'file') {
    findings.push(...filePathProblem(value.path).map((problem) => ({ path: [...path, 'path'], ...problem })));
    return findings.length > 0 ? findings : { source, path: value.path ?? '' };
  }
  if (value.path !== undefined) {
    findings.push({ path: [...path, 'path'], expected: `no path beside source: ${source}` });
  }
  return findings.length > 0 ? findings : { source: source === 'datadog' ? source : 'prometheus' };
}

function httpPlace(value: SeriesValue, path: Path): Place | readonly Finding[] {
  const body = value.body ?? null;
  const method = value.method ?? (body === null ? 'GET' : 'POST');
  const findings: Finding[] = httpPathProblem(value.path).map((problem) => ({
    path: [...path, 'path'],
    ...problem,
  }));
  if (method === 'GET' && body !== null) {
    findings.push({ path: [...path, 'body'], expected: 'no body beside method: GET' });
  }
  if (method === 'POST' && body === null) {
    findings.push({ path: [...path, 'body'], got: 'nothing', expected: 'a JSON text beside method: POST' });
  }
  if (body !== null && !isJson(fillPlaceholders(body, '0'))) {
    const hint = 'Placeholders of text stand in quotes, as in {"version": "{{version}}"}.';
    findings.push({ path: [...path, 'body'], expected: 'a JSON text', hint });
  }
  return findings.length > 0 ? findings : { source: 'http-json', method, path: value.path ?? '', body };
}

type Problem = Omit<Finding, 'path'>;

/**
 * A URL parser drops tabs and takes a backslash for a slash, and a placeholder may stand for nothing, so that any
 * of them could turn a path into a host.
 */
function httpPathProblem(path: string | undefined): readonly Problem[] {
  const expected =
    'a path below health-url: it starts with one slash and has no host, "//", "..", "\\" or "#"';
  if (path === undefined) return [{ got: 'nothing', expected }];
  // Every placeholder stands for something, or those that may stand for nothing do.
  return [fillPlaceholders(path, 'x'), fillWithLeast(path)].every(isBelow) ? [] : [{ expected }];
}

function isBelow(path: string): boolean {
  const [route = ''] = path.split('?');
  const isPath = /^\/[\x21-\x7e]*$/.test(path) && !/[\\#]/.test(path) && !route.includes('//');
  const climbs = route.split('/').some((segment) => /^(\.|%2e)+$/i.test(segment));
  return isPath && !climbs && !/%(2f|5c)/i.test(route);
}

function filePathProblem(path: string | undefined): readonly Problem[] {
  const expected = 'a .jsonl, .ndjson or .csv file inside the workspace, relative to it';
  if (path === undefined) return [{ got: 'nothing', expected }];
  if (placeholdersIn(path).length > 0) return [{ expected: `${expected}, without placeholders` }];
  const isRelative = !/^([a-z]:|[/\\])/i.test(path) && !path.split(/[\\/]/).includes('..');
  return isRelative && /[^/\\]\.(jsonl|ndjson|csv)$/i.test(path) ? [] : [{ expected }];
}

/** RFC 6901; the whole answer is no number, so the empty pointer is none here. */
const POINTER = /^(\/([^~/]|~[01])*)+$/;

function leafProblem(source: Series['source'] | 'octomil', text: string): readonly Problem[] {
  if (source === 'http-json' && !POINTER.test(fillPlaceholders(text, 'x'))) {
    return [{ expected: 'a JSON pointer such as /data/count' }];
  }
  if (source === 'file' && placeholdersIn(text).length > 0) {
    return [{ expected: 'a column, without placeholders' }];
  }
  return [];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
