/** Draws how many of n independent trials succeed. Pure. */
import type { RandomSource } from './random-source.ts';
import { stirlingTail } from './stirling.ts';

const LARGE_MEAN = 10;

/**
 * Returns how many of `trials` succeed with probability `ratio` each; the ratio is clamped to 0..1.
 *
 * Exact. Source: waiting times for a mean below 10, above it the transformed rejection BTRS of Hoermann, "The
 * generation of binomial random variates", J. Stat. Comput. Simul. 46 (1993).
 */
export function drawBinomial(trials: number, ratio: number, random: RandomSource): number {
  if (trials <= 0 || !(ratio > 0)) return 0;
  if (ratio >= 1) return trials;
  if (ratio > 0.5) return trials - drawBinomial(trials, 1 - ratio, random);
  return trials * ratio < LARGE_MEAN ? byWaiting(trials, ratio, random) : byRejection(trials, ratio, random);
}

function byWaiting(trials: number, ratio: number, random: RandomSource): number {
  const logFailure = Math.log1p(-ratio);
  let count = 0;
  for (let at = waitFor(logFailure, random); at <= trials; at += waitFor(logFailure, random)) count += 1;
  return count;
}

function waitFor(logFailure: number, random: RandomSource): number {
  return Math.floor(Math.log(random.next()) / logFailure) + 1;
}

function byRejection(trials: number, ratio: number, random: RandomSource): number {
  const spread = Math.sqrt(trials * ratio * (1 - ratio));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * ratio;
  const quickLimit = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * spread;
  const odds = ratio / (1 - ratio);
  const mode = Math.floor((trials + 1) * ratio);
  for (;;) {
    const u = random.next() - 0.5;
    const v = random.next();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + trials * ratio + 0.5);
    if (us >= 0.07 && v <= quickLimit) return k;
    if (k < 0 || k > trials) continue;
    if (Math.log((v * alpha) / (a / (us * us) + b)) <= logRatioToMode({ trials, odds, mode }, k)) return k;
  }
}

interface Shape {
  readonly trials: number;
  readonly odds: number;
  readonly mode: number;
}

function logRatioToMode({ trials, odds, mode }: Shape, k: number): number {
  return (
    (mode + 0.5) * Math.log((mode + 1) / (odds * (trials - mode + 1))) +
    (trials + 1) * Math.log((trials - mode + 1) / (trials - k + 1)) +
    (k + 0.5) * Math.log((odds * (trials - k + 1)) / (k + 1)) +
    stirlingTail(mode) +
    stirlingTail(trials - mode) -
    stirlingTail(k) -
    stirlingTail(trials - k)
  );
}
