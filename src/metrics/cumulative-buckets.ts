/** The buckets of a histogram in order, or what is wrong with them. Pure. */
import type { Bucket, LeafAnswer } from './series-source.ts';

/** Returns the upper bound that a text or number says, `Infinity` for `+Inf` or null; undefined for neither. */
export function boundIn(value: unknown): number | undefined {
  if (value === null || value === '+Inf' || value === 'Inf') return Number.POSITIVE_INFINITY;
  const isNumeric = typeof value === 'string' && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value);
  const bound = isNumeric ? Number(value) : value;
  return typeof bound === 'number' && Number.isFinite(bound) ? bound : undefined;
}

/**
 * Returns the buckets ascending, or `error`: for none without an upper end, for two of one bound, and for counts
 * that fall, because each counts everything up to its bound.
 */
export function inOrder(found: readonly Bucket[]): LeafAnswer {
  const buckets = found.toSorted((one, other) => (one.upTo < other.upTo ? -1 : 1));
  for (const [index, { upTo, count }] of buckets.entries()) {
    const below = buckets[index - 1];
    if (below?.upTo === upTo) return error(`two buckets end at ${boundText(upTo)}`);
    if (count < (below?.count ?? 0)) {
      return error(
        `the buckets are not cumulative: ${count} up to ${boundText(upTo)}, after ${below?.count ?? 0} below it`,
      );
    }
  }
  if (buckets.at(-1)?.upTo === Number.POSITIVE_INFINITY) return { kind: 'buckets', buckets };
  return error('the bucket up to +Inf is missing, so nothing says how many requests there were');
}

/** Returns how a bound is written. */
export function boundText(bound: number): string {
  return bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound);
}

function error(why: string): LeafAnswer {
  return { kind: 'error', why };
}
