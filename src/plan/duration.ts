/** Lengths of time as people write them: `90s`, `15m`, `6h`, `7d`, `1h30m`. Pure. */
import { DAY_MS, type DurationMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../core/units.ts';

/** The text that a duration has to match: whole numbers with units, largest unit first. */
export const DURATION_PATTERN = '^(?=[0-9])([0-9]{1,6}d)?([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?$';

const DURATION = new RegExp(DURATION_PATTERN);
const LOOSE = /^([0-9]{1,6}(?:\.[0-9]{1,3})?) ?([a-z]*)$/i;

/** Units of up to a week, and the words people use for them. */
const WORDS: readonly (readonly [RegExp, DurationMs])[] = [
  [/^(w|weeks?)$/i, 7 * DAY_MS],
  [/^(d|days?)$/i, DAY_MS],
  [/^(h|hrs?|hours?)$/i, HOUR_MS],
  [/^(m|mins?|minutes?)$/i, MINUTE_MS],
  [/^(s|secs?|seconds?)$/i, SECOND_MS],
  [/^(ms|millis|milliseconds?)$/i, 1],
];

/**
 * Returns the milliseconds of a duration such as `90s`, `15m`, `6h`, `7d` or `1h30m`, or null for anything
 * else: a bare number, a unit below a second, decimals, spaces, signs, units out of order.
 *
 * Never throws.
 */
export function parseDuration(text: string): DurationMs | null {
  const match = DURATION.exec(text);
  if (match === null) return null;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = match.map((part) =>
    part?.replace(/[dhms]$/, ''),
  );
  return (
    Number(days) * DAY_MS +
    Number(hours) * HOUR_MS +
    Number(minutes) * MINUTE_MS +
    Number(seconds) * SECOND_MS
  );
}

/** Returns what a text that is no duration may have meant, as one question, or null. */
export function durationHint(text: string): string | null {
  const match = LOOSE.exec(text.trim());
  const [, number = '', word = ''] = match ?? [];
  if (match === null) return null;
  if (word === '') return number.includes('.') ? null : `Did you mean ${bareReadings(Number(number))}?`;
  const unitMs = WORDS.find(([pattern]) => pattern.test(word))?.[1];
  if (unitMs === undefined) return null;
  const ms = Number(number) * unitMs;
  if (unitMs === 1 && ms % SECOND_MS !== 0)
    return `Durations are whole seconds; the nearest is ${writeDuration(Math.ceil(ms / SECOND_MS) * SECOND_MS)}.`;
  return ms % SECOND_MS === 0 ? `Did you mean ${writeDuration(ms)}?` : null;
}

function bareReadings(number: number): string {
  return number === 0 ? '0s' : `${number}m or ${number}s`;
}

/** Returns a duration exactly as a plan writes it: `1h30m`, `0s`. Whole seconds only. */
export function writeDuration(ms: DurationMs): string {
  let rest = ms;
  let text = '';
  for (const [unit, sizeMs] of [
    ['d', DAY_MS],
    ['h', HOUR_MS],
    ['m', MINUTE_MS],
    ['s', SECOND_MS],
  ] as const) {
    const count = Math.floor(rest / sizeMs);
    rest -= count * sizeMs;
    if (count > 0) text += `${count}${unit}`;
  }
  return text === '' ? '0s' : text;
}
