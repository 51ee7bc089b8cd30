/** The report of a long run is thinned where nothing happened, and nowhere else. */
import { describe, expect, it } from 'vitest';
import { createKeptLooks } from '../../../src/action/kept-looks.ts';
import { MOST_KEPT_LOOKS } from '../../../src/report/most-kept-looks.ts';
import type { LookRecord } from '../../../src/report/run-record.ts';

const WAITING: LookRecord = {
  number: 1,
  inputs: {
    state: { phase: 'absent' },
    look: {
      at: 0,
      server: { kind: 'gone' },
      readings: [],
      devices: null,
      restoring: null,
      poll: { kind: 'auto' },
    },
  },
  events: [],
  at: 0,
  phase: 'soaking',
  stageIndex: 0,
  percentage: 5,
  statusText: 'active',
  devicesOnVersion: 6,
  devicesReachable: 6,
  verdicts: [],
  odds: null,
  command: { kind: 'wait', until: 0 },
  reason: 'soaking',
  detail: null,
};

function keep(count: number, change: (at: number) => Partial<LookRecord> = () => ({})) {
  const kept = createKeptLooks();
  for (let at = 0; at < count; at += 1) kept.add({ ...WAITING, at, ...change(at) });
  return { kept, times: kept.looks.map(({ at }) => at) };
}

describe('the looks of a report', () => {
  it('are all there for hours', () => {
    const { kept } = keep(MOST_KEPT_LOOKS);
    expect(kept.looks).toHaveLength(MOST_KEPT_LOOKS);
  });

  it('stay few for days, from the first to the last, without a long gap', () => {
    const { kept, times } = keep(20_000);
    expect(kept.taken()).toBe(20_000);
    expect(kept.looks.length).toBeLessThanOrEqual(MOST_KEPT_LOOKS);
    expect([times[0], times.at(-1)]).toEqual([0, 19_999]);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.slice(-200)).toEqual(Array.from({ length: 200 }, (_each, index) => 19_800 + index));
  });

  it('keep each look that did something, and those around a change of stage or reason', () => {
    const { times } = keep(20_000, (at) => ({
      stageIndex: at < 700 ? 0 : 1,
      reason: at >= 5_000 && at < 5_100 ? 'no_data' : 'soaking',
      ...(at === 300 ? { command: { kind: 'raise', percentage: 25, stageIndex: 1 } } : {}),
    }));
    expect(times).toEqual(expect.arrayContaining([300, 699, 700, 4_999, 5_000, 5_099, 5_100]));
  });

  it('stay few even when every look changes something', () => {
    const flips = keep(20_000, (at) => ({ reason: at % 2 === 0 ? 'no_data' : 'soaking' }));
    expect(flips.kept.looks.length).toBeLessThanOrEqual(MOST_KEPT_LOOKS);
    const acts = keep(20_000, () => ({ command: { kind: 'raise', percentage: 25, stageIndex: 1 } }));
    expect(acts.kept.looks.length).toBeLessThanOrEqual(MOST_KEPT_LOOKS);
  });
});
