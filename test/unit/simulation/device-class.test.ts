import { describe, expect, it } from 'vitest';
import { classSizes, deviceClasses, USUAL_FLAKY_SHARE } from '../../../src/simulation/device-class.ts';

describe.each([USUAL_FLAKY_SHARE, 0.95])(
  'device classes when flaky devices make %d of the errors',
  (flakyShare) => {
    const classes = deviceClasses(flakyShare);
    const sum = (value: (one: (typeof classes)[number]) => number) =>
      classes.reduce((total, one) => total + value(one), 0);

    it('are the whole fleet, with a mean traffic of 1 and a mean error factor of 1', () => {
      expect(sum(({ share }) => share)).toBeCloseTo(1, 12);
      expect(sum(({ share, trafficFactor }) => share * trafficFactor)).toBeCloseTo(1, 12);
      expect(sum(({ share, trafficFactor, errorFactor }) => share * trafficFactor * errorFactor)).toBeCloseTo(
        1,
        12,
      );
    });

    it('give the flaky ones their share of the errors', () => {
      const flaky = classes.at(-1);
      const errors = (flaky?.share ?? 0) * (flaky?.trafficFactor ?? 0) * (flaky?.errorFactor ?? 0);
      expect(errors).toBeCloseTo(flakyShare, 12);
    });

    it.each([12, 49, 124, 1_000, 100_000])(
      'fill a fleet of %d devices, with a flaky one at least',
      (devices) => {
        const sizes = classSizes(classes, devices);
        expect(sizes.reduce((total, size) => total + size, 0)).toBe(devices);
        expect(Math.min(...sizes)).toBeGreaterThanOrEqual(0);
        expect(sizes.at(-1)).toBe(Math.max(1, Math.round(devices / 50)));
      },
    );
  },
);
