/** A mean judged by its sum alone: how often it wrongs a good version, and that it never claims too much. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { badnessOf, meanBounds } from '../../../src/core/statistics/bounded-mean.ts';
import { logE, logSumExp } from '../../../src/core/statistics/log-e.ts';
import { createRandom, type RandomSource } from '../../../src/simulation/random-source.ts';

const GRID = [0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2];
const WEIGHTS = [0.02, 0.03, 0.05, 0.1, 0.2, 0.25, 0.2, 0.15];

const PATHS = 2_000;
const VALUES = 500;
const PROMISED = Math.log(100);

/** Log evidence that the mean of the values is below `min`, from their sum and count. */
function evidenceOf(sum: number, count: number, min: number): number {
  const badness = badnessOf(sum, count);
  if (badness.kind === 'error') throw new Error(badness.why);
  return logE(1, [{ ...badness, rate: 1 - min }]);
}

const gamma = (shape: number, random: RandomSource): number =>
  Array.from({ length: shape }).reduce<number>((sum) => sum - Math.log(random.next()), 0);

function beta(alpha: number, rest: number, random: RandomSource): number {
  const part = gamma(alpha, random);
  return part / (part + gamma(rest, random));
}

/** Jöhnk's method, for shapes below 1: most values lie near 0 or 1. */
function bathtub(alpha: number, rest: number, random: RandomSource): number {
  for (;;) {
    const x = random.next() ** (1 / alpha);
    const y = random.next() ** (1 / rest);
    if (x + y <= 1 && x + y > 0) return x / (x + y);
  }
}

interface Source {
  readonly title: string;
  readonly mean: number;
  readonly draw: (random: RandomSource) => number;
}

const SOURCES: readonly Source[] = [
  { title: 'Beta(4, 1)', mean: 0.8, draw: (random) => beta(4, 1, random) },
  { title: 'Beta(0.9, 0.1)', mean: 0.9, draw: (random) => bathtub(0.9, 0.1, random) },
  { title: '0 or 1', mean: 0.95, draw: (random) => (random.next() < 0.95 ? 1 : 0) },
  { title: '0 or 1, evenly', mean: 0.5, draw: (random) => (random.next() < 0.5 ? 1 : 0) },
  { title: '0.2 or 1', mean: 0.6, draw: (random) => (random.next() < 0.5 ? 1 : 0.2) },
];

/** Share of paths on which looking after every value ever finds odds of 100:1 against the minimum. */
function shareEverRejected({ draw }: Source, min: number): number {
  let rejected = 0;
  for (let path = 0; path < PATHS; path += 1) {
    const random = createRandom([20_260, path]);
    let sum = 0;
    for (let count = 1; count <= VALUES; count += 1) {
      sum += draw(random);
      if (evidenceOf(sum, count, min) >= PROMISED) {
        rejected += 1;
        break;
      }
    }
  }
  return rejected / PATHS;
}

describe('a mean that is looked at after every value', () => {
  it.each(SOURCES)('is hardly ever rejected at its own minimum: $title', (source) => {
    expect(shareEverRejected(source, source.mean)).toBeLessThanOrEqual(0.015);
  });

  it.each(SOURCES)(
    'is nearly always rejected when it lacks four times as much to 1 as it may: $title',
    (source) => {
      expect(shareEverRejected(source, 1 - (1 - source.mean) / 4)).toBeGreaterThanOrEqual(0.95);
    },
  );
});

const ratios = fc.double({ min: 0, max: 1, noNaN: true });
const samples = fc.array(fc.oneof(ratios, fc.constantFrom(0, 0.5, 1)), { minLength: 1, maxLength: 200 });

describe('the evidence of a sum', () => {
  it('never exceeds the capital of a bettor who saw every value', () => {
    const minimums = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(samples, minimums, (values, min) => {
        const rate = 1 - min;
        const capital = logSumExp(
          GRID.map((a, j) => {
            const stake = Math.expm1(a) / (1 + rate * Math.expm1(a));
            const gains = values.map((value) => Math.log1p(stake * (1 - value - rate)));
            return gains.reduce((sum, gain) => sum + gain, Math.log(WEIGHTS[j] ?? 0));
          }),
        );
        const sum = values.reduce((total, value) => total + value, 0);
        expect(evidenceOf(sum, values.length, min)).toBeLessThanOrEqual(
          capital + 1e-9 * (1 + Math.abs(capital)),
        );
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  it('bounds the mean that was seen, and more tightly for less confidence', () => {
    fc.assert(
      fc.property(samples, fc.double({ min: 0.001, max: 0.2, noNaN: true }), (values, alpha) => {
        const sum = values.reduce((total, value) => total + value, 0);
        const mean = sum / values.length;
        const wide = meanBounds(sum, values.length, alpha / 2) ?? { lower: 1, upper: 0 };
        const narrow = meanBounds(sum, values.length, alpha) ?? { lower: 1, upper: 0 };
        const inOrder = [0, wide.lower, narrow.lower, mean, narrow.upper, wide.upper, 1];
        expect(inOrder.every((bound, index) => bound >= (inOrder[index - 1] ?? 0) - 1e-12)).toBe(true);
      }),
      { numRuns: 300, seed: 3 },
    );
  });
});
