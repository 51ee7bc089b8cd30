import { describe, expect, it } from 'vitest';
import { shrunkDispersion, zeroFractionDispersion } from '../../../../src/core/statistics/device-spread.ts';

const spread = (events: number, devicesWithEvents: number, devices: number) => ({
  events,
  devices,
  devicesWithEvents,
});

describe('the dispersion of events over devices', () => {
  it.each([
    { fact: 'no event', of: spread(0, 0, 10), gives: null },
    { fact: 'no device with an event', of: spread(5, 0, 10), gives: null },
    { fact: 'one device', of: spread(5, 1, 1), gives: null },
    { fact: 'no device', of: spread(5, 1, 0), gives: null },
    { fact: 'devices that are no number', of: spread(5, 1, Number.NaN), gives: null },
    { fact: 'every event on a device of its own', of: spread(5, 5, 10), gives: 0 },
  ])('with $fact is $gives', ({ of, gives }) => {
    expect(zeroFractionDispersion(of)).toBe(gives);
    expect(shrunkDispersion(of)).toBe(gives === null ? null : 2 / (2 + 25 / 20));
  });

  it('is told by two devices', () => {
    expect(zeroFractionDispersion(spread(6, 1, 2))).toBeGreaterThan(0);
  });

  it.each([
    { phi: 0.5, mean: 3, devices: 1000 },
    { phi: 2, mean: 0.1, devices: 1000 },
    { phi: 8, mean: 4, devices: 1000 },
    { phi: 50, mean: 1, devices: 1e6 },
  ])('is found again: $phi at $mean events a device', ({ phi, mean, devices }) => {
    const hit = devices * (1 - (1 + phi * mean) ** (-1 / phi));
    expect(zeroFractionDispersion(spread(mean * devices, hit, devices))).toBeCloseTo(phi, 6);
  });

  it('is taken from all but half a device where every device had an event', () => {
    expect(zeroFractionDispersion(spread(100, 10, 10))).toBe(zeroFractionDispersion(spread(100, 9.5, 10)));
  });

  it('is drawn to 1, by less and less with more pairs of events', () => {
    const few = shrunkDispersion(spread(4, 2, 100)) ?? 0;
    const own = zeroFractionDispersion(spread(4, 2, 100)) ?? 0;
    expect(few).toBeCloseTo((2 + 0.08 * own) / 2.08, 10);
    expect(own).toBeGreaterThan(few);
  });
});
