/** Keeps the requests of this process below a number per minute. */
import type { Clock } from '../core/ports.ts';
import { type EpochMs, MINUTE_MS } from '../core/units.ts';

/** The documented limit for one client. Source: docs /api-reference/introduction. */
export const DEFAULT_REQUESTS_PER_MINUTE = 100;

/** A gate that every request passes. */
export interface RateLimit {
  /**
   * Resolves when one more request fits into the last minute. An `urgent` request is counted but does not
   * wait: a rollback is not held up by our own politeness.
   */
  take(options?: { readonly urgent?: boolean; readonly signal?: AbortSignal | undefined }): Promise<void>;
}

/**
 * Returns a limit of `perMinute` requests in any window of one minute of `clock`.
 *
 * Errors: RangeError unless `perMinute` is a whole number of at least 1; `take` rejects with the signal's reason.
 */
export function createRateLimit(clock: Clock, perMinute: number): RateLimit {
  if (!Number.isInteger(perMinute) || perMinute < 1) {
    throw new RangeError(`${perMinute} requests per minute: expected a whole number of at least 1`);
  }
  // Start times of the last `perMinute` requests, oldest first; those in the future are reserved.
  let starts: EpochMs[] = [];
  let lastNow = clock.now();

  return {
    async take(options = {}) {
      const now = clock.now();
      // A wall clock that was set back would otherwise make us wait for the time it lost.
      if (now < lastNow) starts = starts.map((at) => at - (lastNow - now));
      lastNow = now;
      const blocking = starts.length >= perMinute ? starts[starts.length - perMinute] : undefined;
      const start =
        options.urgent === true || blocking === undefined ? now : Math.max(now, blocking + MINUTE_MS);
      starts = [...starts, start].sort((one, other) => one - other).slice(-perMinute);
      if (start > now) await clock.sleepUntil(start, options.signal);
    },
  };
}
