/** Counters over a growing window: what it means when they go back. Pure. */
import type { Counts } from '../evidence.ts';
import type { Ratio } from '../units.ts';

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
 * `fine` when neither did, and when either did by at most `estimatedShare` of the older number: so much of it was
 * an estimate, and the newer one is the better. A decrease of at most 1 or 0.5% of the older number, whichever is
 * more, is a late correction: `clamped` gives the newer totals with the older number in its place. More is a
 * `reset`, as is a number that is not finite: the totals describe something else, and nothing is concluded from
 * them; `what` says which number, for people. Devices are left as they are. Never throws.
 */
export function compareTotals(previous: Counts, current: Counts, estimatedShare: Ratio = 0): TotalsChange {
  const { events: eventsBefore, trials: trialsBefore } = previous;
  const what =
    resetOf('events', [eventsBefore, current.events], estimatedShare) ??
    resetOf('trials', [trialsBefore, current.trials], estimatedShare);
  if (what !== null) return { kind: 'reset', what };
  const events = corrected([eventsBefore, current.events], estimatedShare);
  const trials = corrected([trialsBefore, current.trials], estimatedShare);
  if (events === current.events && trials === current.trials) return { kind: 'fine' };
  return { kind: 'clamped', counts: { ...current, events, trials } };
}

type Change = readonly [before: number, after: number];

function resetOf(name: string, [before, after]: Change, estimatedShare: Ratio): string | null {
  const decrease = before - after;
  const most = Math.max(SMALL_COUNT, Math.max(SMALL_SHARE, estimatedShare) * before);
  if (Number.isFinite(decrease) && decrease <= most) return null;
  return `${name} went from ${before} to ${after} although their window only grew; check whether the source was restarted`;
}

function corrected([before, after]: Change, estimatedShare: Ratio): number {
  return before - after <= estimatedShare * before ? after : before;
}
