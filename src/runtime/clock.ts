/** The machine's clock behind the `Clock` port. Adapter for `Date` and `setTimeout`. */
import type { Clock } from '../core/ports.ts';
import { type EpochMs, HOUR_MS } from '../core/units.ts';

/**
 * Longest single timer. Node turns a delay of 2^31 ms and more into 1 ms; an hour is far below that and
 * also notices within the hour that the wall clock was set or that the machine slept.
 */
const LONGEST_TIMER_MS = HOUR_MS;

/**
 * Returns the wall clock.
 *
 * `sleepUntil` keeps the event loop alive, so that a process that waits never ends by draining it. It
 * rejects at once with the signal's reason when the signal is aborted, and with a RangeError when `at` is
 * not a finite number (a timer of NaN fires at once and would turn a wait into a hot loop).
 */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    async sleepUntil(at: EpochMs, signal?: AbortSignal): Promise<void> {
      if (!Number.isFinite(at)) throw new RangeError(`cannot sleep until ${at}: expected epoch milliseconds`);
      signal?.throwIfAborted();
      for (let left = at - Date.now(); left > 0; left = at - Date.now()) {
        await sleepFor(Math.min(left, LONGEST_TIMER_MS), signal);
      }
    },
  };
}

function sleepFor(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
