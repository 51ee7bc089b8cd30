/** One instant query to Prometheus, and whether what it counts is still being scraped. Adapter. */
import { SECOND_MS } from '../../core/units.ts';
import { MAX_EVIDENCE_AGE_MS } from '../../core/usable-evidence.ts';
import { fillPlaceholders } from '../placeholders.ts';
import type { Leaf } from '../series-leaves.ts';
import type { SeriesScope } from '../series-source.ts';
import { askForNumbers, type ServerOfNumbers } from '../server-of-numbers.ts';
import { measuresHowMuch } from './counting-query.ts';
import { PROMQL_STYLE } from './promql-text.ts';
import { parseQueryAnswer, type QueryAnswer, type Sample } from './query-answer.ts';

/** Why a text has no data although its range finds samples. */
export const NOTHING_NEW =
  'the query finds nothing in the last 10 minutes of the window, so nothing new is scraped; a range needs at ' +
  'least two samples in 10 minutes';

/** A Prometheus server and how it is asked. */
export interface Connected {
  readonly server: ServerOfNumbers;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** What fills the placeholders of a text, and until when its answer is wanted. */
export interface Asking {
  readonly scope: SeriesScope;
  readonly signal: AbortSignal | undefined;
}

/** Returns what a text without placeholders answers at the end of the window; rejects only when aborted. */
export async function query(
  connected: Connected,
  text: string,
  { scope, signal }: Asking,
): Promise<QueryAnswer> {
  const { server, url, headers } = connected;
  const to = Math.floor(scope.window.to / SECOND_MS);
  const form = new URLSearchParams({
    query: text,
    time: String(to),
    timeout: `${Math.max(1, Math.floor(server.deadlineMs / SECOND_MS))}s`,
    // Thanos and VictoriaMetrics answer from what stores they reach, unless told not to; Prometheus knows neither.
    partial_response: 'false',
    deny_partial_response: '1',
  });
  const answer = await askForNumbers(server, { method: 'POST', url, headers, body: form.toString() }, signal);
  if (answer.kind === 'failed') return { kind: 'error', why: answer.why, warnings: [] };
  return parseQueryAnswer(answer.body);
}

/** The samples of the last ten minutes, or why there are none that can be read. */
export type RecentAnswer =
  | { readonly kind: 'samples'; readonly samples: readonly Sample[] }
  | { readonly kind: 'error'; readonly why: string }
  | { readonly kind: 'none'; readonly why: string };

/**
 * Returns what a text answers for the last ten minutes of a longer window; null where nothing needs to be asked.
 *
 * A range that grows with the stage would still give numbers long after the last scrape (INV-2).
 */
export async function queryRecent(
  connected: Connected,
  leaf: Leaf,
  asking: Asking,
): Promise<RecentAnswer | null> {
  const { window } = asking.scope;
  const isShort = window.to - window.from <= MAX_EVIDENCE_AGE_MS;
  if (isShort || !measuresHowMuch(leaf.name)) return null;
  const recent = { ...asking.scope, window: { from: window.to - MAX_EVIDENCE_AGE_MS, to: window.to } };
  const filled = fillPlaceholders(leaf.text, recent, PROMQL_STYLE);
  if (filled.kind === 'text') return query(connected, filled.text, asking);
  return { kind: filled.kind, why: filled.why };
}
