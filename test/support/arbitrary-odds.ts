/** Arbitraries that are one thing most of the time and another now and then. */
import fc from 'fast-check';

/** Draws from `arbitrary` in `percent` of a hundred cases, else gives `otherwise`; shrinks towards it. */
export function sometimes<T>(percent: number, arbitrary: fc.Arbitrary<T>, otherwise: T): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 100 - percent, arbitrary: fc.constant(otherwise) },
    { weight: percent, arbitrary },
  );
}

/** Draws `rare` in 15 of a hundred cases, else `usual`. */
export function mostly<T>(usual: T, rare: T): fc.Arbitrary<T> {
  return sometimes(15, fc.constant(rare), usual);
}
