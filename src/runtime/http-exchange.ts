/** One HTTP exchange that always settles: complete answer or `TransportError`. Adapter for `@actions/http-client`. */
import { setMaxListeners } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';
import { HttpClient } from '@actions/http-client';
import type { DurationMs, EpochMs } from '../core/units.ts';
import { toError } from './to-error.ts';
import { kindOfPlatformError, TransportError } from './transport-error.ts';

/** Answers larger than this are refused unless the request says otherwise. */
export const DEFAULT_MAX_BYTES = 8 * 1024 * 1024;
const DEFAULT_IDLE_MS: DurationMs = 15_000;
// The client's own idle timer only ends the socket and leaves a started body pending, so ours comes first.
const CLIENT_TIMER_MARGIN_MS: DurationMs = 5_000;

/** What to send and how long it may take. */
export interface ExchangeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** The body's text, or null for none. */
  readonly body: string | null;
  /** For everything: connecting, sending, waiting and reading the body to its end. */
  readonly deadlineMs: DurationMs;
  /** Longest silence; 15 s unless given. */
  readonly idleMs?: DurationMs;
  readonly maxBytes?: number;
  readonly signal?: AbortSignal | undefined;
  readonly userAgent?: string;
}

/** A complete answer of any status, redirects included: none is followed. */
export interface ExchangeResponse {
  readonly status: number;
  /** Names in lower case; several values of one name are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The `Date` header, or null where it is missing or unreadable. Resolution: one second. */
  readonly dateMs: EpochMs | null;
}

/**
 * Sends one request and resolves with its complete answer.
 *
 * Nothing is retried and no redirect is followed. The promise always settles, and a timer keeps the event
 * loop alive until it does: `HttpClient.readBody` never settles on a cut body, and Node then exits 0.
 *
 * Errors: TransportError only; its kind says what happened. Proxy variables are honoured.
 */
export async function exchange(request: ExchangeRequest): Promise<ExchangeResponse> {
  const watch = watchOver(request);
  const client = new HttpClient(request.userAgent, [watch.handler], {
    allowRedirects: false,
    allowRetries: false,
    keepAlive: false,
    socketTimeout: request.deadlineMs + CLIENT_TIMER_MARGIN_MS,
  });
  try {
    if (request.signal?.aborted) return await watch.stopped;
    return await Promise.race([converse(client, request, watch), watch.stopped]);
  } finally {
    watch.end();
    client.dispose();
  }
}

interface Watch {
  /** Rejects when the exchange has to stop; never resolves. */
  readonly stopped: Promise<never>;
  /** Hands the abort signal to Node's request, which http-client offers no other way to reach. */
  readonly handler: {
    prepareRequest(options: RequestOptions): void;
    canHandleAuthentication(): boolean;
    handleAuthentication(): Promise<never>;
  };
  progress(): void;
  end(): void;
}

function watchOver(request: ExchangeRequest): Watch {
  const controller = new AbortController();
  const { promise: stopped, reject } = withReject();
  const stop = (error: TransportError): void => {
    reject(error);
    controller.abort(error);
  };
  const idleMs = request.idleMs ?? DEFAULT_IDLE_MS;
  const idle = setTimeout(
    () => stop(new TransportError('stalled', `${addressOf(request)}: nothing arrived for ${idleMs} ms`)),
    idleMs,
  );
  const deadline = setTimeout(
    () =>
      stop(
        new TransportError('deadline', `${addressOf(request)}: not complete after ${request.deadlineMs} ms`),
      ),
    request.deadlineMs,
  );
  const onAbort = (): void =>
    stop(new TransportError('aborted', `${addressOf(request)}: aborted`, request.signal?.reason));
  if (request.signal?.aborted) onAbort();
  // A look asks many questions at once, all given up with the job; Node would call more than ten of them a leak.
  if (request.signal !== undefined) setMaxListeners(0, request.signal);
  request.signal?.addEventListener('abort', onAbort, { once: true });
  return {
    stopped,
    handler: {
      prepareRequest(options) {
        options.signal = controller.signal;
        abortConnectOf(options.agent, controller.signal);
        // http-client passes an IPv6 host with its brackets, which no resolver knows.
        if (typeof options.host === 'string') options.host = options.host.replace(/^\[(.*)\]$/, '$1');
      },
      canHandleAuthentication: () => false,
      handleAuthentication: () => Promise.reject(new Error('authentication challenges are not answered')),
    },
    progress: () => void idle.refresh(),
    end() {
      clearTimeout(idle);
      clearTimeout(deadline);
      request.signal?.removeEventListener('abort', onAbort);
    },
  };
}

/** The agent that http-client uses behind a proxy, as far as it matters here (package `tunnel` 0.0.6). */
interface TunnelAgent {
  readonly proxyOptions?: { signal?: AbortSignal };
}

// The agent's CONNECT is a request of its own: without the signal, a proxy that never answers it would
// hold the process open after the exchange was given up.
function abortConnectOf(agent: RequestOptions['agent'], signal: AbortSignal): void {
  const { proxyOptions } = (agent ?? {}) as TunnelAgent;
  if (proxyOptions !== undefined) proxyOptions.signal = signal;
}

function withReject(): { promise: Promise<never>; reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<never>((_resolve, rejectPromise) => {
    reject = rejectPromise;
  });
  // The race may be over when it rejects; that is not an unhandled rejection.
  promise.catch(() => {});
  return { promise, reject };
}

async function converse(
  client: HttpClient,
  request: ExchangeRequest,
  watch: Watch,
): Promise<ExchangeResponse> {
  try {
    const answer = await client.request(request.method, request.url.href, request.body, {
      ...request.headers,
    });
    watch.progress();
    const text = await readWhole(answer.message, request, watch);
    const headers = flatten(answer.message.headers);
    const dateMs = Date.parse(headers['date'] ?? '');
    return {
      status: answer.message.statusCode ?? 0,
      headers,
      text,
      dateMs: Number.isFinite(dateMs) ? dateMs : null,
    };
  } catch (thrown) {
    if (thrown instanceof TransportError) throw thrown;
    throw fromPlatform(request, toError(thrown));
  }
}

async function readWhole(message: IncomingMessage, request: ExchangeRequest, watch: Watch): Promise<string> {
  const maxBytes = request.maxBytes ?? DEFAULT_MAX_BYTES;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    watch.progress();
    size += chunk.length;
    if (size > maxBytes) {
      throw new TransportError('too_large', `${addressOf(request)}: the answer exceeds ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  if (!message.complete) throw new TransportError('cut', `${addressOf(request)}: the answer was cut`);
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function flatten(headers: IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

function fromPlatform(request: ExchangeRequest, error: Error): TransportError {
  const kind = kindOfPlatformError(error);
  const what =
    kind === 'connect' ? 'could not connect' : 'the connection was cut before the answer was complete';
  const detail = error.message || (error as NodeJS.ErrnoException).code || error.name;
  return new TransportError(kind, `${addressOf(request)}: ${what} (${detail})`, error);
}

function addressOf(request: ExchangeRequest): string {
  return `${request.method} ${request.url.origin}${request.url.pathname}`;
}
