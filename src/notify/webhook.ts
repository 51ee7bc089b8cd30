/** Sends one notification to a webhook: signed, bounded in time, repeated where that may help. Adapter. */
import type { Clock } from '../core/ports.ts';
import type { DurationMs, EpochMs } from '../core/units.ts';
import { backoffDelayMs } from '../runtime/backoff.ts';
import { type ExchangeResponse, exchange } from '../runtime/http-exchange.ts';
import { retryAfterMs } from '../runtime/retry-after.ts';
import { TransportError, type TransportErrorKind } from '../runtime/transport-error.ts';
import { SIGNATURE_HEADER, signatureOf } from './signature.ts';

/** Where notifications go; address and secret are never part of a message. */
export interface Webhook {
  readonly url: URL;
  /** What the signature is made with; null for none. */
  readonly secret: string | null;
}

/** One notification on its way. */
export interface Parcel {
  /** JSON. */
  readonly body: string;
  /** The same however often it is sent. */
  readonly idempotencyKey: string;
}

/** What sending came to; `why` is half a sentence without the address. */
export type Delivery =
  | { readonly delivered: true }
  | {
      readonly delivered: false;
      readonly why: string;
      /** Whether the same may be accepted later. */
      readonly again: boolean;
    };

/** Time and randomness of sending; `signal` ends it. */
export interface Sending {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** For one try; 10 s unless given. */
  readonly tryMs?: DurationMs;
}

const MOST_TRIES = 4;
const TRY_MS: DurationMs = 10_000;
const MOST_WAIT_MS: DurationMs = 20_000;
const MAX_ANSWER_BYTES = 64 * 1_024;

/**
 * Sends a notification and returns whether it was accepted with a 2xx.
 *
 * Repeated on 408, 429, 5xx (but 501 and 505) and on an incomplete exchange: at most four tries of 10 s each, with
 * at most 20 s of waiting between them, never before `Retry-After`. A redirect is not followed: it may lead to
 * a host that nobody chose. Never rejects.
 */
export async function deliver(webhook: Webhook, parcel: Parcel, sending: Sending): Promise<Delivery> {
  let waitedMs = 0;
  for (let tries = 1; ; tries += 1) {
    const attempt = await tryOnce(webhook, parcel, sending);
    if (attempt === null) return { delivered: true };
    const times = tries === 1 ? '' : ` (tried ${tries} times)`;
    const failed: Delivery = { delivered: false, why: `${attempt.why}${times}`, again: attempt.again };
    const delayMs = Math.max(backoffDelayMs(tries, sending.random()), attempt.askedMs);
    waitedMs += delayMs;
    if (!attempt.again || tries === MOST_TRIES || waitedMs > MOST_WAIT_MS) return failed;
    try {
      await sending.clock.sleepUntil(sending.clock.now() + delayMs, sending.signal);
    } catch {
      return failed;
    }
  }
}

interface FailedTry {
  readonly why: string;
  readonly again: boolean;
  /** How long the receiver asked to be left alone. */
  readonly askedMs: DurationMs;
}

async function tryOnce(webhook: Webhook, parcel: Parcel, sending: Sending): Promise<FailedTry | null> {
  const { tryMs = TRY_MS } = sending;
  try {
    const answer = await exchange({
      method: 'POST',
      url: webhook.url,
      headers: headersOf(webhook, parcel, sending.clock.now()),
      body: parcel.body,
      deadlineMs: tryMs,
      idleMs: tryMs,
      maxBytes: MAX_ANSWER_BYTES,
      signal: sending.signal,
      userAgent: 'octomil-rollout-action',
    });
    return failureOf(answer, sending.clock.now());
  } catch (thrown) {
    const kind = thrown instanceof TransportError ? thrown.kind : 'cut';
    return { why: WHY[kind], again: kind !== 'too_large', askedMs: 0 };
  }
}

function headersOf(
  { secret }: Webhook,
  { body, idempotencyKey }: Parcel,
  at: EpochMs,
): Record<string, string> {
  const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Idempotency-Key': idempotencyKey };
  return secret === null ? headers : { ...headers, [SIGNATURE_HEADER]: signatureOf(secret, { at, body }) };
}

// The exchange's own messages name the address, which is all that some receivers ask of a sender.
const WHY: Readonly<Record<TransportErrorKind, string>> = {
  connect: 'it could not be reached',
  cut: 'it ended the connection before its answer was complete',
  stalled: 'it did not answer in time',
  deadline: 'it did not answer in time',
  too_large: 'its answer was too large to read',
  aborted: 'there was no time left',
};

function failureOf({ status, headers, dateMs }: ExchangeResponse, now: EpochMs): FailedTry | null {
  if (status >= 200 && status < 300) return null;
  const why =
    status >= 300 && status < 400
      ? `it answered ${status}, and redirects are not followed`
      : `it answered ${status}`;
  const again = status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
  const asked = { nowMs: dateMs ?? now, mostMs: 60_000 };
  return { why, again, askedMs: retryAfterMs(headers['retry-after'] ?? null, asked) };
}
