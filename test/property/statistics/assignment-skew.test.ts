/** The bound of an assignment's p-value against the exact binomial one, summed outcome by outcome. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignmentSkew } from '../../../src/core/statistics/assignment-skew.ts';

/** Probability of each number of successes, by the recursion of Pascal's triangle. */
function binomial(total: number, share: number): readonly number[] {
  let row = [1];
  for (let trial = 0; trial < total; trial += 1) {
    row = Array.from(
      { length: row.length + 1 },
      (_, k) => (row[k] ?? 0) * (1 - share) + (row[k - 1] ?? 0) * share,
    );
  }
  return row;
}

function boundOf(assigned: number, total: number, share: number): number {
  const skew = assignmentSkew({ assigned, total, share });
  if (skew.kind !== 'compared') throw new Error(skew.kind);
  return skew.logPValueBound;
}

describe('the bound of the chance to divide devices so badly', () => {
  it('is never below the chance itself', () => {
    const shares = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), shares, (total, share) => {
        const chances = binomial(total, share);
        const bounds = chances.map((_, assigned) => boundOf(assigned, total, share));
        for (const bound of bounds) {
          const asBad = chances.filter((_, k) => (bounds[k] ?? 0) <= bound);
          const chance = asBad.reduce((sum, each) => sum + each, 0);
          expect(Math.log(chance)).toBeLessThanOrEqual(bound + 1e-9);
        }
      }),
      { numRuns: 300, seed: 3 },
    );
  });
});
