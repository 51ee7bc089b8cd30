import { describe, expect, it } from 'vitest';
import { createRandom, hashKeys, hashText } from '../../../src/simulation/random-source.ts';

const first = (keys: readonly number[], count = 5): readonly number[] => {
  const random = createRandom(keys);
  return Array.from({ length: count }, () => random.next());
};

describe('createRandom', () => {
  it('gives the same numbers for the same keys', () => {
    expect(first([1, 2, 3])).toEqual(first([1, 2, 3]));
  });

  it.each([
    { title: 'another key', keys: [1, 2, 4] },
    { title: 'another order', keys: [2, 1, 3] },
    { title: 'one key more', keys: [1, 2, 3, 0] },
    { title: 'a key beyond 32 bits', keys: [1, 2, 3 + 2 ** 32] },
  ])('gives other numbers for $title', ({ keys }) => {
    expect(first(keys)).not.toEqual(first([1, 2, 3]));
  });

  it('stays above 0 and below 1 with a mean of a half and a variance of a twelfth', () => {
    const numbers = first([42], 20_000);
    const mean = numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
    const variance = numbers.reduce((sum, one) => sum + (one - mean) ** 2, 0) / numbers.length;
    expect(Math.min(...numbers)).toBeGreaterThan(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    expect(mean).toBeCloseTo(0.5, 2);
    expect(variance).toBeCloseTo(1 / 12, 2);
  });

  it('picks every whole number below a count about equally often', () => {
    const random = createRandom([7]);
    const picks = [0, 0, 0, 0, 0, 0];
    for (let pick = 0; pick < 12_000; pick += 1) {
      const index = random.below(6);
      picks[index] = (picks[index] ?? 0) + 1;
    }
    for (const count of picks) expect(Math.abs(count - 2_000)).toBeLessThan(200);
  });
});

describe('hashes', () => {
  it('spread neighbouring keys over all 32 bits', () => {
    const hashes = Array.from({ length: 1_000 }, (_, key) => hashKeys([1, key]));
    expect(new Set(hashes).size).toBe(1_000);
    const upperHalf = hashes.filter((hash) => hash >= 2 ** 31).length;
    expect(Math.abs(upperHalf - 500)).toBeLessThan(80);
  });

  it('tell texts apart by every character', () => {
    expect(hashText('dev_000001mdl_a')).not.toBe(hashText('dev_000001mdl_b'));
    expect(hashText('ab')).not.toBe(hashText('ba'));
  });
});
