import { describe, expect, it } from 'vitest';
import type { Counts } from '../../../../src/core/evidence.ts';
import { compareTotals } from '../../../../src/core/statistics/counter-decrease.ts';

interface Row {
  readonly fact: string;
  readonly before: readonly [events: number, trials: number];
  readonly after: readonly [events: number, trials: number];
  /** Share of the totals that is an estimate; none unless given. */
  readonly estimatedShare?: number;
  /** The totals to go on with, or what is said about a reset. */
  readonly gives: 'fine' | readonly [events: number, trials: number] | RegExp;
}

const ROWS: readonly Row[] = [
  { fact: 'growing totals are fine', before: [3, 100], after: [4, 120], gives: 'fine' },
  { fact: 'equal totals are fine', before: [3, 100], after: [3, 100], gives: 'fine' },
  { fact: 'totals that begin are fine', before: [0, 0], after: [3, 100], gives: 'fine' },
  { fact: 'one event less is a correction', before: [3, 100], after: [2, 120], gives: [3, 120] },
  {
    fact: 'a fraction of an event less is a correction',
    before: [3, 100],
    after: [2.4, 120],
    gives: [3, 120],
  },
  {
    fact: 'more than one of few events less is a reset',
    before: [3, 100],
    after: [1.9, 120],
    gives: /^events went from 3 to 1.9 /,
  },
  { fact: 'one trial less is a correction', before: [3, 100], after: [4, 99], gives: [4, 100] },
  { fact: 'both a little less are both corrected', before: [3, 100], after: [2, 99], gives: [3, 100] },
  {
    fact: 'more than one of few trials less is a reset',
    before: [3, 100],
    after: [4, 98],
    gives: /^trials went from 100 to 98 /,
  },
  {
    fact: 'half a percent of many events less is a correction',
    before: [2_000, 1e6],
    after: [1_990, 1e6],
    gives: [2_000, 1e6],
  },
  {
    fact: 'more than half a percent of many events less is a reset',
    before: [2_000, 1e6],
    after: [1_989, 1e6],
    gives: /^events went from 2000 to 1989 /,
  },
  {
    fact: 'half a percent of many trials less is a correction',
    before: [3, 1e6],
    after: [3, 995_000],
    gives: [3, 1e6],
  },
  {
    fact: 'more than that is a reset',
    before: [3, 1e6],
    after: [3, 994_999],
    gives: /^trials went from 1000000 to 994999 /,
  },
  {
    fact: 'estimates may fall by what was estimated, and the newer ones count',
    before: [40, 1_000],
    after: [36, 900],
    estimatedShare: 0.1,
    gives: 'fine',
  },
  {
    fact: 'estimates that fall by more than was estimated are a reset',
    before: [40, 1_000],
    after: [40, 899],
    estimatedShare: 0.1,
    gives: /^trials went from 1000 to 899 /,
  },
  {
    fact: 'estimates that were counted anew are a reset',
    before: [40, 1_000],
    after: [2, 990],
    estimatedShare: 0.1,
    gives: /^events went from 40 to 2 /,
  },
  {
    fact: 'where hardly anything is estimated a little less is a correction still',
    before: [2_000, 1e6],
    after: [1_990, 995_000],
    estimatedShare: 0.001,
    gives: [2_000, 1e6],
  },
  {
    fact: 'an estimate that is no number is never used',
    before: [3, 100],
    after: [3, Number.NaN],
    estimatedShare: 1,
    gives: /^trials went from 100 to NaN /,
  },
  {
    fact: 'totals that begin again are a reset',
    before: [40, 1_000],
    after: [0, 0],
    gives:
      /^events went from 40 to 0 although their window only grew; check whether the source was restarted$/,
  },
  {
    fact: 'events that are no number are never used',
    before: [3, 100],
    after: [Number.NaN, 120],
    gives: /^events went from 3 to NaN /,
  },
  {
    fact: 'trials that are no number are never used',
    before: [3, 100],
    after: [4, Number.NaN],
    gives: /^trials went from 100 to NaN /,
  },
  {
    fact: 'infinite trials are never used',
    before: [3, 100],
    after: [4, Number.POSITIVE_INFINITY],
    gives: /^trials went from 100 to Infinity /,
  },
  {
    fact: 'nothing follows from older totals that are no number',
    before: [Number.NaN, 100],
    after: [4, 120],
    gives: /^events went from NaN to 4 /,
  },
  {
    fact: 'nothing follows from infinite older totals',
    before: [3, Number.POSITIVE_INFINITY],
    after: [4, 120],
    gives: /^trials went from Infinity to 120 /,
  },
];

const countsOf = ([events, trials]: readonly [number, number], devices: number): Counts => ({
  events,
  trials,
  devices,
  devicesWithEvents: 2,
});

describe('totals of a window that only grew', () => {
  it.each(ROWS)('$fact', ({ before, after, estimatedShare, gives }) => {
    const change = compareTotals(countsOf(before, 12), countsOf(after, 11), estimatedShare);
    if (gives === 'fine') expect(change).toEqual({ kind: 'fine' });
    else if (gives instanceof RegExp) {
      expect(change).toEqual({ kind: 'reset', what: expect.stringMatching(gives) });
    } else expect(change).toEqual({ kind: 'clamped', counts: countsOf([...gives], 11) });
  });
});
