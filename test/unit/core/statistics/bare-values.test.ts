import { describe, expect, it } from 'vitest';
import {
  type BareValues,
  bareWindows,
  judgeBareValues,
} from '../../../../src/core/statistics/bare-values.ts';

type Verdict = ReturnType<typeof judgeBareValues>['verdict'];

interface Row {
  readonly fact: string;
  readonly values: readonly (number | null)[];
  readonly direction?: BareValues['direction'];
  readonly limit?: number;
  readonly needed?: number;
  readonly gives: Verdict;
  readonly missing: number;
}

const ROWS: readonly Row[] = [
  { fact: 'three windows below the limit hold it', values: [4, 1, 2], gives: 'pass', missing: 0 },
  { fact: 'a value equal to the most holds it', values: [5, 5, 5], gives: 'pass', missing: 0 },
  { fact: 'three windows above the limit break it', values: [6, 9, 5.1], gives: 'fail', missing: 0 },
  {
    fact: 'two breaches after a good window need another',
    values: [4, 6, 7],
    gives: 'undecided',
    missing: 1,
  },
  { fact: 'a breach after good windows needs two others', values: [4, 4, 6], gives: 'undecided', missing: 2 },
  { fact: 'the newest is what has to last', values: [6, 4, 6], gives: 'undecided', missing: 2 },
  { fact: 'two good windows after a breach need another', values: [6, 4, 4], gives: 'undecided', missing: 1 },
  { fact: 'two windows are too few to pass', values: [4, 4], gives: 'undecided', missing: 1 },
  { fact: 'one window is too few to fail', values: [60], gives: 'undecided', missing: 2 },
  { fact: 'only the last three count for passing', values: [9, 9, 4, 4, 4], gives: 'pass', missing: 0 },
  { fact: 'only the last three count for failing', values: [4, 4, 9, 9, 9], gives: 'fail', missing: 0 },
  { fact: 'earlier breaches are no substitute', values: [9, 9, 9, 4, 9], gives: 'undecided', missing: 2 },
  {
    fact: 'values at the least hold it',
    values: [5, 6, 7],
    direction: 'at_least',
    gives: 'pass',
    missing: 0,
  },
  {
    fact: 'values below the least break it',
    values: [4, 4.9, 1],
    direction: 'at_least',
    gives: 'fail',
    missing: 0,
  },
  { fact: 'zero is a value', values: [0, 0, 0], limit: 0, gives: 'pass', missing: 0 },
  { fact: 'one window decides where one is asked for', values: [4, 6], needed: 1, gives: 'fail', missing: 0 },
  {
    fact: 'four are needed where four are asked for',
    values: [6, 6, 6],
    needed: 4,
    gives: 'undecided',
    missing: 1,
  },
  { fact: 'no window is no data', values: [], gives: 'no_data', missing: 3 },
  {
    fact: 'windows that measured nothing are no data',
    values: [null, null, null],
    gives: 'no_data',
    missing: 3,
  },
  {
    fact: 'old values do not speak for windows that measured nothing',
    values: [9, null, null, null],
    gives: 'no_data',
    missing: 3,
  },
  { fact: 'a gap between breaches begins anew', values: [9, null, 9], gives: 'undecided', missing: 2 },
  { fact: 'a gap between good windows begins anew', values: [4, null, 4], gives: 'undecided', missing: 2 },
  { fact: 'a gap before two breaches needs another', values: [null, 9, 9], gives: 'undecided', missing: 1 },
  {
    fact: 'a newest window without data decides nothing',
    values: [9, 9, null],
    gives: 'undecided',
    missing: 3,
  },
  { fact: 'a value that is no number is an error', values: [4, Number.NaN, 4], gives: 'error', missing: 3 },
  {
    fact: 'an infinite value is an error, not a breach',
    values: [9, 9, Number.POSITIVE_INFINITY],
    gives: 'error',
    missing: 3,
  },
  {
    fact: 'a value that is no number long ago is forgotten',
    values: [Number.NaN, 4, 4, 4],
    gives: 'pass',
    missing: 0,
  },
  {
    fact: 'a value that is no number beside gaps is an error',
    values: [Number.NaN, null],
    gives: 'error',
    missing: 3,
  },
  {
    fact: 'a limit that is no number is an error',
    values: [4, 4, 4],
    limit: Number.NaN,
    gives: 'error',
    missing: 0,
  },
  { fact: 'an infinite limit is an error', values: [4, 4, 4], limit: Infinity, gives: 'error', missing: 0 },
  { fact: 'zero windows cannot decide', values: [4, 4, 4], needed: 0, gives: 'error', missing: 0 },
  { fact: 'nor can half a window', values: [4, 4, 4], needed: 1.5, gives: 'error', missing: 0 },
  { fact: 'nor can an unknown number', values: [4, 4, 4], needed: Number.NaN, gives: 'error', missing: 0 },
];

describe('a value without its number of samples', () => {
  it.each(ROWS)('$fact', ({ values, direction = 'at_most', limit = 5, needed = 3, gives, missing }) => {
    expect(judgeBareValues({ values, limit, direction, needed })).toEqual({ verdict: gives, missing });
  });
});

const ENTERED = 1_700_000_000_000;
const MINUTE = 60_000;

interface WindowRow {
  readonly fact: string;
  readonly afterMs: number;
  readonly soakMs: number;
  /** Begin and end of each window in seconds after the stage was entered. */
  readonly gives: readonly (readonly [number, number])[];
}

const WINDOW_ROWS: readonly WindowRow[] = [
  {
    fact: 'are thirds of a short soak',
    afterMs: 6 * MINUTE,
    soakMs: 6 * MINUTE,
    gives: [
      [0, 120],
      [120, 240],
      [240, 360],
    ],
  },
  {
    fact: 'end now, whatever the stage has seen before',
    afterMs: 60 * MINUTE,
    soakMs: 6 * MINUTE,
    gives: [
      [3_240, 3_360],
      [3_360, 3_480],
      [3_480, 3_600],
    ],
  },
  {
    fact: 'are 5 minutes at most',
    afterMs: 60 * MINUTE,
    soakMs: 60 * MINUTE,
    gives: [
      [2_700, 3_000],
      [3_000, 3_300],
      [3_300, 3_600],
    ],
  },
  {
    fact: 'are just below 5 minutes for a soak just below 15',
    afterMs: 20 * MINUTE,
    soakMs: 15 * MINUTE - 1,
    gives: [
      [303, 602],
      [602, 901],
      [901, 1_200],
    ],
  },
  {
    fact: 'are a second at least',
    afterMs: 5_000,
    soakMs: 0,
    gives: [
      [2, 3],
      [3, 4],
      [4, 5],
    ],
  },
  {
    fact: 'are whole seconds for a soak that is not three of them',
    afterMs: 10_999,
    soakMs: 10_000,
    gives: [
      [1, 4],
      [4, 7],
      [7, 10],
    ],
  },
  {
    fact: 'are two while the stage is too young for three',
    afterMs: 6 * MINUTE - 1,
    soakMs: 6 * MINUTE,
    gives: [
      [119, 239],
      [239, 359],
    ],
  },
  { fact: 'are one when there was time for one', afterMs: 2 * MINUTE, soakMs: 6 * MINUTE, gives: [[0, 120]] },
  { fact: 'are none before that', afterMs: 2 * MINUTE - 1, soakMs: 6 * MINUTE, gives: [] },
  { fact: 'are none before the stage was entered', afterMs: -1, soakMs: 0, gives: [] },
  { fact: 'are none when the time is unknown', afterMs: Number.NaN, soakMs: MINUTE, gives: [] },
  {
    fact: 'are none when the time is infinite',
    afterMs: Number.POSITIVE_INFINITY,
    soakMs: MINUTE,
    gives: [],
  },
  { fact: 'are none when the soak is unknown', afterMs: 60 * MINUTE, soakMs: Number.NaN, gives: [] },
];

describe('the windows to ask a source for', () => {
  it.each(WINDOW_ROWS)('$fact', ({ afterMs, soakMs, gives }) => {
    const windows = bareWindows({ enteredAt: ENTERED, now: ENTERED + afterMs, soakMs });
    expect(windows).toEqual(
      gives.map(([from, to]) => ({ from: ENTERED + from * 1_000, to: ENTERED + to * 1_000 })),
    );
  });

  it('never begin within the second in which the stage was entered', () => {
    const windows = bareWindows({ enteredAt: ENTERED + 1, now: ENTERED + 3_000, soakMs: 0 });
    expect(windows.map(({ from }) => from - ENTERED)).toEqual([1_000, 2_000]);
  });

  it('are none when the stage was entered at an unknown time', () => {
    expect(bareWindows({ enteredAt: Number.NaN, now: ENTERED, soakMs: 0 })).toEqual([]);
  });
});
