/** Draws how many independent events happen when a mean is known. Pure. */
import type { RandomSource } from './random-source.ts';
import { logFactorial } from './stirling.ts';

const LARGE_MEAN = 10;

/**
 * Returns a Poisson count of the given mean; 0 for a mean of 0 or less.
 *
 * Exact for every mean. Source: multiplication below 10, above it the transformed rejection PTRS of Hoermann,
 * "The transformed rejection method for generating Poisson random variables", Insurance 12 (1993).
 */
export function drawPoisson(mean: number, random: RandomSource): number {
  if (!(mean > 0)) return 0;
  return mean < LARGE_MEAN ? byMultiplication(mean, random) : byRejection(mean, random);
}

function byMultiplication(mean: number, random: RandomSource): number {
  const floor = Math.exp(-mean);
  let count = 0;
  for (let product = random.next(); product > floor; product *= random.next()) count += 1;
  return count;
}

function byRejection(mean: number, random: RandomSource): number {
  const logMean = Math.log(mean);
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const logInverseAlpha = Math.log(1.1239 + 1.1328 / (b - 3.4));
  const quickLimit = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = random.next() - 0.5;
    const v = random.next();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= quickLimit) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const accepted = Math.log(v) + logInverseAlpha - Math.log(a / (us * us) + b);
    if (accepted <= k * logMean - mean - logFactorial(k)) return k;
  }
}
