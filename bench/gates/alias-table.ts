/** Draws one of many with given weights in constant time. Pure. */
import type { RandomSource } from '../../src/simulation/random-source.ts';

/** Weights prepared for drawing. */
export interface AliasTable {
  /** Sum of the weights. */
  readonly total: number;
  /** Returns an index with a probability in proportion to its weight. */
  draw(random: RandomSource): number;
}

/**
 * Returns a table of weights, each at or above 0 and at least one above 0.
 *
 * Source: Vose, "A linear algorithm for generating random numbers with a given distribution", IEEE Trans.
 * Softw. Eng. 17 (1991).
 */
export function createAliasTable(weights: Float64Array): AliasTable {
  const size = weights.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const keep = weights.map((weight) => (weight * size) / total);
  const alias = new Int32Array(size).map((_, index) => index);
  const small: number[] = [];
  const large: number[] = [];
  for (let index = 0; index < size; index += 1) ((keep[index] ?? 0) < 1 ? small : large).push(index);
  for (let from = small.pop(), to = large.at(-1); from !== undefined && to !== undefined; ) {
    alias[from] = to;
    const left = (keep[to] ?? 0) - (1 - (keep[from] ?? 0));
    keep[to] = left;
    if (left < 1) {
      large.pop();
      small.push(to);
    }
    from = small.pop();
    to = large.at(-1);
  }
  const draw = (random: RandomSource): number => {
    const at = random.next() * size;
    const index = Math.floor(at);
    return at - index < (keep[index] ?? 0) ? index : (alias[index] ?? index);
  };
  return { total, draw };
}
