/** Virtual time moves when it is slept on, earliest sleeper first, and only forward. */
import { describe, expect, it } from 'vitest';
import { CancelledError } from '../../../src/runtime/abort.ts';
import { createVirtualClock } from '../../../src/runtime/virtual-clock.ts';

describe('createVirtualClock', () => {
  it('stands still until somebody sleeps', async () => {
    const clock = createVirtualClock(1_000);
    await new Promise(setImmediate);
    expect(clock.now()).toBe(1_000);
    await clock.sleepUntil(5_000);
    expect(clock.now()).toBe(5_000);
  });

  it('does not go back for a sleeper of the past', async () => {
    const clock = createVirtualClock(1_000);
    await clock.sleepUntil(10);
    clock.advanceTo(10);
    expect(clock.now()).toBe(1_000);
  });

  it('wakes several sleepers in the order of their times', async () => {
    const clock = createVirtualClock(0);
    const woken: [string, number][] = [];
    const sleeper = async (name: string, at: number): Promise<void> => {
      await clock.sleepUntil(at);
      woken.push([name, clock.now()]);
    };
    await Promise.all([
      sleeper('late', 300),
      sleeper('early', 100),
      sleeper('middle', 200),
      sleeper('also', 200),
    ]);
    expect(woken).toEqual([
      ['early', 100],
      ['middle', 200],
      ['also', 200],
      ['late', 300],
    ]);
  });

  it('lets a sleeper that just woke fall asleep again before time moves on', async () => {
    const clock = createVirtualClock(0);
    const seen: number[] = [];
    const steps = async (): Promise<void> => {
      for (let step = 1; step <= 3; step += 1) {
        await clock.sleepUntil(step * 10);
        seen.push(clock.now());
      }
    };
    await Promise.all([steps(), clock.sleepUntil(100)]);
    expect(seen).toEqual([10, 20, 30]);
    expect(clock.now()).toBe(100);
  });

  it('wakes those whose time has come when it is advanced by hand', async () => {
    const clock = createVirtualClock(0);
    clock.advanceTo(500);
    await clock.sleepUntil(200);
    expect(clock.now()).toBe(500);
  });

  it('moves no time for a sleeper that is aborted', async () => {
    const clock = createVirtualClock(0);
    const controller = new AbortController();
    const aborted = clock.sleepUntil(900, controller.signal);
    controller.abort(new CancelledError('SIGINT'));
    await expect(aborted).rejects.toBeInstanceOf(CancelledError);
    await expect(clock.sleepUntil(900, controller.signal)).rejects.toBeInstanceOf(CancelledError);
    await clock.sleepUntil(100);
    expect(clock.now()).toBe(100);
  });

  it('refuses to sleep until a time that is no number', async () => {
    await expect(createVirtualClock(0).sleepUntil(Number.NaN)).rejects.toThrow(RangeError);
  });
});
