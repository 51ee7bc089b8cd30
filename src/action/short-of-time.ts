/** How long telling people may take: long enough where nothing presses, and very short after a cancel. */
import { type DurationMs, SECOND_MS } from '../core/units.ts';
import { timeLimit } from '../runtime/abort.ts';

/**
 * Longest time that telling takes after a cancel. The runner kills 7.5 s to 10 s after its first signal, and the
 * rollout's own last words come first.
 */
const AFTER_CANCEL_MS: DurationMs = 2.5 * SECOND_MS;

/** A signal, and what stops watching the job's own. */
export interface TimeToTell {
  readonly signal: AbortSignal;
  end(): void;
}

/** Returns a signal that is aborted after `mostMs`, or 2.5 s after `cancelled` is. It keeps no process alive. */
export function shortlyAfterCancel(cancelled: AbortSignal, mostMs: DurationMs): TimeToTell {
  const limit = new AbortController();
  const abort = (): void => limit.abort(new Error('no time is left to tell anybody'));
  const hurry = (): void => timeLimit(AFTER_CANCEL_MS).addEventListener('abort', abort, { once: true });
  timeLimit(mostMs).addEventListener('abort', abort, { once: true });
  if (cancelled.aborted) hurry();
  cancelled.addEventListener('abort', hurry, { once: true });
  return { signal: limit.signal, end: () => cancelled.removeEventListener('abort', hurry) };
}
