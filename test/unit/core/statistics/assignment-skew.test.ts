import { describe, expect, it } from 'vitest';
import { type Assignment, assignmentSkew } from '../../../../src/core/statistics/assignment-skew.ts';

interface Compared {
  readonly fact: string;
  readonly of: Assignment;
  readonly expected: number;
  /** Logarithm of the bound: the formula in 60-digit arithmetic. */
  readonly logP: number;
  readonly skewed: boolean;
}

const assignment = (assigned: number, total: number, share: number): Assignment => ({
  assigned,
  total,
  share,
});

const COMPARED: readonly Compared[] = [
  { fact: 'the expected number fits', of: assignment(12, 124, 0.1), expected: 12.4, logP: 0, skewed: false },
  { fact: 'exactly the share fits', of: assignment(10, 100, 0.1), expected: 10, logP: 0, skewed: false },
  {
    fact: 'one device of one fits one percent',
    of: assignment(1, 1, 0.01),
    expected: 0.01,
    logP: -3.912023005428146,
    skewed: false,
  },
  {
    fact: 'none of 30 fits ten percent',
    of: assignment(0, 30, 0.1),
    expected: 3,
    logP: -2.467668289174844,
    skewed: false,
  },
  {
    fact: 'none of 72 is barely possible',
    of: assignment(0, 72, 0.1),
    expected: 7.2,
    logP: -6.892809946803548,
    skewed: false,
  },
  {
    fact: 'none of 73 is not',
    of: assignment(0, 73, 0.1),
    expected: 7.3,
    logP: -6.998170462461375,
    skewed: true,
  },
  {
    fact: '23 of 100 at ten percent are barely possible',
    of: assignment(23, 100, 0.1),
    expected: 10,
    logP: -6.451435514250693,
    skewed: false,
  },
  {
    fact: '24 of 100 are too many',
    of: assignment(24, 100, 0.1),
    expected: 10,
    logP: -7.46830143259467,
    skewed: true,
  },
  {
    fact: 'a tenth of a large fleet too many',
    of: assignment(11_000, 100_000, 0.1),
    expected: 10000,
    logP: -53.29507743386818,
    skewed: true,
  },
  {
    fact: 'a hundredth of a large fleet too many fits',
    of: assignment(10_100, 100_000, 0.1),
    expected: 10000,
    logP: 0,
    skewed: false,
  },
  {
    fact: 'all of 5 at half fit',
    of: assignment(5, 5, 0.5),
    expected: 2.5,
    logP: -2.772588722239781,
    skewed: false,
  },
  {
    fact: 'all of 11 at half are too many',
    of: assignment(11, 11, 0.5),
    expected: 5.5,
    logP: -6.931471805599453,
    skewed: true,
  },
  {
    fact: 'all of 10 at half are not yet',
    of: assignment(10, 10, 0.5),
    expected: 5,
    logP: -6.238324625039508,
    skewed: false,
  },
  {
    fact: 'a billion devices, a tenth',
    of: assignment(100_000_000, 1_000_000_000, 0.1),
    expected: 100000000,
    logP: 0,
    skewed: false,
  },
  {
    fact: 'a billion devices, a little more',
    of: assignment(100_060_000, 1_000_000_000, 0.1),
    expected: 100000000,
    logP: -19.303298344977396,
    skewed: true,
  },
  { fact: 'none at a share of nothing', of: assignment(0, 124, 0), expected: 0, logP: 0, skewed: false },
  {
    fact: 'one at a share of nothing',
    of: assignment(1, 124, 0),
    expected: 0,
    logP: Number.NEGATIVE_INFINITY,
    skewed: true,
  },
  {
    fact: 'all at a share of everything',
    of: assignment(124, 124, 1),
    expected: 124,
    logP: 0,
    skewed: false,
  },
  {
    fact: 'all but one at a share of everything',
    of: assignment(123, 124, 1),
    expected: 124,
    logP: Number.NEGATIVE_INFINITY,
    skewed: true,
  },
];

describe('the number of assigned devices', () => {
  it.each(COMPARED)('$fact', ({ of, expected, logP, skewed }) => {
    const skew = assignmentSkew(of);
    if (skew.kind !== 'compared') throw new Error(`got ${skew.kind}`);
    expect(skew.expected).toBeCloseTo(expected, 9);
    expect(skew.skewed).toBe(skewed);
    if (Number.isFinite(logP))
      expect(Math.abs(skew.logPValueBound - logP)).toBeLessThanOrEqual(1e-9 + 1e-15 * of.total);
    else expect(skew.logPValueBound).toBe(logP);
  });

  it('says nothing where there is no device', () => {
    expect(assignmentSkew(assignment(0, 0, 0.1))).toEqual({ kind: 'no_data' });
  });
});

const SHARE = /^a stage's share of .*: expected 0 to 1; check the percentage read$/;
const DEVICES =
  /^.* of .* devices assigned: expected 0 to all of them; check that both count the same group$/;

const IMPOSSIBLE: readonly { readonly fact: string; readonly of: Assignment; readonly why: RegExp }[] = [
  { fact: 'more devices than there are', of: assignment(125, 124, 0.1), why: /^125 of 124 devices/ },
  { fact: 'one device of none', of: assignment(1, 0, 0.1), why: DEVICES },
  { fact: 'fewer than no devices', of: assignment(-1, 124, 0.1), why: DEVICES },
  { fact: 'a negative fleet', of: assignment(-2, -1, 0.1), why: DEVICES },
  { fact: 'devices that are no number', of: assignment(Number.NaN, 124, 0.1), why: DEVICES },
  { fact: 'a fleet that is no number', of: assignment(1, Number.NaN, 0.1), why: DEVICES },
  { fact: 'an infinite fleet', of: assignment(1, Number.POSITIVE_INFINITY, 0.1), why: DEVICES },
  { fact: 'a share that is no number', of: assignment(1, 10, Number.NaN), why: SHARE },
  { fact: 'a share above 1', of: assignment(1, 10, 10), why: /^a stage's share of 10: expected 0 to 1/ },
  { fact: 'a share below 0', of: assignment(1, 10, -0.1), why: SHARE },
  { fact: 'an impossible share of no devices', of: assignment(0, 0, Number.NaN), why: SHARE },
];

describe('impossible assignments are errors, not fair ones', () => {
  it.each(IMPOSSIBLE)('$fact', ({ of, why }) => {
    expect(assignmentSkew(of)).toEqual({ kind: 'error', why: expect.stringMatching(why) });
  });
});
