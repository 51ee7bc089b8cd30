/** Whether and when a failed call is tried again. Pure: time and randomness are arguments. */
import type { DurationMs, EpochMs } from '../core/units.ts';
import { backoffDelayMs } from '../runtime/backoff.ts';
import { retryAfterMs } from '../runtime/retry-after.ts';
import type { TransportErrorKind } from '../runtime/transport-error.ts';

/**
 * What a repetition would do: `read` and `absolute_write` end in the same state however often they are
 * sent; `once` may not be sent again before its effect was looked for.
 */
export type CallKind = 'read' | 'absolute_write' | 'once';

/** Why one try failed. */
export type Failure =
  | { readonly kind: 'transport'; readonly error: TransportErrorKind }
  | {
      readonly kind: 'status';
      readonly status: number;
      /** The `Retry-After` header as it came, or null. */
      readonly retryAfter: string | null;
      /** True for the router's own 404, which a starting server also gives for routes that exist. */
      readonly routeUnknown: boolean;
    };

/** One failed try of a call and what went before it. */
export interface FailedTry {
  readonly call: CallKind;
  readonly failure: Failure;
  /** Number of this try; 1 is the first. */
  readonly attempt: number;
  /** How long this call has waited between its tries so far. */
  readonly waitedMs: DurationMs;
  /** How long ago the call's first try began. */
  readonly elapsedMs: DurationMs;
  /** The server's time, for a `Retry-After` that is a date. */
  readonly nowMs: EpochMs;
  /** In [0, 1). */
  readonly random: number;
}

/** Most tries of one call. */
const MAX_ATTEMPTS = 4;
/** Longest time that one call spends waiting between its tries. */
const MAX_WAIT_MS: DurationMs = 60_000;
/** Most times that a route which the router does not know is asked. */
const MAX_COLD_START_ATTEMPTS = 3;
/** How long a starting server is given to know its routes. */
const COLD_START_MS: DurationMs = 5_000;

/**
 * Returns how long to wait before the next try, or `give_up`.
 *
 * Reads and absolute writes are repeated on 408, 429, 5xx (but 501 and 505, which never change) and on an
 * incomplete exchange, at most four times and with at most 60 s of waiting, full jitter, and never before
 * `Retry-After`. A 404 of the router itself is asked at most twice more within 5 s. Every other 4xx is
 * final, and so is an abort.
 */
export function nextTry(failed: FailedTry): { readonly retryAfterMs: DurationMs } | 'give_up' {
  if (failed.call === 'once' || failed.attempt >= MAX_ATTEMPTS) return 'give_up';
  if (isColdStart(failed.failure)) return nextColdStartTry(failed);
  if (!isTransient(failed.failure)) return 'give_up';
  const jitterMs = backoffDelayMs(failed.attempt, failed.random);
  const askedMs =
    failed.failure.kind === 'status'
      ? retryAfterMs(failed.failure.retryAfter, { nowMs: failed.nowMs, mostMs: MAX_WAIT_MS })
      : 0;
  const delayMs = Math.max(jitterMs, askedMs);
  return failed.waitedMs + delayMs > MAX_WAIT_MS ? 'give_up' : { retryAfterMs: delayMs };
}

/** Returns whether a failure may pass by itself: 408, 429, 5xx without 501 and 505, or no complete answer. */
function isTransient(failure: Failure): boolean {
  if (failure.kind === 'transport') return failure.error !== 'aborted' && failure.error !== 'too_large';
  const { status } = failure;
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

function isColdStart(failure: Failure): boolean {
  return failure.kind === 'status' && failure.status === 404 && failure.routeUnknown;
}

function nextColdStartTry(failed: FailedTry): { readonly retryAfterMs: DurationMs } | 'give_up' {
  const delayMs = 1_000 * failed.attempt;
  const inTime = failed.elapsedMs + delayMs <= COLD_START_MS;
  return failed.attempt < MAX_COLD_START_ATTEMPTS && inTime ? { retryAfterMs: delayMs } : 'give_up';
}
