/** Values without a number of samples: a rule of three windows, which promises no error rate. Pure. */
import type { Window } from '../evidence.ts';
import { type DurationMs, type EpochMs, MINUTE_MS, SECOND_MS } from '../units.ts';

/** Values of disjoint windows and the limit that they are held against. */
export interface BareValues {
  /** Newest last; null for a window in which nothing was measured. */
  readonly values: readonly (number | null)[];
  readonly limit: number;
  /** Whether the limit is the most or the least that a value may be; a value equal to it holds it. */
  readonly direction: 'at_most' | 'at_least';
  /** How many windows in a row decide, a whole number of at least 1. */
  readonly needed: number;
}

/** What bare values say. */
export interface BareVerdict {
  readonly verdict: 'pass' | 'fail' | 'undecided' | 'no_data' | 'error';
  /** Windows that are still needed if they all agree with the newest; 0 once it is decided. */
  readonly missing: number;
}

/**
 * Returns the verdict of the last `needed` windows: `fail` when all of them break the limit, `pass` when all hold it.
 *
 * `undecided` while they differ, are too few, or some of them measured nothing; `no_data` when none of them
 * measured anything. `error` when one of them, or the limit, is not a finite number, or `needed` is not a whole
 * number of at least 1. How often a healthy version fails is unknown, because a value without its number of
 * samples does not say how far it strays by chance. Never throws.
 *
 * Source: the "M out of N" alarms of Amazon CloudWatch with M = N, "Evaluating an alarm" in its user guide.
 */
export function judgeBareValues({ values, limit, direction, needed }: BareValues): BareVerdict {
  if (!Number.isSafeInteger(needed) || needed < 1 || !Number.isFinite(limit)) {
    return { verdict: 'error', missing: 0 };
  }
  const last = values.slice(-needed);
  if (last.some((value) => value !== null && !Number.isFinite(value))) {
    return { verdict: 'error', missing: needed };
  }
  const sides = last.map((value) => (value === null ? null : holdsLimit(value, { limit, direction })));
  const newest = sides.at(-1);
  if (sides.every((side) => side === null)) return { verdict: 'no_data', missing: needed };
  const differing = sides.findLastIndex((side) => side === null || side !== newest);
  const missing = needed - (sides.length - 1 - differing);
  if (missing > 0) return { verdict: 'undecided', missing };
  return { verdict: newest === true ? 'pass' : 'fail', missing };
}

function holdsLimit(value: number, { limit, direction }: Pick<BareValues, 'limit' | 'direction'>): boolean {
  return direction === 'at_most' ? value <= limit : value >= limit;
}

/** The time that a stage has had, and the time that it should have. */
export interface StageTime {
  readonly enteredAt: EpochMs;
  readonly now: EpochMs;
  readonly soakMs: DurationMs;
}

const WINDOWS = 3;
const LONGEST_MS: DurationMs = 5 * MINUTE_MS;

/**
 * Returns the last three disjoint windows to ask a source for, newest last, each ending where the next begins.
 *
 * Each is a third of the soak long, but 1 second to 5 minutes, and begins and ends at a whole second; the
 * newest ends at the last whole second before `now`. None begins before the stage was entered, so there are
 * fewer than three while the stage is young, and none where a time is not a number. They follow from
 * the times alone, so that a run without memory asks for as many windows as one that watched all the time.
 */
export function bareWindows({ enteredAt, now, soakMs }: StageTime): readonly Window[] {
  const third = Math.floor(soakMs / WINDOWS / SECOND_MS) * SECOND_MS;
  const length = Math.min(LONGEST_MS, Math.max(SECOND_MS, third));
  const end = Math.floor(now / SECOND_MS) * SECOND_MS;
  return Array.from({ length: WINDOWS }, (_, index) => {
    const to = end - (WINDOWS - 1 - index) * length;
    return { from: to - length, to };
  }).filter(({ from }) => Number.isFinite(from) && from >= enteredAt);
}
