/** The kinds of single values in a plan, as zod schemas from source text to a checked value. Pure. */
import { z } from 'zod';
import type { DurationMs, EpochMs, Percent, Ratio } from '../core/units.ts';
import { DURATION_PATTERN, durationHint, parseDuration, writeDuration } from './duration.ts';
import { nearestKey } from './nearest-key.ts';
import { PERCENT_PATTERN, parsePercent, percentHint, writePercent } from './percent.ts';

/** What a kind of value is called in the reference, and how editors check it (JSON Schema keywords). */
export interface ScalarMeta {
  readonly typeName: string;
  readonly range: string | null;
  readonly type: 'string' | 'boolean' | readonly string[];
  readonly pattern?: string;
  readonly enum?: readonly (string | number)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** A checked value, or what was expected instead. */
export type Read<T> = { readonly value: T } | { readonly expected: string; readonly hint: string | null };

/** One kind of value: zod reads its source text and gives the checked value. */
export type Scalar<T> = z.ZodType<T, string>;

/** Returns a kind of value with its name and its reader; a text that `read` refuses becomes a finding. */
export function scalar<T>(meta: ScalarMeta, expected: string, read: (text: string) => Read<T>): Scalar<T> {
  return z
    .string({ error: () => expected })
    .transform((text, context): T => {
      const result = read(text);
      if ('value' in result) return result.value;
      const params = { hint: result.hint };
      context.issues.push({ code: 'custom', message: result.expected, params, input: text });
      return z.NEVER;
    })
    .meta({ ...meta });
}

/** Returns the kind of a duration within a range, both ends included. */
export function duration(least: DurationMs, most: DurationMs): Scalar<DurationMs> {
  const range = `${writeDuration(least)} to ${writeDuration(most)}`;
  const expected = 'a duration with a unit such as 90s, 15m, 6h or 7d';
  const meta = { typeName: 'duration', range, type: 'string', pattern: DURATION_PATTERN } as const;
  return scalar(meta, expected, (text) => {
    const ms = parseDuration(text);
    if (ms === null) return { expected, hint: durationHint(text) };
    return ms >= least && ms <= most ? { value: ms } : { expected: `a duration from ${range}`, hint: null };
  });
}

/** Returns the kind of a rate: above 0% up to 100%; its value is a ratio. */
export function rate(): Scalar<Ratio> {
  const range = 'above 0% to 100%';
  const expected = 'a rate with a % such as 5% or 0.5%';
  const meta = { typeName: 'rate', range, type: 'string', pattern: PERCENT_PATTERN } as const;
  return scalar(meta, expected, (text) => {
    const percent = parsePercent(text);
    if (percent === null) return { expected, hint: percentHint(text) };
    return percent > 0 && percent <= 100
      ? { value: percent / 100 }
      : { expected: `a rate ${range}`, hint: null };
  });
}

/** Returns the kind of a stage's share of the fleet: 0% to 100%, with its `%`. */
export function percentage(): Scalar<Percent> {
  const expected = 'a percentage with a % such as 5%';
  const meta = {
    typeName: 'percentage',
    range: '0% to 100%',
    type: 'string',
    pattern: PERCENT_PATTERN,
  } as const;
  return scalar(meta, expected, (text) => {
    const percent = parsePercent(text);
    if (percent === null) return { expected, hint: percentHint(text) };
    return percent <= 100 ? { value: percent } : { expected: 'a percentage from 0% to 100%', hint: null };
  });
}

/** Returns the kind of the vendor's percent numbers: `10` or `10%`, 1 to 100. */
export function percentNumber(): Scalar<Percent> {
  const expected = 'a percentage from 1 to 100 such as 10 or 10%';
  const meta = {
    typeName: 'percent number',
    range: '1 to 100',
    type: ['string', 'number'],
    pattern: PERCENT_PATTERN.replace('%', '%?'),
    minimum: 1,
    maximum: 100,
  } as const;
  return scalar(meta, expected, (text) => {
    const percent = parsePercent(text.endsWith('%') ? text : `${text}%`);
    if (percent !== null && percent >= 1 && percent <= 100) return { value: percent };
    const isRatio = percent !== null && percent > 0 && percent < 1 && !text.endsWith('%');
    return { expected, hint: isRatio ? `Did you mean ${writePercent(percent * 100)}?` : null };
  });
}

const MAX_COUNT = 1_000_000_000;

/** Returns the kind of a whole number from 1 to a thousand million, or one of the words given. */
export function count<const W extends string = never>(...words: readonly W[]): Scalar<number | W> {
  const names = words.map((word) => ` or ${word}`).join('');
  const expected = `a whole number from 1 to ${MAX_COUNT}${names}`;
  const meta = {
    typeName: `whole number${names}`,
    range: `1 to ${MAX_COUNT}`,
    type: ['integer', 'string'],
    pattern: `^(${['[0-9]{1,10}', ...words].join('|')})$`,
    minimum: 1,
    maximum: MAX_COUNT,
  } as const;
  return scalar<number | W>(meta, expected, (text) => {
    const word = words.find((each) => each === text);
    if (word !== undefined) return { value: word };
    const number = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= 1 && number <= MAX_COUNT) return { value: number };
    const near = nearestKey(text, words);
    return { expected, hint: near === null ? null : `Did you mean ${near}?` };
  });
}

const MAX_FACTOR = 1_000;

/** Returns the kind of a number from 1 to 1000, decimals allowed. */
export function factor(): Scalar<number> {
  const expected = `a number from 1 to ${MAX_FACTOR} such as 3 or 1.5`;
  const meta = {
    typeName: 'number',
    range: `1 to ${MAX_FACTOR}`,
    type: ['number', 'string'],
    pattern: '^[0-9]{1,4}(\\.[0-9]{1,6})?$',
    minimum: 1,
    maximum: MAX_FACTOR,
  } as const;
  const isDecimal = new RegExp(meta.pattern);
  return scalar(meta, expected, (text) => {
    const number = isDecimal.test(text) ? Number(text) : Number.NaN;
    return number >= 1 && number <= MAX_FACTOR ? { value: number } : { expected, hint: null };
  });
}

const MAX_TEXT_CHARS = 200;

/** Returns the kind of a name or a version: its source text, 1 to 200 characters on one line. */
export function plainText(): Scalar<string> {
  const expected = `1 to ${MAX_TEXT_CHARS} characters on one line`;
  const meta = {
    typeName: 'text',
    range: `1 to ${MAX_TEXT_CHARS} characters`,
    type: ['string', 'number'],
    minLength: 1,
    maxLength: MAX_TEXT_CHARS,
  } as const;
  return scalar(meta, expected, (text) => {
    if (text.trim() === '' || text.length > MAX_TEXT_CHARS) return { expected, hint: null };
    if (/[\p{C}\p{Zl}\p{Zp}]/u.test(text)) {
      return { expected: 'text without line breaks, control or invisible characters', hint: null };
    }
    if (text !== text.trim()) return { expected: 'text without spaces around it', hint: null };
    return { value: text };
  });
}

/** Returns the kind of a word from a closed list; `otherForms` replaces what is expected where a value may also be no word. */
export function choice<const W extends string>(
  words: readonly [W, ...W[]],
  otherForms: string | null = null,
): Scalar<W> {
  const listed = words.length === 1 ? `the word ${words[0]}` : `one of ${words.join(', ')}`;
  const expected = otherForms ?? listed;
  const meta = {
    typeName: words.map((word) => `\`${word}\``).join(', '),
    range: null,
    type: 'string',
    enum: words,
  } as const;
  return scalar(meta, expected, (text) => {
    const word = words.find((each) => each === text);
    if (word !== undefined) return { value: word };
    const near = nearestKey(text, words);
    return { expected, hint: near === null ? null : `Did you mean ${near}?` };
  });
}

/** Returns the kind of the schema's number, of which there is one. */
export function schemaNumber(): Scalar<1> {
  const meta = { typeName: 'number', range: '1', type: ['integer', 'string'], enum: [1, '1'] } as const;
  const refusal = { expected: '1, the only schema of this version', hint: null };
  return scalar(meta, refusal.expected, (text) => (text === '1' ? { value: 1 } : refusal));
}

const INSTANT_PATTERN =
  '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$';

/** Returns the kind of an instant in ISO 8601 with a time zone; its value is in epoch milliseconds. */
export function instant(): Scalar<EpochMs> {
  const expected = 'a time with its zone such as 2026-11-23T08:00:00Z';
  const meta = { typeName: 'instant', range: null, type: 'string', pattern: INSTANT_PATTERN } as const;
  const iso = z.iso.datetime({ offset: true });
  return scalar(meta, expected, (text) => {
    if (iso.safeParse(text).success) return { value: Date.parse(text) };
    const completed = [`${text}Z`, `${text}:00Z`, `${text}T00:00:00Z`].find(
      (each) => iso.safeParse(each).success,
    );
    return { expected, hint: completed === undefined ? null : `Did you mean ${completed}, which is UTC?` };
  });
}

/** Returns the same kind of value, or the word `none`. */
export function orNone<T>(inner: Scalar<T>): Scalar<T | 'none'> {
  const meta = z.globalRegistry.get(inner) as unknown as ScalarMeta;
  const withNone = { ...meta, typeName: `${meta.typeName}, \`none\``, pattern: `(^none$)|(${meta.pattern})` };
  return scalar<T | 'none'>(withNone, 'a value or the word none', (text) => {
    if (text === 'none') return { value: 'none' };
    const result = inner.safeParse(text);
    if (result.success) return { value: result.data };
    const [issue] = result.error.issues;
    const hint = issue?.code === 'custom' ? issue.params?.['hint'] : null;
    return { expected: issue?.message ?? '', hint: typeof hint === 'string' ? hint : null };
  });
}

/** Returns the kind of a plain `true` or `false`. */
export function yesOrNo(): z.ZodBoolean {
  const meta = { typeName: '`true`, `false`', range: null, type: 'boolean' } as const;
  return z.boolean({ error: () => 'true or false' }).meta({ ...meta });
}
