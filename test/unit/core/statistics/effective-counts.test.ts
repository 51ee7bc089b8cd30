import { describe, expect, it } from 'vitest';
import { shrunkDispersion } from '../../../../src/core/statistics/device-spread.ts';
import {
  designEffectOf,
  deviceLevel,
  effectiveStage,
  effectiveUnderRate,
  servingBaseline,
} from '../../../../src/core/statistics/effective-counts.ts';
import { countsOf } from '../../../support/core-builders.ts';
import { spread, totalsOf } from '../../../support/gate-series.ts';

const REQUESTS = { clustering: 'requests', designEffect: 3 } as const;
const LATENCY = { clustering: 'latency', designEffect: 3 } as const;
const DEVICES = { clustering: 'devices', designEffect: 3 } as const;

describe('how many requests count as one', () => {
  it.each([
    { fact: 'one, without devices', counts: countsOf(50, 100), gives: 1 },
    { fact: 'one, of no device', counts: spread(50, 100, 0, 0), gives: 1 },
    { fact: 'one, of a negative number of devices', counts: spread(50, 100, 0, -2), gives: 1 },
    { fact: 'more, the more events a device has', counts: spread(20, 100, 20, 20), gives: 3 },
    { fact: 'at least the events of a device that has any', counts: spread(20, 100, 2, 20), gives: 10 },
    { fact: 'no less where no device has any', counts: spread(20, 100, 0, 20), gives: 3 },
    {
      fact: 'by their spread where devices with events are not told',
      counts: countsOf(20, 100, { devices: 20 }),
      gives: 3,
    },
    { fact: 'all, of one bad device', counts: spread(100, 100, 1, 1000), gives: 100 },
  ])('$fact', ({ counts, gives }) => {
    expect(designEffectOf(counts, 2)).toBeCloseTo(gives, 12);
  });

  it('as many as the events that are to be expected make it', () => {
    expect(designEffectOf(spread(1, 100, 1, 20), 2, 30)).toBe(4);
    expect(designEffectOf(spread(40, 100, 40, 20), 2, 30)).toBe(5);
  });
});

describe('what is known about devices', () => {
  it.each([
    { candidate: countsOf(1, 9), baseline: null, gives: 0 },
    { candidate: countsOf(1, 9, { devices: 3 }), baseline: null, gives: 1 },
    { candidate: spread(1, 9, 1, 3), baseline: null, gives: 2 },
    { candidate: spread(1, 9, 1, 3), baseline: countsOf(1, 9), gives: 0 },
    { candidate: spread(1, 9, 1, 3), baseline: countsOf(1, 9, { devices: 3 }), gives: 1 },
    { candidate: countsOf(1, 9, { devices: 3 }), baseline: spread(1, 9, 1, 3), gives: 1 },
    { candidate: spread(1, 9, 1, 3), baseline: countsOf(0, 0), gives: 2 },
  ])('is the lesser of both versions: $gives', ({ candidate, baseline, gives }) => {
    expect(deviceLevel(totalsOf(candidate, baseline), 'requests')).toBe(gives);
    expect(deviceLevel(totalsOf(candidate, baseline), 'devices')).toBe('devices');
  });
});

describe('a baseline that serves nobody', () => {
  it.each([{ baseline: null }, { baseline: countsOf(0, 0) }, { baseline: countsOf(0, Number.NaN) }])(
    'is none',
    ({ baseline }) => {
      expect(servingBaseline(totalsOf(countsOf(1, 9), baseline))).toBeNull();
      expect(effectiveStage(totalsOf(countsOf(1, 9), baseline), REQUESTS).baseline).toBeNull();
    },
  );
});

describe('effective counts', () => {
  it('of devices are the devices', () => {
    const totals = totalsOf(spread(5, 100, 5, 100), spread(1, 50, 1, 50));
    expect(effectiveStage(totals, DEVICES)).toEqual({
      candidate: { events: 5, trials: 100 },
      baseline: { events: 1, trials: 50 },
      isComparable: true,
    });
  });

  it.each([
    { stated: 3, gives: 3 },
    { stated: 0.5, gives: 1 },
  ])('without devices are divided by the stated design effect $stated, at least 1', ({ stated, gives }) => {
    expect(
      effectiveStage(totalsOf(countsOf(6, 300), countsOf(3, 30)), { ...REQUESTS, designEffect: stated }),
    ).toEqual({
      candidate: { events: 6 / gives, trials: 300 / gives },
      baseline: { events: 3 / gives, trials: 30 / gives },
      isComparable: true,
    });
  });

  it.each([
    { fact: 'without a baseline', baseline: null, gives: false },
    { fact: 'with a baseline that sent nothing', baseline: countsOf(0, 0), gives: false },
    { fact: 'with less than a twentieth of the requests', baseline: countsOf(0, 49), gives: false },
    { fact: 'with a twentieth of the requests', baseline: countsOf(0, 50), gives: true },
  ])('are comparable $fact: $gives, whatever they are divided by', ({ baseline, gives }) => {
    const clustered = { events: 900, trials: 950, devices: 10, devicesWithEvents: null };
    expect(effectiveStage(totalsOf(clustered, baseline), REQUESTS).isComparable).toBe(gives);
  });

  it.each([
    { fact: 'errors', settings: REQUESTS, gives: 1 + 2 * 2 },
    { fact: 'slow requests, which stay slow', settings: LATENCY, gives: 1 + 8 * 2 },
  ])('with devices alone assume how $fact are spread', ({ settings, gives }) => {
    const totals = totalsOf(countsOf(20, 100, { devices: 10 }));
    expect(effectiveStage(totals, settings).candidate.trials).toBeCloseTo(100 / gives, 12);
  });

  it('with devices that have events use the larger dispersion of both versions', () => {
    const calm = spread(10, 1000, 10, 100);
    const rough = spread(60, 1000, 20, 100);
    const phi = shrunkDispersion({ events: 60, devices: 100, devicesWithEvents: 20 }) ?? 0;
    const expected = { candidate: 1 + phi * 0.1, baseline: Math.max(1 + phi * 0.6, 3) };
    const stage = effectiveStage(totalsOf(calm, rough), REQUESTS);
    expect(stage.candidate.trials).toBeCloseTo(1000 / expected.candidate, 9);
    expect(stage.baseline?.trials).toBeCloseTo(1000 / expected.baseline, 9);
    const swapped = effectiveStage(totalsOf(rough, calm), REQUESTS);
    expect(swapped.baseline?.trials).toBeCloseTo(1000 / expected.candidate, 9);
  });

  it('assume a dispersion of 1 where no event tells any', () => {
    const clean = spread(0, 1000, 0, 100);
    expect(effectiveUnderRate(totalsOf(clean), REQUESTS, 0.05).trials).toBeCloseTo(1000 / 1.5, 9);
    expect(effectiveUnderRate(totalsOf(clean, clean), REQUESTS, 0.05).trials).toBeCloseTo(1000 / 1.5, 9);
  });

  it('assume nothing about a candidate beside a baseline whose events tell of little', () => {
    const totals = totalsOf(spread(0, 1000, 0, 100), spread(50, 1000, 50, 100));
    const phi = shrunkDispersion({ events: 50, devices: 100, devicesWithEvents: 50 }) ?? 1;
    expect(phi).toBeLessThan(1);
    expect(effectiveUnderRate(totals, REQUESTS, 0.05).trials).toBeCloseTo(1000 / (1 + phi * 0.5), 9);
  });

  it('for a proof are those that the doubted rate would have', () => {
    const totals = totalsOf(spread(1, 1000, 1, 10));
    const phi = shrunkDispersion({ events: 1, devices: 10, devicesWithEvents: 1 }) ?? 1;
    const effect = 1 + phi * 10;
    expect(effectiveUnderRate(totals, REQUESTS, 0.1)).toEqual({ events: 1 / effect, trials: 1000 / effect });
  });
});
