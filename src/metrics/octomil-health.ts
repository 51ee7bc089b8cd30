/** Health from the Octomil API: one route that answers for a rollout, a version and a window. Adapter. */
import type { Evidence, Window } from '../core/evidence.ts';
import type {
  HealthProbe,
  HealthQuery,
  HealthSource,
  PercentileAnswer,
  PercentileQuery,
  SegmentAnswer,
} from '../core/ports.ts';
import { type EpochMs, SECOND_MS } from '../core/units.ts';
import { fillPath, placeholdersOf } from '../runtime/path-template.ts';
import { toError } from '../runtime/to-error.ts';
import { type HealthAnswer, HealthShapeError, parseHealthAnswer } from './health-answer.ts';
import { evidenceFor } from './health-evidence.ts';
import { percentileIn } from './health-percentile.ts';
import { segmentsIn } from './health-segments.ts';
import { isoTime, wholeSeconds } from './whole-seconds.ts';

/** The route this product assumes; no public source documents one. */
export const DEFAULT_HEALTH_PATH = '/models/{model_id}/rollouts/{rollout_id}/health';

/** An answer of a path below the API's address. */
export type HealthRouteAnswer =
  | { readonly kind: 'json'; readonly body: unknown }
  | {
      readonly kind: 'refused';
      readonly status: number;
      /** True for the router's own "no such route"; false when the route answered for itself. */
      readonly routeUnknown: boolean;
      readonly message: string;
    };

/** The part of an API client that this source needs. */
export interface HealthRoute {
  /** The server's time. */
  now(): EpochMs;
  /** Rejects when there is no answer, with an error whose message is for people. */
  readJson(path: string, signal?: AbortSignal): Promise<HealthRouteAnswer>;
}

/** What the source needs. */
export interface OctomilHealthOptions {
  readonly client: HealthRoute;
  /** Path below the API's address with `{model_id}`, `{rollout_id}`, `{version}` and `{group}`. */
  readonly healthPath?: string;
  readonly modelId: string;
}

const PLACEHOLDERS = ['model_id', 'rollout_id', 'version', 'group'];
/** Stands for an id that is not known yet when the route is tried before the first write. */
const NO_ID_YET = 'probe';

/**
 * Returns the source `octomil`, which asks the API for the shape of `parseHealthAnswer`.
 *
 * `read` rejects only with the reason of its own aborted signal; everything else that fails is evidence of
 * kind `error`. Errors of this function: RangeError for a path with an unknown placeholder or no slash.
 */
export function createOctomilHealth(options: OctomilHealthOptions): HealthSource {
  const template = options.healthPath ?? DEFAULT_HEALTH_PATH;
  const unknown = placeholdersOf(template).filter((name) => !PLACEHOLDERS.includes(name));
  if (unknown.length > 0) {
    throw new RangeError(
      `health path ${template}: {${unknown[0]}} is unknown; expected {${PLACEHOLDERS.join('}, {')}}`,
    );
  }
  if (!template.startsWith('/'))
    throw new RangeError(`health path ${template}: expected a path that starts with /`);
  const { client } = options;
  return {
    name: 'octomil',
    probe: (rolloutId) => probe({ client, template, modelId: options.modelId }, rolloutId),
    read: (query, signal) => read(client, template, { query, signal }),
    readPercentile: (query, signal) => readPercentile(client, template, { query, signal }),
    readSegments: (query, by, signal) => readSegments(client, template, { query, by, signal }),
  };
}

interface ProbedRoute {
  readonly client: HealthRoute;
  readonly template: string;
  readonly modelId: string;
}

async function probe(route: ProbedRoute, rolloutId: string | null): Promise<HealthProbe> {
  const now = route.client.now();
  const path = pathFor(
    route.template,
    { model_id: route.modelId, rollout_id: rolloutId ?? NO_ID_YET, version: NO_ID_YET, group: NO_ID_YET },
    { from: now - SECOND_MS, to: now },
  );
  try {
    const answer = await route.client.readJson(path);
    if (answer.kind === 'refused') return probeOfRefusal(answer, rolloutId);
    parseHealthAnswer(answer.body);
    return { kind: 'available', detail: `${route.template} answers` };
  } catch (thrown) {
    return { kind: 'error', detail: toError(thrown).message };
  }
}

function probeOfRefusal(
  refusal: Extract<HealthRouteAnswer, { kind: 'refused' }>,
  rolloutId: string | null,
): HealthProbe {
  const { status, routeUnknown, message } = refusal;
  const answersForItself = !routeUnknown && (status === 404 || status === 400 || status === 422);
  // Before there is a rollout, a route that says that there is none is there.
  if (answersForItself && rolloutId === null) {
    return { kind: 'available', detail: 'the route answers; there is no rollout to ask for yet' };
  }
  const missing = status === 404 || status === 405 || status === 410 || status === 501;
  return { kind: missing ? 'missing' : 'error', detail: message };
}

async function read(
  client: HealthRoute,
  template: string,
  { query, signal }: { readonly query: HealthQuery; readonly signal: AbortSignal | undefined },
): Promise<readonly Evidence[]> {
  const forAll = (evidence: Evidence): readonly Evidence[] => query.gates.map(() => evidence);
  const asked = wholeSeconds(query.window);
  if (asked === null) return forAll({ kind: 'none', why: 'the window is shorter than a second' });
  try {
    const answer = await client.readJson(pathFor(template, idsOf(query), asked), signal);
    if (answer.kind === 'refused') return forAll({ kind: 'error', why: answer.message });
    return evidenceOf(parseHealthAnswer(answer.body), query);
  } catch (thrown) {
    signal?.throwIfAborted();
    return forAll({ kind: 'error', why: messageOf(thrown) });
  }
}

function idsOf({
  modelId,
  rolloutId,
  version,
  group,
}: Omit<PercentileQuery, 'slowRatio'>): Readonly<Record<string, string>> {
  const ids = { model_id: modelId, rollout_id: rolloutId, version };
  return group === null ? ids : { ...ids, group };
}

function messageOf(thrown: unknown): string {
  const what = thrown instanceof HealthShapeError ? 'the health answer is not usable: ' : '';
  return `${what}${toError(thrown).message}`;
}

interface SegmentQuestion {
  readonly query: HealthQuery;
  readonly by: readonly string[];
  readonly signal: AbortSignal | undefined;
}

/** The same route with `by`: a server that does not know the parameter answers for the whole fleet only. */
async function readSegments(
  client: HealthRoute,
  template: string,
  { query, by, signal }: SegmentQuestion,
): Promise<SegmentAnswer> {
  const asked = wholeSeconds(query.window);
  if (asked === null) return { kind: 'segments', segments: [] };
  try {
    const path = `${pathFor(template, idsOf(query), asked)}&by=${by.join(',')}`;
    const answer = await client.readJson(path, signal);
    if (answer.kind === 'refused') return { kind: 'error', why: answer.message };
    return segmentsIn(parseHealthAnswer(answer.body), query, by);
  } catch (thrown) {
    signal?.throwIfAborted();
    return { kind: 'error', why: messageOf(thrown) };
  }
}

async function readPercentile(
  client: HealthRoute,
  template: string,
  { query, signal }: { readonly query: PercentileQuery; readonly signal: AbortSignal | undefined },
): Promise<PercentileAnswer> {
  const asked = wholeSeconds(query.window);
  if (asked === null) return { kind: 'none', why: 'the window is shorter than a second' };
  try {
    const answer = await client.readJson(pathFor(template, idsOf(query), asked), signal);
    if (answer.kind === 'refused') return { kind: 'error', why: answer.message };
    return percentileIn(parseHealthAnswer(answer.body), query);
  } catch (thrown) {
    signal?.throwIfAborted();
    return { kind: 'error', why: messageOf(thrown) };
  }
}

function evidenceOf(answer: HealthAnswer, query: HealthQuery): readonly Evidence[] {
  return query.gates.map((gate) => evidenceFor(answer, query, gate));
}

function pathFor(template: string, ids: Readonly<Record<string, string>>, window: Window): string {
  const path = fillPath(template, ids);
  const span = new URLSearchParams({ from: isoTime(window.from), to: isoTime(window.to) });
  return `${path}${path.includes('?') ? '&' : '?'}${span}`;
}
