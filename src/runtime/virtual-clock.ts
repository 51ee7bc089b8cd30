/** A clock whose time moves only when it is slept on: for rehearsals and tests. Pure but for `setImmediate`. */
import type { Clock } from '../core/ports.ts';
import type { EpochMs } from '../core/units.ts';

/** A `Clock` in virtual time. */
export interface VirtualClock extends Clock {
  /** Moves time forward to `at` without a sleeper; a time in the past changes nothing. */
  advanceTo(at: EpochMs): void;
}

interface Sleeper {
  readonly at: EpochMs;
  readonly wake: () => void;
}

/**
 * Returns a clock that stands at `start` and jumps to the earliest sleeper's time when all code has run
 * that could run without time passing.
 *
 * Sleepers wake one per turn of the event loop, earliest first and, at the same time, in the order in
 * which they fell asleep. Time never goes back. `sleepUntil` rejects as the `Clock` port says; an aborted
 * sleeper moves no time.
 */
export function createVirtualClock(start: EpochMs): VirtualClock {
  let now = start;
  let ticking = false;
  const sleepers: Sleeper[] = [];

  const scheduleTick = (): void => {
    if (ticking) return;
    ticking = true;
    // An immediate, not a microtask: promises that are ready must get to sleep before time moves.
    setImmediate(tick);
  };
  const tick = (): void => {
    ticking = false;
    const next = earliest(sleepers);
    if (next === undefined) return;
    sleepers.splice(sleepers.indexOf(next), 1);
    now = Math.max(now, next.at);
    next.wake();
    if (sleepers.length > 0) scheduleTick();
  };

  return {
    now: () => now,
    advanceTo(at) {
      now = Math.max(now, at);
    },
    sleepUntil(at, signal) {
      if (!Number.isFinite(at)) {
        return Promise.reject(new RangeError(`cannot sleep until ${at}: expected epoch milliseconds`));
      }
      if (signal?.aborted) return Promise.reject(signal.reason);
      return new Promise((resolve, reject) => {
        const onAbort = (): void => {
          sleepers.splice(sleepers.indexOf(sleeper), 1);
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          at,
          wake() {
            signal?.removeEventListener('abort', onAbort);
            resolve();
          },
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        sleepers.push(sleeper);
        scheduleTick();
      });
    },
  };
}

function earliest(sleepers: readonly Sleeper[]): Sleeper | undefined {
  return sleepers.reduce<Sleeper | undefined>(
    (best, sleeper) => (best === undefined || sleeper.at < best.at ? sleeper : best),
    undefined,
  );
}
