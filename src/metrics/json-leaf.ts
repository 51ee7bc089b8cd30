/** What a JSON value says as the answer of one text: a number or a histogram. Pure. */
import { boundIn, inOrder } from './cumulative-buckets.ts';
import { describeJson } from './describe-json.ts';
import type { Bucket, LeafAnswer } from './series-source.ts';

const BUCKET_FORMS = '[{"le": 100, "count": 5}, …], [[100, 5], …] or {"100": 5, "+Inf": 9}';

/**
 * Returns the number that a JSON value is.
 *
 * Text is `error` even where it reads as a number: a server that sends text may send "n/a" tomorrow, and what is
 * meant by "1,5" would be guessed.
 */
export function numberOf(value: unknown): LeafAnswer {
  if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'number', value };
  if (typeof value === 'number') return error('is too large for a number');
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) {
    return error(`is ${describeJson(value)}; expected a JSON number, without quotes`);
  }
  return error(`is ${describeJson(value)}; expected a number`);
}

/** Returns the cumulative histogram that a JSON value is: a list of `{le, count}` or of pairs, or an object. */
export function bucketsOf(value: unknown): LeafAnswer {
  if (value === null || typeof value !== 'object') {
    return error(`is ${describeJson(value)}; expected buckets: ${BUCKET_FORMS}`);
  }
  const entries: readonly unknown[] = Array.isArray(value) ? value : Object.entries(value);
  if (entries.length === 0) return { kind: 'none', why: 'has no buckets' };
  const found: Bucket[] = [];
  for (const entry of entries) {
    const [le, count] = pairOf(entry);
    const upTo = boundIn(le);
    if (upTo === undefined || typeof count !== 'number' || !Number.isFinite(count) || count < 0) {
      return error(`has a bucket that is ${describeJson(entry)}; expected ${BUCKET_FORMS}`);
    }
    found.push({ upTo, count });
  }
  return inOrder(found);
}

function pairOf(entry: unknown): readonly [le: unknown, count: unknown] {
  if (Array.isArray(entry)) return entry.length === 2 ? [entry[0], entry[1]] : [undefined, undefined];
  if (entry === null || typeof entry !== 'object') return [undefined, undefined];
  const { le, count } = entry as { readonly le?: unknown; readonly count?: unknown };
  return [le, count];
}

function error(why: string): LeafAnswer {
  return { kind: 'error', why };
}
