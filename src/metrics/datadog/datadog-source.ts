/** Series from Datadog's metrics query API. Adapter. */
import type { Window } from '../../core/evidence.ts';
import type { Clock } from '../../core/ports.ts';
import { type DurationMs, type EpochMs, SECOND_MS } from '../../core/units.ts';
import { MAX_EVIDENCE_AGE_MS } from '../../core/usable-evidence.ts';
import { ConnectionInputError, usableSecret } from '../../runtime/connection-input-error.ts';
import { addressBelow } from '../../runtime/server-address.ts';
import { fillPlaceholders } from '../placeholders.ts';
import { type Leaf, leavesOf, unanswered } from '../series-leaves.ts';
import type { LeafAnswer, LeafName, SeriesAnswer, SeriesScope, SeriesSource } from '../series-source.ts';
import { askForNumbers, QUESTION_DEADLINE_MS, type ServerOfNumbers, shown } from '../server-of-numbers.ts';
import { cleaned } from '../shown-answer.ts';
import { wholeSeconds } from '../whole-seconds.ts';
import { datadogAddress } from './datadog-site.ts';
import { errorsIn, parsePoints } from './points-answer.ts';
import { DATADOG_STYLE, sameTags } from './tag-value.ts';
import { numberOver, stepsWithin, unevenSteps, type WindowSteps } from './window-points.ts';

/** Where Datadog is and what to show it. */
export interface DatadogOptions {
  /** The input `datadog-site`, for example `datadoghq.eu`. */
  readonly site: string;
  readonly apiKey: string;
  readonly appKey: string;
  readonly clock: Clock;
  readonly userAgent: string;
  /** For one query with its repetition; 20 s unless given. */
  readonly deadlineMs?: DurationMs;
  /** Stands for the site's API in tests; nothing that a user writes reaches it. */
  readonly standIn?: URL;
}

const MEASURES_HOW_MUCH: readonly LeafName[] = ['trials', 'n', 'value'];
const COUNTED: readonly LeafName[] = ['events', 'trials', 'n'];
const NO_BUCKETS =
  'Datadog answers no histogram with bounds; use counts instead: events are the requests slower than the limit, ' +
  'trials are all requests';

interface Connected {
  readonly server: ServerOfNumbers;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** What one text brought: steps of time, or an answer that is final. */
interface Outcome {
  readonly name: LeafName;
  readonly query: string;
  readonly steps: WindowSteps | null;
  readonly answer: LeafAnswer | null;
  readonly warnings: readonly string[];
  readonly found: number | null;
}

/**
 * Returns the source `datadog`: one query of timeseries points for each text, side by side.
 *
 * Points are used and not one number over the window (`/api/v2/query/scalar`), because points tell which span of
 * time was really covered, and how new the newest is. Errors: ConnectionInputError for an unknown site and for a
 * key that is missing or cannot be sent.
 */
export function createDatadogSource(options: DatadogOptions): SeriesSource {
  const apiKey = neededKey(options.apiKey, 'datadog-api-key');
  const appKey = neededKey(options.appKey, 'datadog-app-key');
  const connected: Connected = {
    url: addressBelow(options.standIn ?? datadogAddress(options.site), '/api/v1/query'),
    headers: { accept: 'application/json', 'dd-api-key': apiKey, 'dd-application-key': appKey },
    server: {
      label: 'Datadog',
      clock: options.clock,
      userAgent: options.userAgent,
      deadlineMs: options.deadlineMs ?? QUESTION_DEADLINE_MS,
      secrets: [apiKey, appKey],
      refusedAdvice:
        'check datadog-api-key and datadog-app-key (which needs the scope timeseries_query), and that ' +
        'datadog-site is the site of both',
      waitHeaders: ['x-ratelimit-reset', 'retry-after'],
      errorText: errorsIn,
    },
  };
  return {
    name: 'datadog',
    async ask(series, scope, signal) {
      const window = wholeSeconds(scope.window);
      const refused = refusal(series.source, series.shape.kind, window);
      if (refused !== null || window === null) {
        return unanswered(series.shape, scope, refused ?? { kind: 'none', why: '' });
      }
      const leaves = leavesOf(series.shape);
      const mixed = mixedUnits(leaves);
      if (mixed !== null) return unanswered(series.shape, scope, { kind: 'error', why: mixed });
      const outcomes = await Promise.all(
        leaves.map((leaf) => askLeaf(connected, leaf, { scope, window, signal })),
      );
      return combined(connected.server, outcomes, window);
    },
  };
}

function neededKey(text: string, input: string): string {
  const key = usableSecret(text, input);
  if (key !== '') return key;
  throw new ConnectionInputError(`${input} is missing; Datadog needs datadog-api-key and datadog-app-key.`);
}

function refusal(source: string, kind: string, window: Window | null): LeafAnswer | null {
  if (source !== 'datadog') {
    return { kind: 'error', why: `the series is for ${source}, and datadog was asked` };
  }
  if (kind === 'buckets') return { kind: 'error', why: NO_BUCKETS };
  return window === null ? { kind: 'none', why: 'the window is shorter than a second' } : null;
}

interface Asking {
  readonly scope: SeriesScope;
  readonly window: Window;
  readonly signal: AbortSignal | undefined;
}

async function askLeaf(
  connected: Connected,
  leaf: Leaf,
  { scope, window, signal }: Asking,
): Promise<Outcome> {
  const filled = fillPlaceholders(leaf.text, scope, DATADOG_STYLE);
  const same = sameTags(scope);
  const query = filled.kind === 'text' ? filled.text : leaf.text;
  const final = (answer: LeafAnswer, found: number | null): Outcome => {
    return { name: leaf.name, query, steps: null, answer, warnings: warningsOf(leaf), found };
  };
  if (filled.kind !== 'text') return final(filled, null);
  if (same !== null) return final({ kind: 'error', why: same }, null);
  const url = new URL(connected.url);
  url.searchParams.set('from', String(window.from / SECOND_MS));
  url.searchParams.set('to', String(window.to / SECOND_MS));
  url.searchParams.set('query', query);
  const { server, headers } = connected;
  const answer = await askForNumbers(server, { method: 'GET', url, headers, body: null }, signal);
  if (answer.kind === 'failed') return final({ kind: 'error', why: answer.why }, null);
  const points = parsePoints(answer.body);
  if (points.kind !== 'steps') return final({ kind: points.kind, why: points.why }, points.found);
  const steps = stepsWithin(points.steps, window);
  if (steps === null) {
    const why = `the window has no whole step of ${points.steps.stepMs / SECOND_MS} s, in which Datadog answers`;
    return final({ kind: 'none', why }, 1);
  }
  const warnings = [...warningsOf(leaf), ...points.warnings];
  return { name: leaf.name, query, steps, answer: null, warnings, found: 1 };
}

/** Events per second of requests in all would look like a fraction of what happened. */
function mixedUnits(leaves: readonly Leaf[]): string | null {
  const counted = leaves.filter(({ name }) => COUNTED.includes(name));
  const rates = counted.filter((leaf) => !isCount(leaf));
  if (rates.length === 0 || rates.length === counted.length) return null;
  const names = rates.map(({ name }) => name).join(', ');
  return `the query of ${names} has no .as_count() and the others have it, so they may be of different units; give it to all of them`;
}

function isCount({ text }: Leaf): boolean {
  return text.includes('.as_count()');
}

function warningsOf(leaf: Leaf): readonly string[] {
  const { name } = leaf;
  if (!COUNTED.includes(name) || isCount(leaf)) return [];
  return [`the query of ${name} has no .as_count(), so Datadog may answer counts as rates per second`];
}

function combined(server: ServerOfNumbers, outcomes: readonly Outcome[], window: Window): SeriesAnswer {
  const measured = outcomes.flatMap(({ steps }) => (steps === null ? [] : [steps]));
  const uneven = unevenSteps(measured);
  const weights = outcomes.find(({ name }) => name === 'n')?.steps ?? null;
  const leaves = outcomes.map(({ name, steps, answer }): readonly [LeafName, LeafAnswer] => {
    if (steps === null) return [name, cleaned(server, answer ?? { kind: 'error', why: 'nothing was asked' })];
    return [name, uneven === null ? numberOver(name, steps, weights) : { kind: 'error', why: uneven }];
  });
  const found = outcomes.flatMap((outcome) => outcome.found ?? []);
  const newestAt = newestOf(outcomes);
  const asked = outcomes.map(({ name, query }) => `${name}: ${query}`).join('; ');
  return {
    covered: coveredBy(measured[0]?.covered ?? window, newestAt),
    leaves: Object.fromEntries(leaves),
    warnings: [...new Set(outcomes.flatMap(({ warnings }) => warnings))].map((text) => shown(server, text)),
    asked: shown(server, asked, 2_000),
    found: found.length === 0 ? null : found.reduce((sum, count) => sum + count, 0),
    newestAt,
  };
}

function newestOf(outcomes: readonly Outcome[]): EpochMs | null {
  // A gauge of devices goes on when nothing is requested any more.
  const telling = outcomes.filter(({ name, steps }) => steps !== null && MEASURES_HOW_MUCH.includes(name));
  const times = telling.flatMap(({ steps }) => steps?.newestAt ?? []);
  return times.length === 0 ? null : Math.max(...times);
}

// A quiet minute is covered; after ten without a point nothing says that anything still comes in.
function coveredBy(steps: Window, newestAt: EpochMs | null): Window {
  const isOld = newestAt !== null && steps.to - newestAt > MAX_EVIDENCE_AGE_MS;
  return isOld ? { from: steps.from, to: newestAt } : steps;
}
