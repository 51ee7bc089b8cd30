import { describe, expect, it } from 'vitest';
import { logE } from '../../../../src/core/statistics/log-e.ts';
import { type LimitInStage, whatDevicesSettle } from '../../../../src/core/statistics/settle.ts';

const stage = (over: Partial<LimitInStage>): LimitInStage => ({
  limit: 0.05,
  clustering: 'requests',
  devices: 100,
  nextShare: 1,
  tests: 1,
  ...over,
});

describe('the devices that disprove a limit', () => {
  it.each([
    { fact: 'of a hundred', over: {}, gives: 16 },
    { fact: 'of a hundred that share the confidence with five other tests', over: { tests: 6 }, gives: 17 },
    { fact: 'of ten', over: { devices: 10 }, gives: 5 },
    { fact: 'of two: not even both', over: { devices: 2 }, gives: null },
    { fact: 'of none', over: { devices: 0 }, gives: null },
    { fact: 'of a limit of zero: few', over: { limit: 0, devices: 10 }, gives: 3 },
    { fact: 'of four and a half: a whole number', over: { devices: 4.5 }, gives: 4 },
  ])('$fact: $gives', ({ over, gives }) => {
    expect(whatDevicesSettle(stage(over)).devicesToDisprove).toBe(gives);
  });

  it('are just as many as reach 100:1 in the first of the stages', () => {
    const e = (devices: number) => logE(1, [{ events: devices, trials: 100, rate: 0.05 }]) - Math.LN2;
    expect(e(16)).toBeGreaterThanOrEqual(Math.log(100));
    expect(e(15)).toBeLessThan(Math.log(100));
  });
});

describe('the devices without an event that prove a limit', () => {
  it.each([
    { fact: 'for the whole fleet', over: {}, gives: 5 },
    { fact: 'for a tenth of it', over: { nextShare: 0.1 }, gives: 4 },
    { fact: 'of devices themselves', over: { clustering: 'devices' }, gives: 85 },
    { fact: 'of slow requests', over: { clustering: 'latency' }, gives: 5 },
    { fact: 'of a limit of zero: very many', over: { limit: 0, clustering: 'devices' }, gives: 4_343_272 },
  ] as const)('$fact: $gives', ({ over, gives }) => {
    expect(whatDevicesSettle(stage(over)).devicesToProve).toBe(gives);
  });
});
