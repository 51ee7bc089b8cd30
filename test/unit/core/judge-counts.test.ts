import { describe, expect, it } from 'vitest';
import type { Counts, Verdict } from '../../../src/core/evidence.ts';
import { judgeCounts, type Unit } from '../../../src/core/judge-counts.ts';
import type { MinSamples } from '../../../src/core/plan.ts';
import { countsOf } from '../../support/core-builders.ts';

interface Row {
  readonly fact: string;
  readonly counts: Counts;
  readonly max?: number;
  readonly minSamples?: MinSamples;
  readonly unit?: Unit;
  readonly gives: Verdict;
  readonly needs: number;
}

const ROWS: readonly Row[] = [
  { fact: '59 clean requests pass 5%', counts: countsOf(0, 59), gives: 'pass', needs: 59 },
  { fact: '58 clean requests are too few for 5%', counts: countsOf(0, 58), gives: 'inconclusive', needs: 59 },
  {
    fact: 'one error in three requests is no harm',
    counts: countsOf(1, 3),
    gives: 'inconclusive',
    needs: 59,
  },
  {
    fact: 'two errors in three requests are no harm: 59 may have 2.95',
    counts: countsOf(2, 3),
    gives: 'inconclusive',
    needs: 59,
  },
  {
    fact: 'three errors are more than the whole minimum may have',
    counts: countsOf(3, 3),
    gives: 'fail',
    needs: 59,
  },
  { fact: 'a rate at its limit passes', counts: countsOf(5, 100), gives: 'pass', needs: 59 },
  {
    fact: 'a rate a little above its limit is no harm while chance explains it',
    counts: countsOf(12, 100),
    gives: 'inconclusive',
    needs: 59,
  },
  { fact: 'a rate that chance hardly explains fails', counts: countsOf(14, 100), gives: 'fail', needs: 59 },
  {
    fact: 'a rate above its limit is not proven before 20 errors are allowed',
    counts: countsOf(20, 399),
    gives: 'inconclusive',
    needs: 59,
  },
  {
    fact: 'a rate above its limit fails from 20 allowed errors on',
    counts: countsOf(21, 400),
    gives: 'fail',
    needs: 59,
  },
  {
    fact: 'a rate above its limit fails from a given minimum on',
    counts: countsOf(6, 100),
    minSamples: 100,
    gives: 'fail',
    needs: 100,
  },
  {
    fact: 'a rate at its limit passes in binary fractions too',
    counts: countsOf(29, 100),
    max: 0.29,
    gives: 'pass',
    needs: 9,
  },
  { fact: 'nothing measured is no data', counts: countsOf(0, 0), gives: 'no_data', needs: 59 },
  { fact: 'impossible counts are an error', counts: countsOf(9, 3), gives: 'error', needs: 59 },
  {
    fact: 'numbers that are none are an error',
    counts: countsOf(Number.NaN, Number.NaN),
    gives: 'error',
    needs: 59,
  },
  {
    fact: 'a given minimum that is reached passes',
    counts: countsOf(0, 10),
    minSamples: 10,
    gives: 'pass',
    needs: 10,
  },
  {
    fact: 'a given minimum that is missed by one is inconclusive',
    counts: countsOf(0, 9),
    minSamples: 10,
    gives: 'inconclusive',
    needs: 10,
  },
  {
    fact: 'too many errors for a given minimum fail before it is reached',
    counts: countsOf(2, 2),
    minSamples: 30,
    gives: 'fail',
    needs: 30,
  },
  {
    fact: 'few trials above the limit are inconclusive while the minimum could still hold them',
    counts: countsOf(1, 2),
    minSamples: 30,
    gives: 'inconclusive',
    needs: 30,
  },
  {
    fact: 'a minimum of none still asks for one trial',
    counts: countsOf(0, 0),
    minSamples: 0,
    gives: 'no_data',
    needs: 1,
  },
  {
    fact: 'one clean trial passes a minimum of none',
    counts: countsOf(0, 1),
    minSamples: 0,
    gives: 'pass',
    needs: 1,
  },
  {
    fact: 'half a trial does not pass a minimum of none',
    counts: countsOf(0, 0.5),
    minSamples: 0,
    gives: 'inconclusive',
    needs: 1,
  },
  {
    fact: 'twelve devices without a crash pass: there are no more of them',
    counts: countsOf(0, 12),
    max: 0.01,
    unit: 'devices',
    gives: 'pass',
    needs: 1,
  },
  {
    fact: 'one crash of twelve devices is neither harm nor a pass',
    counts: countsOf(1, 12),
    max: 0.01,
    unit: 'devices',
    gives: 'inconclusive',
    needs: 1,
  },
  {
    fact: 'three crashes of twelve devices are harm: 299 may have 2.99',
    counts: countsOf(3, 12),
    max: 0.01,
    unit: 'devices',
    gives: 'fail',
    needs: 1,
  },
  {
    fact: 'a given minimum holds for devices as well',
    counts: countsOf(0, 12),
    minSamples: 20,
    unit: 'devices',
    gives: 'inconclusive',
    needs: 20,
  },
  { fact: 'a limit of 100% never fails', counts: countsOf(9, 9), max: 1, gives: 'pass', needs: 1 },
  {
    fact: 'a limit of 0% is failed by many events',
    counts: countsOf(100, 200),
    max: 0,
    gives: 'fail',
    needs: 2_995_731,
  },
  {
    fact: 'a limit of 0% is not passed by few clean trials',
    counts: countsOf(0, 1000),
    max: 0,
    gives: 'inconclusive',
    needs: 2_995_731,
  },
];

describe('judgeCounts', () => {
  it.each(ROWS)('$fact', ({ counts, max = 0.05, minSamples = 'auto', unit = 'requests', gives, needs }) => {
    expect(judgeCounts(counts, max, { minSamples, unit })).toEqual({ verdict: gives, trialsNeeded: needs });
  });
});
