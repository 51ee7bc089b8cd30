import { describe, expect, it } from 'vitest';
import { logE } from '../../../../src/core/statistics/log-e.ts';
import { missingEvidence } from '../../../../src/core/statistics/missing-evidence.ts';
import { isProvenSafe, LOG_PROOF, safetyEvidence } from '../../../../src/core/statistics/proven-safe.ts';
import { countsOf } from '../../../support/core-builders.ts';
import { aSeries, spread, totalsOf } from '../../../support/gate-series.ts';

const below = (events: number, trials: number, rate: number) => logE(-1, [{ events, trials, rate }]);
const CLEAN = totalsOf(countsOf(0, 100));

describe('the evidence that a gate is safe', () => {
  it.each([
    { nextShare: 1, rate: 0.05 },
    { nextShare: 0.5, rate: 0.1 },
    { nextShare: 0.1, rate: 0.5 },
    { nextShare: 0.01, rate: 0.5 },
  ])('for a share of $nextShare is held against a rate of $rate', ({ nextShare, rate }) => {
    expect(safetyEvidence(aSeries({ stages: [CLEAN] }), nextShare)).toBeCloseTo(below(0, 100, rate), 12);
  });

  it('is that of the current stage alone', () => {
    const dirty = totalsOf(countsOf(50, 100));
    expect(safetyEvidence(aSeries({ stages: [dirty, CLEAN] }), 1)).toBe(
      safetyEvidence(aSeries({ stages: [CLEAN] }), 1),
    );
    expect(safetyEvidence(aSeries({ stages: [CLEAN, dirty] }), 1)).toBeLessThan(0);
  });

  it.each([
    { fact: 'no stage', series: aSeries(), gives: Number.NEGATIVE_INFINITY },
    {
      fact: 'nothing to compare with, and no limit',
      series: aSeries({ limit: null, tolerance: 1, stages: [CLEAN] }),
      gives: 0,
    },
    {
      fact: 'no question at all',
      series: aSeries({ limit: null, stages: [totalsOf(countsOf(0, 10), countsOf(0, 10))] }),
      gives: 0,
    },
  ])('of $fact is $gives', ({ series, gives }) => {
    expect(safetyEvidence(series, 1)).toBe(gives);
  });

  it('is that of the limit alone where the baseline serves nobody', () => {
    const series = aSeries({ tolerance: 1, stages: [totalsOf(countsOf(0, 100), countsOf(0, 0))] });
    expect(safetyEvidence(series, 1)).toBeCloseTo(below(0, 100, 0.05), 12);
  });

  it('beside a baseline is that the fleet becomes worse by less than half', () => {
    const stages = [totalsOf(countsOf(100, 10_000), countsOf(100, 10_000))];
    const series = aSeries({ limit: null, tolerance: 1, stages });
    const ratio = (nextShare: number) => 1 + 0.5 / nextShare;
    for (const nextShare of [1, 0.5]) {
      const rate = ratio(nextShare) / (ratio(nextShare) + 1);
      expect(safetyEvidence(series, nextShare)).toBeCloseTo(below(100, 200, rate), 10);
    }
  });

  it('beside a baseline counts its tolerance', () => {
    const stages = [totalsOf(countsOf(150, 10_000), countsOf(100, 10_000))];
    const at = (tolerance: number) => safetyEvidence(aSeries({ limit: null, tolerance, stages }), 1);
    expect(at(2)).toBeCloseTo(below(150, 250, 3 / 4), 10);
    expect(at(1)).toBeLessThan(at(2));
  });

  it('beside a baseline is also that the rate is under a fifth of its limit', () => {
    const stages = [totalsOf(countsOf(3, 10_000), countsOf(1, 10_000))];
    const series = aSeries({ tolerance: 1, stages });
    expect(safetyEvidence(series, 1)).toBeCloseTo(below(3, 10_000, 0.01), 10);
  });

  it('is the weaker of limit and baseline', () => {
    const stages = [totalsOf(countsOf(60, 1000), countsOf(600, 1000))];
    const series = aSeries({ tolerance: 1, stages });
    expect(safetyEvidence(series, 1)).toBeCloseTo(below(60, 1000, 0.05), 10);
  });

  it('does not rest on few devices that were lucky', () => {
    const series = (devices: number) =>
      aSeries({ clustering: 'requests', stages: [totalsOf(spread(0, 1e6, 0, devices))] });
    expect(safetyEvidence(series(2), 1)).toBeLessThan(LOG_PROOF);
    expect(safetyEvidence(series(10), 1)).toBeGreaterThan(LOG_PROOF);
  });

  it('beside a baseline does not rest on few devices either', () => {
    const baseline = spread(5000, 1e6, 500, 1000);
    const series = (devices: number) =>
      aSeries({
        limit: null,
        tolerance: 1,
        clustering: 'requests',
        stages: [totalsOf(spread(0, 1e6, 0, devices), baseline)],
      });
    expect(safetyEvidence(series(2), 1)).toBeLessThan(LOG_PROOF);
    expect(safetyEvidence(series(1000), 1)).toBeGreaterThan(LOG_PROOF);
  });
});

describe('gates are proven safe', () => {
  const safe = aSeries({ stages: [totalsOf(countsOf(0, 85))] });
  const unsafe = aSeries({ stages: [totalsOf(countsOf(0, 84))] });

  it.each([
    { fact: 'at 20:1', gates: [safe], gives: true },
    { fact: 'not below', gates: [unsafe], gives: false },
    { fact: 'only all together', gates: [safe, unsafe], gives: false },
    { fact: 'not where there is none', gates: [], gives: false },
  ])('$fact: $gives', ({ gates, gives }) => {
    expect(isProvenSafe(gates, 1)).toBe(gives);
  });
});

describe('what is missing to a proof', () => {
  it.each([
    { fact: 'nothing without a stage', series: aSeries(), gives: null },
    { fact: 'unknown without a trial', series: aSeries({ stages: [totalsOf(countsOf(0, 0))] }), gives: null },
    {
      fact: 'nothing where it is proven',
      series: aSeries({ stages: [totalsOf(countsOf(0, 85))] }),
      gives: null,
    },
    {
      fact: 'the rest of the trials',
      series: aSeries({ stages: [totalsOf(countsOf(0, 84))] }),
      gives: { trials: 1, devices: null },
    },
    {
      fact: 'most of the trials',
      series: aSeries({ stages: [totalsOf(countsOf(0, 10))] }),
      gives: { trials: 75, devices: null },
    },
    {
      fact: 'nothing that would help a rate that is not safe',
      series: aSeries({ stages: [totalsOf(countsOf(6, 100))] }),
      gives: null,
    },
    {
      fact: 'devices where they are too alike to tell more',
      series: aSeries({ clustering: 'requests', stages: [totalsOf(spread(0, 1e6, 0, 2))] }),
      gives: { trials: 1_124_753, devices: 5 },
    },
    {
      fact: 'nothing that would help where devices are not told and the rate is not safe',
      series: aSeries({ clustering: 'requests', stages: [totalsOf(countsOf(6, 100))] }),
      gives: null,
    },
  ])('is $fact', ({ series, gives }) => {
    expect(missingEvidence(series, 1)).toEqual(gives);
  });

  it.each([
    {
      fact: 'requests',
      of: spread(20, 100_000, 20, 100_000),
      more: (by: number) => spread(20 * by, 100_000 * by, 20 * by, 100_000),
      devices: null,
    },
    {
      fact: 'requests of devices that nobody tells',
      of: countsOf(20, 1000),
      more: (by: number) => countsOf(20 * by, 1000 * by),
      devices: null,
    },
    {
      fact: 'requests of devices alone',
      of: countsOf(20, 100_000, { devices: 100_000 }),
      more: (by: number) => countsOf(20 * by, 100_000 * by, { devices: 100_000 }),
      devices: null,
    },
    {
      fact: 'devices',
      of: spread(10, 1000, 10, 100),
      more: (by: number) => spread(10 * by, 1000 * by, 10 * by, 100 * by),
      devices: 1118,
    },
  ])('is $fact of both versions', ({ of, more, devices }) => {
    const at = (by: number) =>
      aSeries({ limit: null, tolerance: 1, clustering: 'requests', stages: [totalsOf(more(by), more(by))] });
    const missing = missingEvidence(aSeries({ ...at(1), stages: [totalsOf(of, of)] }), 1);
    const factor = 1 + (missing?.trials ?? 0) / of.trials;
    expect(missing?.devices).toBe(devices);
    expect(safetyEvidence(at(factor), 1)).toBeGreaterThanOrEqual(LOG_PROOF);
    expect(safetyEvidence(at(factor * 0.99), 1)).toBeLessThan(LOG_PROOF);
  });

  it('is of the current stage, whatever the earlier ones were', () => {
    const earlier = totalsOf(countsOf(50, 100));
    expect(missingEvidence(aSeries({ stages: [earlier, totalsOf(countsOf(0, 84))] }), 1)).toEqual({
      trials: 1,
      devices: null,
    });
  });
});
