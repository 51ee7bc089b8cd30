/** Shares as people write them: `5%`, `0.5%`. Pure. */
import type { Percent } from '../core/units.ts';

/** The text that a share has to match. */
export const PERCENT_PATTERN = '^[0-9]{1,3}(\\.[0-9]{1,6})?%$';

const PERCENT = new RegExp(PERCENT_PATTERN);
const BARE = /^[0-9]{0,3}(\.[0-9]{1,6})?$/;

/** Returns the percent of a text such as `5%` or `0.5%`, or null for anything else; no range is checked. */
export function parsePercent(text: string): Percent | null {
  return PERCENT.test(text) ? Number(text.slice(0, -1)) : null;
}

/**
 * Returns what a text that is no share may have meant, as one question, or null.
 *
 * A bare number has two readings: up to 1 it is a ratio or already percent; above, it is percent or, where
 * people count events of ten thousand, basis points.
 */
export function percentHint(text: string): string | null {
  const tight = text.replaceAll(/\s|percent/g, (part) => (part === 'percent' ? '%' : '')).replace(',', '.');
  if (tight !== text && PERCENT.test(tight)) return `Did you mean ${tight}?`;
  if (tight === '' || tight === '.' || !BARE.test(tight)) return null;
  const number = Number(tight);
  if (number === 0) return 'Did you mean 0%?';
  const [likely, other] = number <= 1 ? [number * 100, number] : [number, number / 100];
  return `Did you mean ${writePercent(likely)} or ${writePercent(other)}?`;
}

/** Returns a percentage as a plan writes it, without the noise of binary fractions: `7%`, `0.05%`. */
export function writePercent(percent: Percent): string {
  return `${Number(percent.toPrecision(9))}%`;
}
