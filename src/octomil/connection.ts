/** Sends calls to the API: one origin, one key, retries, rate limit, strict JSON. Adapter over the HTTP exchange. */
import type { Clock } from '../core/ports.ts';
import type { ReasonCode } from '../core/reason-codes.ts';
import { type DurationMs, type EpochMs, SECOND_MS } from '../core/units.ts';
import { eitherSignal } from '../runtime/abort.ts';
import { exchange } from '../runtime/http-exchange.ts';
import { fillPath } from '../runtime/path-template.ts';
import { TransportError } from '../runtime/transport-error.ts';
import {
  type CallFacts,
  errorOf,
  failureOf,
  leavesEffectOpen,
  readSuccess,
  type TryResult,
} from './answer.ts';
import { OctomilError } from './errors.ts';
import { createRateLimit, DEFAULT_REQUESTS_PER_MINUTE, type RateLimit } from './rate-limit.ts';
import { type CallKind, type Failure, nextTry } from './retry-policy.ts';
import { clockSkewMs } from './server-time.ts';
import type { Answer } from './wire-parse.ts';

const EXCHANGE_DEADLINE_MS: DurationMs = 30 * SECOND_MS;

/** One finished try of a call, for a debug log. Holds no header, no body and no query. */
export interface RequestRecord {
  readonly method: string;
  readonly path: string;
  /** 1 is the first. */
  readonly attempt: number;
  /** HTTP status, or the kind of transport error. */
  readonly result: number | string;
  readonly durationMs: DurationMs;
}

/** What a connection needs. */
export interface ConnectionOptions {
  /** The API's address as `parseBaseUrl` returns it. */
  readonly baseUrl: URL;
  readonly apiKey: string;
  readonly clock: Clock;
  /** Returns a number in [0, 1). */
  readonly random: () => number;
  /** 100 unless given. */
  readonly rateLimitPerMinute?: number | undefined;
  /** Ends every call with its reason. */
  readonly signal?: AbortSignal | undefined;
  readonly userAgent: string;
  readonly onRequest?: ((record: RequestRecord) => void) | undefined;
}

/** One call of the API. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path below the base address; with `params`, each `{name}` in it is filled. */
  readonly route: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON; a POST without one sends `{}`, as octomil-python does. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** What a repetition would do; `read` for GET unless given, else `once`. */
  readonly kind?: CallKind;
  /** The reason code of a refusal; `api_refused` unless given. */
  readonly refusedAs?: ReasonCode;
  /** True for calls that undo harm: they do not wait for the rate limit. */
  readonly urgent?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** The API at one address with one key. */
export interface Connection {
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal | undefined;
  /** The server's time by its last answer; the local clock until there was one. */
  now(): EpochMs;
  /** Resolves with a 2xx answer; rejects with an OctomilError, or with the reason of an aborted signal. */
  call(call: Call): Promise<Answer>;
}

/**
 * Returns a connection to the API.
 *
 * The key travels in the `Authorization` header of requests to the base address and nowhere else (INV-9).
 * Errors: OctomilError `invalid_input` for a key that cannot be one.
 */
export function createConnection(options: ConnectionOptions): Connection {
  refuseUnusableKey(options.apiKey);
  const { clock } = options;
  const rateLimit = createRateLimit(clock, options.rateLimitPerMinute ?? DEFAULT_REQUESTS_PER_MINUTE);
  // A route that stayed unknown for a cold start's time is not asked three times at every look.
  const missingRoutes = new Set<string>();
  let skewMs = 0;
  const now = (): EpochMs => clock.now() + skewMs;

  const call = async (request: Call): Promise<Answer> => {
    const route = `${request.method} ${request.route.replace(/\?.*$/s, '')}`;
    const url = urlOf(options.baseUrl, request);
    const signal = eitherSignal(options.signal, request.signal);
    const kind = request.kind ?? (request.method === 'GET' ? 'read' : 'once');
    const startedAt = clock.now();
    let waitedMs = 0;
    let uncertain = false;
    for (let attempt = 1; ; attempt += 1) {
      const result = await tryOnce({ options, rateLimit, request, url, signal, attempt });
      if (result.dateSkewMs !== null) skewMs = result.dateSkewMs;
      const failure = failureOf(result.result);
      uncertain ||= kind !== 'read' && failure !== null && leavesEffectOpen(failure);
      const facts = factsOf(options, request, { url, write: kind !== 'read', uncertain });
      if (failure === null) {
        missingRoutes.delete(route);
        return succeed(result.result, facts);
      }
      const elapsedMs = clock.now() - startedAt;
      const next =
        missingRoutes.has(route) && isUnknownRoute(failure)
          ? 'give_up'
          : nextTry({
              call: kind,
              failure,
              attempt,
              waitedMs,
              elapsedMs,
              nowMs: now(),
              random: options.random(),
            });
      if (next === 'give_up') {
        if (isUnknownRoute(failure)) missingRoutes.add(route);
        throw errorOf(result.result, facts);
      }
      waitedMs += next.retryAfterMs;
      await clock.sleepUntil(clock.now() + next.retryAfterMs, signal);
    }
  };
  return { clock, random: options.random, signal: options.signal, now, call };
}

interface Try {
  readonly options: ConnectionOptions;
  readonly rateLimit: RateLimit;
  readonly request: Call;
  readonly url: URL;
  readonly signal: AbortSignal | undefined;
  readonly attempt: number;
}

async function tryOnce(it: Try): Promise<{ readonly result: TryResult; readonly dateSkewMs: number | null }> {
  const { options, request, url, signal, attempt } = it;
  const { clock } = options;
  signal?.throwIfAborted();
  await it.rateLimit.take({ urgent: request.urgent === true, signal });
  const sentAt = clock.now();
  const report = (result: number | string): void =>
    options.onRequest?.({
      method: request.method,
      path: url.pathname,
      attempt,
      result,
      durationMs: clock.now() - sentAt,
    });
  const body = request.method === 'POST' ? JSON.stringify(request.body ?? {}) : null;
  try {
    const response = await exchange({
      method: request.method,
      url,
      headers: headersFor(options, url, body !== null),
      body,
      deadlineMs: EXCHANGE_DEADLINE_MS,
      signal,
      userAgent: options.userAgent,
    });
    report(response.status);
    const dateSkewMs = response.dateMs === null ? null : clockSkewMs(response.dateMs, sentAt, clock.now());
    return { result: { kind: 'answered', response }, dateSkewMs };
  } catch (thrown) {
    signal?.throwIfAborted();
    if (!(thrown instanceof TransportError)) throw thrown;
    report(thrown.kind);
    return { result: { kind: 'failed', error: thrown }, dateSkewMs: null };
  }
}

function headersFor(options: ConnectionOptions, url: URL, hasBody: boolean): Record<string, string> {
  if (url.origin !== options.baseUrl.origin) {
    throw new Error(`refused to send the API key to ${url.origin}; it belongs to ${options.baseUrl.origin}`);
  }
  return {
    accept: 'application/json',
    authorization: `Bearer ${options.apiKey}`,
    ...(hasBody ? { 'content-type': 'application/json' } : {}),
  };
}

function urlOf(baseUrl: URL, request: Call): URL {
  const path = request.params === undefined ? request.route : fillPath(request.route, request.params);
  if (!path.startsWith('/')) throw new RangeError(`the path ${path} does not start with a slash`);
  const url = new URL(`${baseUrl.href.replace(/\/+$/, '')}${path}`);
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
  return url;
}

function factsOf(
  options: ConnectionOptions,
  request: Call,
  effect: { readonly url: URL; readonly write: boolean; readonly uncertain: boolean },
): CallFacts {
  return {
    where: `${request.method} ${effect.url.pathname}`,
    secret: options.apiKey,
    write: effect.write,
    uncertain: effect.uncertain,
    refusedAs: request.refusedAs ?? 'api_refused',
  };
}

function succeed(result: TryResult, facts: CallFacts): Answer {
  if (result.kind === 'failed') throw errorOf(result, facts);
  return readSuccess(result.response, facts);
}

function isUnknownRoute(failure: Failure): boolean {
  return failure.kind === 'status' && failure.status === 404 && failure.routeUnknown;
}

function refuseUnusableKey(apiKey: string): void {
  const refuse = (why: string): never => {
    throw new OctomilError(`api-key ${why}`, { reasonCode: 'invalid_input' });
  };
  if (apiKey === '') refuse('is empty; expected an organisation key of Octomil.');
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    refuse('contains a space, a line break or another character that no key has; paste it again.');
  }
  if (apiKey.startsWith('oct_pub_')) {
    refuse('is a publishable key, which can never change a rollout; use an organisation key.');
  }
}
