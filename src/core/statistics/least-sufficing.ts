/** The least number that is enough, where more is enough as well. Pure. */

/**
 * Returns the least whole number above `tooFew` that suffices.
 *
 * Invariant: `enough` suffices, and so does whatever is above a number that does. Both are whole numbers.
 */
export function leastSufficing(
  { tooFew, enough }: { readonly tooFew: number; readonly enough: number },
  suffices: (count: number) => boolean,
): number {
  let low = tooFew;
  let high = enough;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (suffices(middle)) high = middle;
    else low = middle;
  }
  return high;
}
