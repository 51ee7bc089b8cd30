/** Numbers as a person reads them; every percentage, count and duration of the product passes here. Pure. */
import { DAY_MS, type DurationMs, HOUR_MS, MINUTE_MS, type Percent, type Ratio, SECOND_MS } from './units.ts';

const LEAST_PERCENT: Percent = 0.000_05;
const USUAL_DIGITS = 3;
const MOST_DIGITS = 15;

/** Returns a percentage such as `5%` or `2.13%`: up to three significant digits, no trailing zeros; below 0.00005 it is `0%`. */
export function formatPercent(percent: Percent): string {
  return percentOf(percent, USUAL_DIGITS);
}

/** Returns a ratio 0 to 1 as a percentage. */
export function formatRatio(ratio: Ratio): string {
  return formatPercent(ratio * 100);
}

/**
 * Returns a ratio as `formatRatio`, with as many more digits as keep it from reading like another one of `others`
 * that it does not equal: 5.004% beside 5%. Null stands for no number. Never throws.
 */
export function formatRatioBeside(ratio: Ratio, others: readonly (Ratio | null)[]): string {
  const percents = others.map((other) => (other === null ? null : other * 100));
  return apart(percentOf, ratio * 100, percents);
}

/** Returns a count as `formatCount`, kept apart from `others` as `formatRatioBeside` keeps ratios. Never throws. */
export function formatCountBeside(count: number, others: readonly (number | null)[]): string {
  return apart(countOf, count, others);
}

/** Returns a count with thin grouping: `1 240`. Fractions are rounded to one digit. */
export function formatCount(count: number): string {
  return countOf(count, USUAL_DIGITS);
}

/** Writes a number with so many significant digits, of which 3 are usual. */
export type Writing = (value: number, digits: number) => string;

/** Returns a number as it is written with the fewest digits, from 3 on, that tell it from all `others`. Never throws. */
export function apart(write: Writing, value: number, others: readonly (number | null)[]): string {
  const unlike = others.filter((other) => other !== null && other !== value && !Number.isNaN(other));
  let digits = USUAL_DIGITS;
  while (digits < MOST_DIGITS && unlike.some((other) => write(other ?? 0, digits) === write(value, digits))) {
    digits += 1;
  }
  return write(value, digits);
}

function percentOf(percent: Percent, digits: number): string {
  if (!Number.isFinite(percent)) return 'unknown';
  if (digits > USUAL_DIGITS) return `${Number(percent.toPrecision(digits))}%`;
  if (Math.abs(percent) < LEAST_PERCENT) return '0%';
  const text = Math.abs(percent) >= 100 ? percent.toFixed(0) : percent.toPrecision(digits);
  return `${Number(text)}%`;
}

/** One digit behind the point is usual for counts, and each further digit is one more of those. */
function countOf(count: number, digits: number): string {
  if (!Number.isFinite(count)) return 'unknown';
  const scale = 10 ** (digits - USUAL_DIGITS + 1);
  const [whole = '0', fraction] = (Math.round(count * scale) / scale).toString().split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ' ');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

const UNITS: readonly (readonly [string, DurationMs])[] = [
  ['d', DAY_MS],
  ['h', HOUR_MS],
  ['m', MINUTE_MS],
  ['s', SECOND_MS],
];

/** Returns a duration in its two largest units, such as `1h30m`, `45s` or `0s`; rounded up to a second. */
export function formatDuration(ms: DurationMs): string {
  if (!Number.isFinite(ms)) return 'unknown';
  let rest = Math.ceil(Math.max(0, ms) / SECOND_MS) * SECOND_MS;
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) {
      parts.push(`${count}${unit}`);
      rest -= count * size;
    }
    if (parts.length === 2) break;
  }
  return parts.join('') || '0s';
}

const MOST_ODDS = 1_000_000;

/**
 * Returns odds, given by their natural logarithm, such as `18:1`, `1.6:1`, `1:4` or `over 1 000 000:1`.
 *
 * Rounded down, so that odds short of a threshold never look as if they had reached it.
 */
export function formatOdds(logOdds: number): string {
  if (Number.isNaN(logOdds)) return 'unknown';
  const size = Math.exp(Math.abs(logOdds));
  const isLarge = !(size < MOST_ODDS);
  const shown = isLarge
    ? formatCount(MOST_ODDS)
    : size < 10
      ? String(Math.floor(size * 10) / 10)
      : formatCount(Math.floor(size));
  if (logOdds >= 0) return `${isLarge ? 'over ' : ''}${shown}:1`;
  return `${isLarge ? 'under ' : ''}1:${shown}`;
}

const MOST_SURE_PER_MILLE = 999;

/** Returns how sure odds make, such as `94.4% sure`: 1 less their inverse, never 100%; empty below 2:1. */
export function formatSureness(logOdds: number): string {
  if (!(logOdds >= Math.LN2)) return '';
  const perMille = Math.floor(-Math.expm1(-logOdds) * 1000);
  return `${Math.min(MOST_SURE_PER_MILLE, perMille) / 10}% sure`;
}
