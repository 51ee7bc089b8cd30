/** No window of one minute holds more requests than the limit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRateLimit } from '../../../src/octomil/rate-limit.ts';
import { CancelledError } from '../../../src/runtime/abort.ts';
import { createVirtualClock } from '../../../src/runtime/virtual-clock.ts';

describe('createRateLimit', () => {
  it('lets requests through at once until the minute is full', async () => {
    const clock = createVirtualClock(0);
    const limit = createRateLimit(clock, 3);
    for (let request = 0; request < 3; request += 1) await limit.take();
    expect(clock.now()).toBe(0);
    await limit.take();
    expect(clock.now()).toBe(60_000);
  });

  it('holds for any pauses between the requests', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 20 }),
        async (perMinute, pausesMs) => {
          const clock = createVirtualClock(0);
          const limit = createRateLimit(clock, perMinute);
          const starts: number[] = [];
          for (const pauseMs of pausesMs) {
            clock.advanceTo(clock.now() + pauseMs);
            await limit.take();
            starts.push(clock.now());
          }
          for (const [index, start] of starts.entries()) {
            const before = starts[index - perMinute];
            if (before !== undefined) expect(start - before).toBeGreaterThanOrEqual(60_000);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('holds for requests at the same time', async () => {
    const clock = createVirtualClock(0);
    const limit = createRateLimit(clock, 2);
    const starts = await Promise.all(
      Array.from({ length: 6 }, async () => {
        await limit.take();
        return clock.now();
      }),
    );
    expect(starts).toEqual([0, 0, 60_000, 60_000, 120_000, 120_000]);
  });

  it('counts an urgent request but does not make it wait', async () => {
    const clock = createVirtualClock(0);
    const limit = createRateLimit(clock, 1);
    await limit.take();
    await limit.take({ urgent: true });
    expect(clock.now()).toBe(0);
    await limit.take();
    expect(clock.now()).toBe(60_000);
  });

  it('does not wait for the hour that a clock was set back', async () => {
    let now = 7_200_000;
    const slept: number[] = [];
    const clock = {
      now: () => now,
      sleepUntil: async (at: number) => {
        slept.push(at - now);
        now = at;
      },
    };
    const limit = createRateLimit(clock, 1);
    await limit.take();
    now -= 3_600_000;
    await limit.take();
    expect(slept).toEqual([60_000]);
  });

  it('ends the wait with the reason of an abort', async () => {
    const limit = createRateLimit(createVirtualClock(0), 1);
    await limit.take();
    const signal = AbortSignal.abort(new CancelledError('SIGINT'));
    await expect(limit.take({ signal })).rejects.toBeInstanceOf(CancelledError);
  });

  it.each([0, 1.5, -1, Number.NaN])('refuses a limit of %d', (perMinute) => {
    expect(() => createRateLimit(createVirtualClock(0), perMinute)).toThrow(RangeError);
  });
});
