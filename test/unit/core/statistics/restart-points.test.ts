import { describe, expect, it } from 'vitest';
import {
  hasRestartPoints,
  restartPoints,
  withRestarts,
} from '../../../../src/core/statistics/restart-points.ts';
import { DAY_MS, MINUTE_MS } from '../../../../src/core/units.ts';

describe('the restart points of a stage', () => {
  it.each([
    { minutes: 0, gives: [] },
    { minutes: 9.99, gives: [] },
    { minutes: 10, gives: [[5, 6]] },
    { minutes: 14.99, gives: [[5, 6]] },
    { minutes: 15, gives: [[10, 18]] },
    { minutes: 39.99, gives: [[30, 126]] },
    // 20 minutes is the first point of the second scale.
    {
      minutes: 40,
      gives: [
        [20, 6],
        [35, 168],
      ],
    },
    {
      minutes: 160,
      gives: [
        [80, 6],
        [140, 168],
        [155, 2976],
      ],
    },
  ])('that is $minutes minutes old', ({ minutes, gives }) => {
    const points = restartPoints(minutes * MINUTE_MS).map(({ afterEntryMs, logWeight }) => [
      afterEntryMs / MINUTE_MS,
      Math.round(1e6 * Math.exp(-logWeight)) / 1e6,
    ]);
    expect(points).toEqual(gives);
  });

  it('never coincide, and are oldest first', () => {
    for (let minutes = 0; minutes <= 600; minutes += 2.5) {
      const times = restartPoints(minutes * MINUTE_MS).map(({ afterEntryMs }) => afterEntryMs);
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    }
  });

  it.each([
    { ms: 10 * MINUTE_MS - 1, gives: false },
    { ms: 10 * MINUTE_MS, gives: true },
    { ms: 30 * DAY_MS, gives: true },
  ])('exist in a stage of $ms ms: $gives', ({ ms, gives }) => {
    expect(hasRestartPoints(ms)).toBe(gives);
  });
});

describe('evidence with restarts', () => {
  it('is that of the whole where no stage has any', () => {
    expect(withRestarts(1.5, null)).toBe(1.5);
  });

  it('is three quarters of the whole and a quarter of the restarts', () => {
    expect(withRestarts(Math.log(8), [])).toBeCloseTo(Math.log(6), 12);
    const restarts = [
      { logE: Math.log(400), logWeight: Math.log(0.5) },
      { logE: Math.log(80), logWeight: Math.log(0.1) },
    ];
    expect(withRestarts(Math.log(8), restarts)).toBeCloseTo(Math.log(6 + 50 + 2), 12);
  });
});
