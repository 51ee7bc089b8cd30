/** The wall clock as a port; the only tests with fake timers, because it is what reads them. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DAY_MS } from '../../../src/core/units.ts';
import { CancelledError } from '../../../src/runtime/abort.ts';
import { systemClock } from '../../../src/runtime/clock.ts';

const START = Date.UTC(2026, 10, 20);

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Returns whether a sleep has ended by now. */
function watched(sleep: Promise<void>): () => boolean {
  let awake = false;
  void sleep.then(() => {
    awake = true;
  });
  return () => awake;
}

describe('systemClock', () => {
  it('sleeps until the time given and not before', async () => {
    const isAwake = watched(systemClock().sleepUntil(START + 1_000));
    await vi.advanceTimersByTimeAsync(999);
    expect(isAwake()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(isAwake()).toBe(true);
    expect(systemClock().now()).toBe(START + 1_000);
  });

  it('sleeps for 30 days, which a single timer would turn into 1 ms', async () => {
    const isAwake = watched(systemClock().sleepUntil(START + 30 * DAY_MS));
    await vi.advanceTimersByTimeAsync(29 * DAY_MS);
    expect(isAwake()).toBe(false);
    await vi.advanceTimersByTimeAsync(DAY_MS);
    expect(isAwake()).toBe(true);
  });

  it('does not sleep for a time that is past', async () => {
    await systemClock().sleepUntil(START - 1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rejects at once with the reason of the abort and leaves no timer', async () => {
    const controller = new AbortController();
    const sleep = systemClock().sleepUntil(START + DAY_MS, controller.signal);
    controller.abort(new CancelledError('SIGTERM'));
    await expect(sleep).rejects.toMatchObject({ name: 'CancelledError', by: 'SIGTERM' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rejects when the signal was aborted before', async () => {
    const signal = AbortSignal.abort(new CancelledError('SIGINT'));
    await expect(systemClock().sleepUntil(START + 1, signal)).rejects.toBeInstanceOf(CancelledError);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses to sleep until %d', async (at) => {
    await expect(systemClock().sleepUntil(at)).rejects.toThrow(RangeError);
  });
});
