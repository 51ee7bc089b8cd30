/** Series from any server that answers JSON: one request, and JSON pointers into its answer. Adapter. */
import type { Series } from '../../core/series.ts';
import { placeholdersIn } from '../../core/series-placeholders.ts';
import { bucketsOf, numberOf } from '../json-leaf.ts';
import { type FilledText, fillPlaceholders, type PlaceholderStyle } from '../placeholders.ts';
import { type Leaf, leavesOf, unanswered } from '../series-leaves.ts';
import type { LeafAnswer, SeriesAnswer, SeriesScope, SeriesSource } from '../series-source.ts';
import { askForNumbers, type NumbersRequest, shown } from '../server-of-numbers.ts';
import { cleaned } from '../shown-answer.ts';
import {
  type TokenServer,
  type TokenServerKind,
  type TokenServerOptions,
  tokenServer,
} from '../token-server.ts';
import { wholeSeconds } from '../whole-seconds.ts';
import { errorTextIn } from './error-text.ts';
import { lookUp, pointerSegment } from './pointer-lookup.ts';
import { ADDRESS_STYLE, addressOf } from './request-address.ts';
import { fillBody } from './request-body.ts';

/** Where the server is and what to show it: the inputs `health-url` and `health-token`, a bearer token or empty. */
export type HttpJsonOptions = TokenServerOptions;

const KIND: TokenServerKind = {
  label: 'the JSON source',
  address: {
    input: 'health-url',
    secretAdvice: 'Pass a token with health-token.',
    example: 'https://health.example.com/api',
  },
  tokenInput: 'health-token',
  secretsOf: (token) => [token],
  refusedAdvice: 'check health-token, which is sent as authorization: Bearer',
  waitHeaders: ['retry-after'],
  errorText: errorTextIn,
};

type HttpJsonSeries = Extract<Series, { source: 'http-json' }>;

/** How placeholders are filled in a pointer: as one segment, whatever they contain. */
const POINTER_STYLE: PlaceholderStyle = { escape: pointerSegment, times: 'rfc3339' };

/**
 * Returns the source `http-json`: one GET or POST for a series, and a JSON pointer for each of its texts.
 *
 * The request goes below `url` and nowhere else, whatever a plan's path or a version contains, and the token goes
 * with it as `authorization: Bearer`. Numbers are JSON numbers. Null and an empty list are `none`, a pointer that
 * does not resolve is `error`. The answer is taken to cover the window asked, in whole seconds. Errors:
 * ConnectionInputError for an address or a token that cannot be used.
 */
export function createHttpJsonSource(options: HttpJsonOptions): SeriesSource {
  const connected = tokenServer(options, KIND);
  return {
    name: 'http-json',
    async ask(series, scope, signal) {
      if (series.source === 'http-json') return await ask(connected, series, { scope, signal });
      const why = `the series is for ${series.source}, and http-json was asked`;
      return unanswered(series.shape, scope, { kind: 'error', why });
    },
  };
}

async function ask(
  connected: TokenServer,
  series: HttpJsonSeries,
  { scope, signal }: { readonly scope: SeriesScope; readonly signal: AbortSignal | undefined },
): Promise<SeriesAnswer> {
  const { server } = connected;
  const window = wholeSeconds(scope.window);
  const request = requestFor(connected, series, scope);
  if (!('url' in request) || window === null) {
    const why = 'the window is shorter than a second';
    return unanswered(
      series.shape,
      scope,
      cleaned(server, 'url' in request ? { kind: 'none', why } : request),
    );
  }
  const leaves = leavesOf(series.shape);
  const pointers = leaves.map(({ text }) => fillPlaceholders(text, scope, POINTER_STYLE));
  const answer = await askForNumbers(server, request, signal);
  const read = (leaf: Leaf, pointer: FilledText | undefined): LeafAnswer => {
    if (answer.kind === 'failed') return { kind: 'error', why: answer.why };
    return cleaned(server, readLeaf(leaf, pointer, answer.body));
  };
  return {
    covered: window,
    leaves: Object.fromEntries(leaves.map((leaf, index) => [leaf.name, read(leaf, pointers[index])])),
    warnings: timeless(series) === null ? [] : ['the request does not say which window it is for'],
    asked: shown(server, askedText(request, leaves, pointers), 2_000),
    found: null,
    newestAt: null,
  };
}

function requestFor(
  { base, token }: TokenServer,
  series: HttpJsonSeries,
  scope: SeriesScope,
): NumbersRequest | Exclude<FilledText, { kind: 'text' }> {
  const missing = timeless(series);
  // A bare value may be of this very moment; what is counted is counted over a span.
  if (missing !== null && series.shape.kind !== 'value') return { kind: 'error', why: missing };
  const path = fillPlaceholders(series.path, scope, ADDRESS_STYLE);
  if (path.kind !== 'text') return path;
  const address = addressOf(base, path.text);
  if (address.kind === 'error') return address;
  const body = series.body === null ? null : fillBody(series.body, scope);
  if (body !== null && body.kind !== 'text') return body;
  const headers = {
    accept: 'application/json',
    ...(body === null ? {} : { 'content-type': 'application/json' }),
    ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
  };
  return { method: series.method, url: address.url, headers, body: body?.text ?? null };
}

/** What a request lacks that would otherwise also count what happened before or after the window, or null. */
function timeless({ path, body }: HttpJsonSeries): string | null {
  const names = [...placeholdersIn(path), ...placeholdersIn(body ?? '')];
  const hasBegin = names.includes('from') || names.includes('window');
  if (hasBegin && names.includes('to')) return null;
  return (
    'the path and body do not say which window is asked, so what happened outside of the stage would count; ' +
    'write {{from}} (or {{window}}) and {{to}} into them, as in /health?from={{from}}&to={{to}}'
  );
}

function readLeaf({ name }: Leaf, pointer: FilledText | undefined, body: unknown): LeafAnswer {
  if (pointer?.kind !== 'text') return pointer ?? { kind: 'error', why: 'nothing was asked' };
  const found = lookUp(pointer.text, body);
  if (found.kind !== 'value') return found;
  const answer = name === 'buckets' ? bucketsOf(found.value) : numberOf(found.value);
  if (answer.kind === 'number' || answer.kind === 'buckets') return answer;
  return { kind: answer.kind, why: `${pointer.text} ${answer.why}` };
}

function askedText(
  { method, url, body }: NumbersRequest,
  leaves: readonly Leaf[],
  pointers: readonly FilledText[],
): string {
  const told = leaves.map(({ name, text }, index) => {
    const pointer = pointers[index];
    return `${name}: ${pointer?.kind === 'text' ? pointer.text : text}`;
  });
  return [`${method} ${url.href}${body === null ? '' : ` ${body}`}`, ...told].join('; ');
}
