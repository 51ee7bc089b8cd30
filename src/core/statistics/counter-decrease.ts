/** Counters over a growing window: what it means when they go back. Pure. */
import type { Counts } from '../evidence.ts';

/** What the newer totals of a window are worth, given older totals of the same beginning. */
export type TotalsChange =
  | { readonly kind: 'fine' }
  | { readonly kind: 'clamped'; readonly counts: Counts }
  | { readonly kind: 'reset'; readonly what: string };

const SMALL_COUNT = 1;
const SMALL_SHARE = 0.005;

/**
 * Returns whether totals of a window that only grew may be used: neither events nor trials can have become fewer.
 *
 * `fine` when neither did. A decrease of at most 1 or 0.5% of the older number, whichever is more, is a late
 * correction or an extrapolation at the window's edge: `clamped` gives the newer totals with the older number
 * in its place. More is a `reset`, as is a number that is not finite: the totals describe something else, and
 * nothing is concluded from them; `what` says which number, for people. Devices are left as they are. Never throws.
 */
export function compareTotals(previous: Counts, current: Counts): TotalsChange {
  const what =
    resetOf('events', previous.events, current.events) ?? resetOf('trials', previous.trials, current.trials);
  if (what !== null) return { kind: 'reset', what };
  const events = Math.max(previous.events, current.events);
  const trials = Math.max(previous.trials, current.trials);
  if (events === current.events && trials === current.trials) return { kind: 'fine' };
  return { kind: 'clamped', counts: { ...current, events, trials } };
}

function resetOf(name: string, before: number, after: number): string | null {
  const decrease = before - after;
  if (Number.isFinite(decrease) && decrease <= Math.max(SMALL_COUNT, SMALL_SHARE * before)) return null;
  return `${name} went from ${before} to ${after} although their window only grew; check whether the source was restarted`;
}
