/** One question over HTTP to a server that keeps series: JSON or the reason why there is none. Adapter. */
import type { Clock } from '../core/ports.ts';
import { type DurationMs, type EpochMs, SECOND_MS } from '../core/units.ts';
import { type ExchangeResponse, exchange } from '../runtime/http-exchange.ts';
import { TransportError } from '../runtime/transport-error.ts';
import { oneLine, withoutSecret } from '../runtime/untrusted-text.ts';

/** Answers larger than this are refused: one number needs a few hundred bytes. */
export const MAX_ANSWER_BYTES = 2 * 1024 * 1024;
/** How long one question may take with its repetition, unless the source is told otherwise. */
export const QUESTION_DEADLINE_MS: DurationMs = 20 * SECOND_MS;
const REPEAT_AFTER_MS: DurationMs = 500;
const MAX_TEXT_CHARS = 300;

/** A server, what it is called in messages, and what is never shown. */
export interface ServerOfNumbers {
  /** For people, for example `Prometheus`. */
  readonly label: string;
  readonly clock: Clock;
  readonly userAgent: string;
  /** For everything: both tries and the wait between them. */
  readonly deadlineMs: DurationMs;
  /** Every form in which a secret could come back. */
  readonly secrets: readonly string[];
  /** What to check when the server refuses the caller; names the inputs. */
  readonly refusedAdvice: string;
  /** Response headers in lower case that tell how many seconds to wait after a 429 or 503, best first. */
  readonly waitHeaders: readonly string[];
  /** Returns the server's own words in an error's body, or null. */
  readonly errorText: (body: unknown) => string | null;
}

/** What to send. */
export interface NumbersRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Parsed JSON of a 2xx answer, or why there is none. */
export type NumbersAnswer =
  | { readonly kind: 'json'; readonly body: unknown }
  | { readonly kind: 'failed'; readonly why: string };

/**
 * Returns what the server answered.
 *
 * A 429 or 503 is asked once more after the time that the server names, and another 5xx or a cut connection after
 * half a second, all only within the deadline. No redirect is followed. Texts of the server are on one line, cut,
 * and free of the secrets. Rejects only with the reason of the aborted signal.
 */
export async function askForNumbers(
  server: ServerOfNumbers,
  request: NumbersRequest,
  signal?: AbortSignal,
): Promise<NumbersAnswer> {
  const endsAt = server.clock.now() + server.deadlineMs;
  const first = await tryOnce(server, request, { endsAt, signal });
  const waitMs = repeatAfter(server, first);
  if (waitMs === null || server.clock.now() + waitMs >= endsAt) return answerOf(server, request, first);
  await server.clock.sleepUntil(server.clock.now() + waitMs, signal);
  return answerOf(server, request, await tryOnce(server, request, { endsAt, signal }));
}

/** Returns text of a server, a plan or a label for a message: one line, cut, without the secrets. */
export function shown(
  server: Pick<ServerOfNumbers, 'secrets'>,
  text: string,
  maxChars = MAX_TEXT_CHARS,
): string {
  return oneLine(
    server.secrets.reduce((clean, secret) => withoutSecret(clean, secret), text),
    maxChars,
  );
}

type Try = ExchangeResponse | TransportError;

async function tryOnce(
  server: ServerOfNumbers,
  request: NumbersRequest,
  { endsAt, signal }: { readonly endsAt: EpochMs; readonly signal: AbortSignal | undefined },
): Promise<Try> {
  signal?.throwIfAborted();
  const deadlineMs = Math.max(1, endsAt - server.clock.now());
  try {
    return await exchange({
      ...request,
      deadlineMs,
      idleMs: deadlineMs,
      maxBytes: MAX_ANSWER_BYTES,
      signal,
      userAgent: server.userAgent,
    });
  } catch (thrown) {
    signal?.throwIfAborted();
    if (!(thrown instanceof TransportError)) throw thrown;
    return thrown;
  }
}

function repeatAfter(server: ServerOfNumbers, result: Try): DurationMs | null {
  if (result instanceof TransportError) {
    return result.kind === 'cut' || result.kind === 'connect' ? REPEAT_AFTER_MS : null;
  }
  if (result.status === 429 || result.status === 503) return waitAsked(server, result);
  return result.status >= 500 && result.status !== 501 ? REPEAT_AFTER_MS : null;
}

function waitAsked(server: ServerOfNumbers, { headers }: ExchangeResponse): DurationMs {
  for (const name of server.waitHeaders) {
    const text = headers[name]?.trim() ?? '';
    const waitMs = /^\d+(\.\d+)?$/.test(text)
      ? Number(text) * SECOND_MS
      : Date.parse(text) - server.clock.now();
    if (Number.isFinite(waitMs)) return Math.max(0, waitMs);
  }
  return REPEAT_AFTER_MS;
}

function answerOf(server: ServerOfNumbers, request: NumbersRequest, result: Try): NumbersAnswer {
  const failed = (why: string): NumbersAnswer => ({ kind: 'failed', why: shown(server, why, 600) });
  if (result instanceof TransportError) return failed(result.message);
  const where = `${server.label} (${request.method} ${request.url.origin}${request.url.pathname})`;
  const { status } = result;
  const body = parsed(result.text);
  if (status >= 300 && status < 400) {
    return failed(
      `${where} redirects (HTTP ${status}), and redirects are not followed; use the final address`,
    );
  }
  const said = server.errorText(body);
  const words = said === null || said === '' ? '' : `: ${shown(server, said)}`;
  if (status === 401 || status === 403) {
    return failed(`${where} refused the caller (HTTP ${status})${words}; ${server.refusedAdvice}`);
  }
  if (status === 429) return failed(`${where} is rate-limited (HTTP 429)${words}; ask less often`);
  if (status < 200 || status >= 400) return failed(`${where} answered HTTP ${status}${words}`);
  if (body === undefined) return failed(`${where} answered ${kindOf(result)} where JSON is expected`);
  return { kind: 'json', body };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function kindOf({ text, headers }: ExchangeResponse): string {
  if (text.trim() === '') return 'nothing';
  return /^\s*</.test(text) ? 'an HTML page' : `text (${headers['content-type'] ?? 'no content type'})`;
}
