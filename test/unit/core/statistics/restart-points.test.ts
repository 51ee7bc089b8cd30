import { describe, expect, it } from 'vitest';
import {
  hasRestartPoints,
  restartPoints,
  withRestarts,
} from '../../../../src/core/statistics/restart-points.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../../src/core/units.ts';

describe('the restart points of a stage', () => {
  // Every weight is the inverse of the number given; the three scales share alike.
  it.each<{ minutes: number; soak: number; gives: readonly (readonly [number, number])[] }>([
    { minutes: 0, soak: 60, gives: [] },
    { minutes: 9.99, soak: 60, gives: [] },
    // Twelve points of five minutes share three quarters of a third.
    { minutes: 10, soak: 60, gives: [[5, 48]] },
    { minutes: 14.99, soak: 60, gives: [[5, 48]] },
    { minutes: 15, soak: 60, gives: [[10, 48]] },
    { minutes: 39.99, soak: 60, gives: [[30, 48]] },
    // 20 minutes is the first of three points of the second scale.
    {
      minutes: 40,
      soak: 60,
      gives: [
        [20, 12],
        [35, 48],
      ],
    },
    // The last point within the soak, and the first two beyond it, which share the last quarter.
    { minutes: 14, soak: 5, gives: [[5, 4]] },
    { minutes: 15, soak: 5, gives: [[10, 24]] },
    { minutes: 20, soak: 5, gives: [[15, 72]] },
    // Without a point in the soak, later ones have it all.
    { minutes: 10, soak: 4.99, gives: [[5, 6]] },
    { minutes: 15, soak: 0, gives: [[10, 18]] },
    {
      minutes: 160,
      soak: 60,
      gives: [
        [80, 6],
        [140, 240],
        [155, 4560],
      ],
    },
  ])('that soaks for $soak minutes and is $minutes minutes old', ({ minutes, soak, gives }) => {
    const points = restartPoints(minutes * MINUTE_MS, soak * MINUTE_MS).map(({ afterEntryMs, logWeight }) => [
      afterEntryMs / MINUTE_MS,
      Math.round(1e6 * Math.exp(-logWeight)) / 1e6,
    ]);
    expect(points).toEqual(gives);
  });

  it('never coincide, and are oldest first', () => {
    for (let minutes = 0; minutes <= 600; minutes += 2.5) {
      const times = restartPoints(minutes * MINUTE_MS, HOUR_MS).map(({ afterEntryMs }) => afterEntryMs);
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
