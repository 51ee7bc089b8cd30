/** Numbers as a person reads them; every percentage, count and duration of the product passes here. Pure. */
import { DAY_MS, type DurationMs, HOUR_MS, MINUTE_MS, type Percent, type Ratio, SECOND_MS } from './units.ts';

const LEAST_PERCENT: Percent = 0.000_05;

/** Returns a percentage such as `5%` or `2.13%`: up to three significant digits, no trailing zeros; below 0.00005 it is `0%`. */
export function formatPercent(percent: Percent): string {
  if (!Number.isFinite(percent)) return 'unknown';
  if (Math.abs(percent) < LEAST_PERCENT) return '0%';
  const digits = Math.abs(percent) >= 100 ? percent.toFixed(0) : percent.toPrecision(3);
  return `${Number(digits)}%`;
}

/** Returns a ratio 0 to 1 as a percentage. */
export function formatRatio(ratio: Ratio): string {
  return formatPercent(ratio * 100);
}

/** Returns a count with thin grouping: `1 240`. Fractions are rounded to one digit. */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return 'unknown';
  const [whole = '0', fraction] = (Math.round(count * 10) / 10).toString().split('.');
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
