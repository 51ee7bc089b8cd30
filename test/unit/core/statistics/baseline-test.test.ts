import { describe, expect, it } from 'vitest';
import {
  baselineStratum,
  isCandidateToBlame,
  LOG_BLAME,
} from '../../../../src/core/statistics/baseline-stratum.ts';
import {
  baselineEvidence,
  baselineEvidenceWithin,
  type ComparedStage,
} from '../../../../src/core/statistics/baseline-test.ts';
import { isComparable } from '../../../../src/core/statistics/effective-counts.ts';
import { logE, logSumExp } from '../../../../src/core/statistics/log-e.ts';
import { logEFromAnyStage } from '../../../../src/core/statistics/start-stage.ts';

type Pair = readonly [events: number, trials: number];

function stage(candidate: Pair, baseline: Pair | null, effect = 1): ComparedStage {
  const counts = ([events, trials]: Pair) => ({ events, trials, devices: null, devicesWithEvents: null });
  const divided = ([events, trials]: Pair) => ({ events: events / effect, trials: trials / effect });
  const totals = { candidate: counts(candidate), baseline: baseline === null ? null : counts(baseline) };
  return {
    totals,
    effective: {
      candidate: divided(candidate),
      baseline: baseline === null ? null : divided(baseline),
      isComparable: isComparable(totals),
    },
  };
}

const compared = (each: ComparedStage) =>
  baselineStratum(each.effective, 1) ?? { events: 0, trials: 0, rate: 0.5 };

describe('a stage beside its baseline', () => {
  it('asks whose the events are, given the traffic of both', () => {
    expect(baselineStratum(stage([20, 1000], [90, 9000]).effective, 1)).toEqual({
      events: 20,
      trials: 110,
      rate: 0.1,
    });
    expect(baselineStratum(stage([20, 1000], [90, 9000]).effective, 9)).toEqual({
      events: 20,
      trials: 110,
      rate: 0.5,
    });
  });

  it.each([
    { fact: 'without a baseline', of: stage([20, 1000], null) },
    { fact: 'without a trial of the candidate', of: stage([0, 0], [90, 9000]) },
    { fact: 'with trials that are no number', of: stage([0, Number.NaN], [90, 9000]) },
  ])('asks nothing $fact', ({ of }) => {
    expect(baselineStratum(of.effective, 1)).toBeNull();
    expect(baselineEvidence([of], 1)).toBe(0);
    expect(baselineEvidenceWithin(of, 1)).toBe(0);
  });

  it.each([
    { fact: 'without a baseline', of: stage([20, 1000], null), gives: true },
    { fact: 'with ten times its rate', of: stage([100, 1000], [10, 1000]), gives: true },
    { fact: 'with its rate', of: stage([100, 1000], [100, 1000]), gives: false },
    { fact: 'that has no traffic of its own', of: stage([0, 0], [100, 1000]), gives: false },
    { fact: 'of 10:1 and more', of: stage([9, 100], [0, 100]), gives: true },
    { fact: 'of less than 10:1', of: stage([5, 100], [0, 100]), gives: false },
    {
      fact: 'whose baseline has less than a twentieth of the traffic',
      of: stage([5, 96], [0, 5]),
      gives: true,
    },
    { fact: 'whose baseline has a twentieth of the traffic', of: stage([5, 95], [0, 5]), gives: false },
  ])('blames the candidate $fact: $gives', ({ of, gives }) => {
    expect(isCandidateToBlame(of.effective, LOG_BLAME)).toBe(gives);
  });
});

describe('evidence against the baseline', () => {
  it('of one stage is three quarters of its own: half from that stage, all of it pooled', () => {
    const one = stage([60, 1000], [10, 1000]);
    expect(baselineEvidence([one], 1)).toBeCloseTo(logE(1, [compared(one)]) + Math.log(0.75), 10);
    expect(baselineEvidenceWithin(one, 1)).toBeCloseTo(logE(1, [compared(one)]), 10);
  });

  it('of several stages pools them while the baseline is steady', () => {
    const stages = [stage([20, 1000], [100, 10_000]), stage([25, 1000], [11, 1000])];
    const pooled = logE(1, [{ events: 45, trials: 156, rate: 2000 / 13_000 }]);
    const separate = logEFromAnyStage(stages.map(compared));
    expect(baselineEvidence(stages, 1)).toBeCloseTo(logSumExp([separate, pooled]) - Math.LN2, 10);
  });

  it('of several stages keeps them apart once the baseline has moved', () => {
    const stages = [stage([10, 1000], [100, 10_000]), stage([400, 10_000], [40, 1000])];
    expect(baselineEvidence([stage([400, 10_000], [40, 1000])], 1)).toBeLessThanOrEqual(0);
    expect(baselineEvidence(stages, 1)).toBeLessThanOrEqual(0);
  });

  it('leaves a stage without a baseline out of the pool', () => {
    const both = [stage([20, 1000], [10, 1000]), stage([5000, 10_000], null)];
    expect(baselineEvidence(both, 1)).toBeCloseTo(baselineEvidence([stage([20, 1000], [10, 1000])], 1), 10);
  });

  it.each([
    // Two samples of a thousand with |z| just below and above 1.5.
    { fact: 'steady', earlier: [100, 1000], gives: 'pooled' },
    { fact: 'steady by little', earlier: [121, 1000], gives: 'pooled' },
    { fact: 'moved up by little', earlier: [122, 1000], gives: 'apart' },
    { fact: 'moved down by little', earlier: [80, 1000], gives: 'apart' },
    { fact: 'without an event', earlier: [0, 1000], gives: 'apart' },
  ] as const)('with a baseline $fact has its stages $gives', ({ earlier, gives }) => {
    const stages = [stage([150, 1000], earlier), stage([150, 1000], [100, 1000])];
    const separate = logEFromAnyStage(stages.map(compared));
    const events = 300 + earlier[0] + 100;
    const pooled = logE(1, [{ events: 300, trials: events, rate: 0.5 }]);
    const expected = gives === 'pooled' ? logSumExp([separate, pooled]) - Math.LN2 : separate;
    expect(baselineEvidence(stages, 1)).toBeCloseTo(expected, 10);
  });

  it('is steady where no baseline had any event', () => {
    const stages = [stage([30, 1000], [0, 1000]), stage([30, 1000], [0, 1000])];
    const pooled = logE(1, [{ events: 60, trials: 60, rate: 0.5 }]);
    const separate = logEFromAnyStage(stages.map(compared));
    expect(baselineEvidence(stages, 1)).toBeCloseTo(logSumExp([separate, pooled]) - Math.LN2, 10);
  });

  it('holds every earlier stage against the current one, not only the last', () => {
    const steady = stage([150, 1000], [100, 1000]);
    const moved = stage([150, 1000], [150, 1000]);
    const separate = logEFromAnyStage([moved, steady, steady].map(compared));
    expect(baselineEvidence([moved, steady, steady], 1)).toBeCloseTo(separate, 10);
  });
});

describe('a difference that does not matter is no evidence:', () => {
  it.each([
    {
      fact: 'just 0.1 percentage points matter',
      stages: [stage([2_000_000, 1e9], [1_000_000, 1e9])],
      matters: true,
    },
    {
      fact: 'less than 0.1 percentage points',
      stages: [stage([1_999_999, 1e9], [1_000_000, 1e9])],
      matters: false,
    },
    { fact: 'a tenth more matters', stages: [stage([110_001, 1e6], [100_000, 1e6])], matters: true },
    { fact: 'less than a tenth more', stages: [stage([109_999, 1e6], [100_000, 1e6])], matters: false },
    {
      fact: 'a tenth is not asked of fewer than 20 trials of the baseline',
      stages: [stage([3000, 10_000], [1000, 10_000]), stage([10, 100], [2, 19])],
      matters: true,
    },
    {
      fact: 'a tenth is asked of 20 trials of the baseline',
      stages: [stage([3000, 10_000], [1000, 10_000]), stage([10, 100], [2, 20])],
      matters: false,
    },
    {
      fact: 'a tenth is not asked where the current stage has no baseline',
      stages: [stage([3000, 10_000], [1000, 10_000]), stage([0, 10_000], null)],
      matters: true,
    },
    {
      fact: 'points are those of all stages with a baseline',
      stages: [stage([0, 1e6], [90_000, 1e6]), stage([300, 1000], [100, 1000])],
      matters: false,
    },
  ])('$fact', ({ stages, matters }) => {
    const evidence = baselineEvidence(stages, 1);
    if (matters) expect(evidence).toBeGreaterThan(0);
    else expect(evidence).toBeLessThanOrEqual(0);
  });

  it('keeps evidence that speaks for the candidate', () => {
    expect(baselineEvidence([stage([10, 1000], [100, 1000])], 1)).toBeLessThan(-1);
  });

  it('is judged by what was counted, not by what it counts for', () => {
    expect(baselineEvidence([stage([60_000, 100_000], [10_000, 100_000], 1000)], 1)).toBeGreaterThan(0);
  });
});
