/** The single values of the wire: ids, versions, percentages, counts, times. Pure. */
import { z } from 'zod';
import type { EpochMs } from '../core/units.ts';

// Control and invisible characters have no place in an id, and could not be printed or put into a path.
const PRINTABLE = /^\P{C}{1,256}$/u;

/** An id is opaque: a number (octomil-python) or text (docs); kept as text, always sent as text. */
export const opaqueId = textOrWholeNumber('an id: printable text or a whole number');

/** A version is text; docs /api-reference/api-models shows whole numbers, which become their decimal text. */
export const versionText = textOrWholeNumber('a version: printable text or a whole number');

/** A share of a fleet: a finite number from 0 to 100. */
export const percentage = z
  .number({ error: 'a number from 0 to 100' })
  .min(0, { error: 'a number from 0 to 100' })
  .max(100, { error: 'a number from 0 to 100' });

/** A count of things: finite and not negative. */
export const count = z
  .number({ error: 'a number of at least 0' })
  .min(0, { error: 'a number of at least 0' });

/** Free text or null. */
export const freeText = z.string({ error: 'text' });

/**
 * A point in time: ISO 8601 text, or seconds or milliseconds since 1970.
 *
 * Text without an offset is UTC, as Python servers write it. Numbers below 1e11 are seconds (that is the
 * year 5138 as seconds and 1973 as milliseconds).
 */
export const time = z
  .union([z.string(), z.number()], { error: 'a time: ISO 8601 or epoch' })
  .transform((value, context): EpochMs => {
    const at = typeof value === 'string' ? parseIsoTime(value) : epochToMs(value);
    if (at !== null) return at;
    context.addIssue({ code: 'custom', message: 'a time: ISO 8601 or epoch' });
    return z.NEVER;
  });

const ISO_TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|z|[+-]\d{2}(?::?\d{2})?)?$/;

function parseIsoTime(text: string): EpochMs | null {
  const match = ISO_TIME.exec(text.trim());
  if (match === null) return null;
  const [, day, clock, offset = 'Z'] = match;
  const at = Date.parse(`${day}T${clock}${normalOffset(offset)}`);
  return Number.isFinite(at) ? at : null;
}

function normalOffset(offset: string): string {
  if (offset.toUpperCase() === 'Z') return 'Z';
  const digits = offset.slice(1).replace(':', '').padEnd(4, '0');
  return `${offset.slice(0, 1)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

function epochToMs(value: number): EpochMs | null {
  if (!Number.isFinite(value) || value < 0) return null;
  return Math.round(value < 1e11 ? value * 1_000 : value);
}

function textOrWholeNumber(error: string): z.ZodType<string> {
  const text = z.string().regex(PRINTABLE, { error });
  const whole = z.number().int({ error }).min(0, { error }).transform(String);
  return z.union([text, whole], { error });
}
