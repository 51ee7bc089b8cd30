/** The buckets of a histogram in order, or what is wrong with them. Pure. */
import type { Bucket, LeafAnswer } from './series-source.ts';

// What a source computes in doubles, as PromQL's increase() does, may be unequal in the last digits.
const ROUNDING = 1e-9;

/** Returns the upper bound that a text or number says, `Infinity` for `+Inf` or null; undefined for neither. */
export function boundIn(value: unknown): number | undefined {
  if (value === null || value === '+Inf' || value === 'Inf') return Number.POSITIVE_INFINITY;
  const isNumeric = typeof value === 'string' && /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value);
  const bound = isNumeric ? Number(value) : value;
  return typeof bound === 'number' && Number.isFinite(bound) ? bound : undefined;
}

/**
 * Returns the buckets ascending, or `error`: for none without an upper end, for two of one bound, and for counts
 * that fall by more than rounding, because each counts everything up to its bound. What falls by rounding is
 * evened out. `ifTwo` says what to do about two buckets of one bound.
 */
export function inOrder(found: readonly Bucket[], ifTwo: string | null = null): LeafAnswer {
  const sorted = found.toSorted((one, other) => (one.upTo < other.upTo ? -1 : 1));
  const buckets: Bucket[] = [];
  for (const { upTo, count } of sorted) {
    const below = buckets.at(-1);
    const atLeast = below?.count ?? 0;
    if (below?.upTo === upTo) {
      return error(`two buckets end at ${boundText(upTo)}${ifTwo === null ? '' : `; ${ifTwo}`}`);
    }
    if (count < atLeast * (1 - ROUNDING)) {
      return error(
        `the buckets are not cumulative: ${count} up to ${boundText(upTo)}, after ${atLeast} below it`,
      );
    }
    buckets.push({ upTo, count: Math.max(count, atLeast) });
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
