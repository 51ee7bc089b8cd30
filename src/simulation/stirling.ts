/** What Stirling's formula leaves out of a factorial's logarithm: needed to draw large counts exactly. Pure. */

const EXACT_TAILS = [
  0.08106146679532726, 0.0413406959554093, 0.02767792568499834, 0.02079067210376509, 0.01664469118982119,
  0.01387612882307075, 0.01189670994589177, 0.01041126526197209, 0.009255462182712733, 0.008330563433362871,
];

/**
 * Returns ln k! less Stirling's approximation of it, for a whole number k of at least 0.
 *
 * Approximation: (k + 1/2) ln(k + 1) - (k + 1) + ln(2 pi) / 2. Source: Hoermann, "The generation of binomial
 * random variates", J. Stat. Comput. Simul. 46 (1993).
 */
export function stirlingTail(k: number): number {
  const exact = EXACT_TAILS[k];
  if (exact !== undefined) return exact;
  const next = k + 1;
  const square = next * next;
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / next;
}

/** Returns ln k! for a whole number k of at least 0. */
export function logFactorial(k: number): number {
  return (k + 0.5) * Math.log(k + 1) - (k + 1) + 0.5 * Math.log(2 * Math.PI) + stirlingTail(k);
}
