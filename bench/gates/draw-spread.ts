/** Draws what makes devices differ: normal and gamma numbers. Pure. */
import type { RandomSource } from '../../src/simulation/random-source.ts';

/** Returns a standard normal number (Box and Muller, 1958). */
export function drawNormal(random: RandomSource): number {
  return Math.sqrt(-2 * Math.log(random.next())) * Math.cos(2 * Math.PI * random.next());
}

/**
 * Returns a gamma number of mean 1 whose standard deviation is `variation`; 1 for a variation of 0.
 *
 * Source: Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000).
 */
export function drawGamma(variation: number, random: RandomSource): number {
  if (variation === 0) return 1;
  const shape = 1 / variation ** 2;
  if (shape < 1) return (boosted(shape + 1, random) * random.next() ** (1 / shape)) / shape;
  return boosted(shape, random) / shape;
}

function boosted(shape: number, random: RandomSource): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(random.next()) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Returns a log-normal number of mean 1 whose standard deviation is `variation`. */
export function drawLogNormal(variation: number, random: RandomSource): number {
  const variance = Math.log1p(variation ** 2);
  return variance === 0 ? 1 : Math.exp(Math.sqrt(variance) * drawNormal(random) - variance / 2);
}

/**
 * Returns the probability that a standard normal number exceeds `z`, to seven digits.
 *
 * Source: Abramowitz and Stegun, "Handbook of Mathematical Functions" (1964), 26.2.17.
 */
export function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (series * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}
