/** Series from Prometheus and what speaks its query API (Thanos, Mimir, VictoriaMetrics). Adapter. */
import { type DurationMs, MINUTE_MS } from '../../core/units.ts';
import { addressBelow } from '../../runtime/server-address.ts';
import { fillPlaceholders } from '../placeholders.ts';
import { type Leaf, leavesOf, unanswered } from '../series-leaves.ts';
import type { LeafAnswer, SeriesSource } from '../series-source.ts';
import { shown } from '../server-of-numbers.ts';
import { cleaned } from '../shown-answer.ts';
import { type TokenServerKind, type TokenServerOptions, tokenServer } from '../token-server.ts';
import { wholeSeconds } from '../whole-seconds.ts';
import { countProblem, usesWindow } from './counting-query.ts';
import { type Asking, type Connected, NOTHING_NEW, query, queryRecent } from './instant-query.ts';
import { PROMQL_STYLE } from './promql-text.ts';
import { errorTextIn } from './query-answer.ts';
import { bucketsIn, numberIn } from './sample-value.ts';
import { askSplit } from './split-query.ts';

/**
 * Where Prometheus is and what to show it: the input `prometheus-url`, as in `https://host/prometheus`, and
 * `prometheus-token`, which is a bearer token, `user:password` for basic authentication, or empty.
 */
export type PrometheusOptions = TokenServerOptions;

/**
 * `increase()` extends each end of a window by up to 1.1 times the interval of the samples, here the minute that
 * Prometheus scrapes at unless told otherwise. Source: Prometheus 2.42.0, promql/functions.go, extrapolatedRate.
 */
export const EXTRAPOLATED_MS: DurationMs = 2 * 1.1 * MINUTE_MS;

const KIND: TokenServerKind = {
  label: 'Prometheus',
  address: {
    input: 'prometheus-url',
    secretAdvice: 'Pass user:password with prometheus-token.',
    example: 'https://prometheus.example.com',
  },
  tokenInput: 'prometheus-token',
  secretsOf,
  refusedAdvice: 'check prometheus-token: a bearer token, or user:password for basic authentication',
  waitHeaders: ['retry-after'],
  errorText: errorTextIn,
};

/** What one text brought. */
interface Outcome {
  readonly answer: LeafAnswer;
  readonly warnings: readonly string[];
  readonly query: string;
  /** How many series were found; null where nothing was asked. */
  readonly found: number | null;
}

/**
 * Returns the source `prometheus`: one instant query for each text, side by side, at the end of the window.
 *
 * Queries are sent as forms to `{url}/api/v1/query` and nowhere else, because a long one does not fit into an
 * address; a proxy has to let POST through. Prometheus does not tell what a query covered, so `covered` is the
 * window asked in whole seconds; a window longer than ten minutes is asked once more for its last ten minutes,
 * and is `none` when nothing came in these. Errors: ConnectionInputError for an address or a token that cannot
 * be used.
 */
export function createPrometheusSource(options: PrometheusOptions): SeriesSource {
  const { server, base, token } = tokenServer(options, KIND);
  const connected: Connected = {
    server,
    url: addressBelow(base, '/api/v1/query'),
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(token === '' ? {} : { authorization: authorizationOf(token) }),
    },
  };
  return {
    name: 'prometheus',
    extrapolatedMs: EXTRAPOLATED_MS,
    async ask(series, scope, signal) {
      const window = wholeSeconds(scope.window);
      if (series.source !== 'prometheus' || window === null) {
        return unanswered(series.shape, scope, refusal(series.source));
      }
      const leaves = leavesOf(series.shape);
      const outcomes = await Promise.all(leaves.map((leaf) => askLeaf(connected, leaf, { scope, signal })));
      const found = outcomes.flatMap((outcome) => outcome.found ?? []);
      const asked = leaves.map(({ name }, index) => `${name}: ${outcomes[index]?.query ?? ''}`).join('; ');
      return {
        covered: window,
        leaves: Object.fromEntries(leaves.map(({ name }, index) => [name, outcomes[index]?.answer])),
        warnings: [...new Set(outcomes.flatMap(({ warnings }) => warnings))].map((text) =>
          shown(connected.server, text),
        ),
        asked: shown(connected.server, asked, 2_000),
        found: found.length === 0 ? null : found.reduce((sum, count) => sum + count, 0),
        newestAt: null,
      };
    },
    async askParts(series, scope, { by, signal }) {
      const window = wholeSeconds(scope.window);
      if (series.source !== 'prometheus') {
        return { kind: 'error', why: `the series is for ${series.source}, and prometheus was asked` };
      }
      if (window === null) return { kind: 'parts', parts: new Map() };
      return askSplit(connected, series.shape, { scope: { ...scope, by }, by, window, signal });
    },
  };
}

/** A token with a colon is a user and a password. */
function basicOf(token: string): string | null {
  return token.includes(':') ? Buffer.from(token).toString('base64') : null;
}

function authorizationOf(token: string): string {
  const basic = basicOf(token);
  return basic === null ? `Bearer ${token}` : `Basic ${basic}`;
}

function secretsOf(token: string): readonly string[] {
  const basic = basicOf(token);
  const password = token.slice(token.indexOf(':') + 1);
  return basic === null ? [token] : [token, basic, ...(password === '' ? [] : [password])];
}

function refusal(source: string): LeafAnswer {
  return source === 'prometheus'
    ? { kind: 'none', why: 'the window is shorter than a second' }
    : { kind: 'error', why: `the series is for ${source}, and prometheus was asked` };
}

async function askLeaf(connected: Connected, leaf: Leaf, asking: Asking): Promise<Outcome> {
  const filled = fillPlaceholders(leaf.text, asking.scope, PROMQL_STYLE);
  if (filled.kind !== 'text') return unasked(filled, leaf.text);
  const problem = countProblem(leaf);
  if (problem !== null) return unasked({ kind: 'error', why: problem }, leaf.text);
  const [answer, doubt] = await Promise.all([
    query(connected, filled.text, asking),
    doubtOfFreshness(connected, leaf, asking),
  ]);
  const warnings = [...answer.warnings, ...spanWarning(leaf)];
  if (answer.kind === 'error') {
    return { answer: cleaned(connected.server, answer), warnings, query: filled.text, found: null };
  }
  const found = answer.samples.length;
  const said = leaf.name === 'buckets' ? bucketsIn(answer.samples) : numberIn(answer.samples);
  const isUsable = said.kind === 'number' || said.kind === 'buckets';
  const trusted = isUsable ? (doubt ?? said) : said;
  return { answer: cleaned(connected.server, trusted), warnings, query: filled.text, found };
}

async function doubtOfFreshness(
  connected: Connected,
  leaf: Leaf,
  asking: Asking,
): Promise<LeafAnswer | null> {
  const recent = await queryRecent(connected, leaf, asking);
  if (recent?.kind !== 'samples') return recent;
  return recent.samples.length > 0 ? null : { kind: 'none', why: NOTHING_NEW };
}

function spanWarning({ name, text }: Leaf): readonly string[] {
  if (name !== 'value' || usesWindow(text)) return [];
  return ['the query of the value has no {{window}}, so a range in it may reach to before the stage'];
}

function unasked(answer: LeafAnswer, query: string): Outcome {
  return { answer, warnings: [], query, found: null };
}
