import { describe, expect, it } from 'vitest';
import { drawBinomial } from '../../../src/simulation/draw-binomial.ts';
import { drawPoisson } from '../../../src/simulation/draw-poisson.ts';
import { createRandom, type RandomSource } from '../../../src/simulation/random-source.ts';
import { logFactorial } from '../../../src/simulation/stirling.ts';

const DRAWS = 20_000;

function moments(draw: (random: RandomSource) => number): { mean: number; variance: number; skew: number } {
  const random = createRandom([99]);
  const values = Array.from({ length: DRAWS }, () => draw(random));
  const mean = values.reduce((sum, one) => sum + one, 0) / DRAWS;
  const moment = (power: number) => values.reduce((sum, one) => sum + (one - mean) ** power, 0) / DRAWS;
  return { mean, variance: moment(2), skew: moment(3) / moment(2) ** 1.5 };
}

// Five standard errors of a mean, and of a variance and a skewness of nearly normal counts.
const meanError = (variance: number) => 5 * Math.sqrt(variance / DRAWS);
const VARIANCE_ERROR = 5 * Math.sqrt(2 / DRAWS) * 1.5;
const SKEW_ERROR = 5 * Math.sqrt(6 / DRAWS) * 1.5;

describe('drawPoisson', () => {
  it.each([0.3, 2, 9.9, 10.1, 40, 900, 250_000])(
    'has mean, variance and skew of a Poisson count of %d',
    (mean) => {
      const seen = moments((random) => drawPoisson(mean, random));
      expect(Math.abs(seen.mean - mean)).toBeLessThan(meanError(mean));
      if (mean >= 2) expect(Math.abs(seen.variance / mean - 1)).toBeLessThan(VARIANCE_ERROR);
      if (mean >= 2) expect(Math.abs(seen.skew - 1 / Math.sqrt(mean))).toBeLessThan(SKEW_ERROR);
    },
  );

  it.each([0, -1, Number.NaN])('is 0 for a mean of %d', (mean) => {
    expect(drawPoisson(mean, createRandom([1]))).toBe(0);
  });
});

describe('drawBinomial', () => {
  it.each([
    { trials: 5, ratio: 0.5 },
    { trials: 100, ratio: 0.02 },
    { trials: 1_000, ratio: 0.0101 },
    { trials: 1_000, ratio: 0.2 },
    { trials: 1_000, ratio: 0.97 },
    { trials: 500_000, ratio: 0.01 },
  ])('has mean and variance of $trials trials at $ratio', ({ trials, ratio }) => {
    const variance = trials * ratio * (1 - ratio);
    const seen = moments((random) => drawBinomial(trials, ratio, random));
    expect(Math.abs(seen.mean - trials * ratio)).toBeLessThan(meanError(variance));
    expect(Math.abs(seen.variance / variance - 1)).toBeLessThan(VARIANCE_ERROR);
  });

  it.each([
    { title: 'no trials', trials: 0, ratio: 0.5, gives: 0 },
    { title: 'a ratio of 0', trials: 10, ratio: 0, gives: 0 },
    { title: 'a ratio of 1', trials: 10, ratio: 1, gives: 10 },
    { title: 'a ratio above 1', trials: 10, ratio: 1.2, gives: 10 },
    { title: 'no ratio at all', trials: 10, ratio: Number.NaN, gives: 0 },
  ])('is certain for $title', ({ trials, ratio, gives }) => {
    expect(drawBinomial(trials, ratio, createRandom([1]))).toBe(gives);
  });

  it('never leaves 0 to the number of trials', () => {
    const random = createRandom([5]);
    for (let draw = 0; draw < 5_000; draw += 1) {
      const count = drawBinomial(30, 0.45, random);
      expect(count >= 0 && count <= 30).toBe(true);
    }
  });
});

describe('logFactorial', () => {
  it.each([0, 1, 2, 5, 9, 10, 11, 20, 50])('is the logarithm of %d!', (k) => {
    let exact = 0;
    for (let factor = 2; factor <= k; factor += 1) exact += Math.log(factor);
    expect(logFactorial(k)).toBeCloseTo(exact, 9);
  });
});
