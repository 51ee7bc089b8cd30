import { describe, expect, it } from 'vitest';
import { logE } from '../../../../src/core/statistics/log-e.ts';
import { combine, meanEvidence, weigh, weighGate } from '../../../../src/core/statistics/weigh.ts';
import { countsOf } from '../../../support/core-builders.ts';
import { aSeries, totalsOf } from '../../../support/gate-series.ts';

const GOOD = totalsOf(countsOf(10, 1000), countsOf(10, 1000));
const BAD = totalsOf(countsOf(200, 1000), countsOf(10, 1000));
const ALONE = totalsOf(countsOf(200, 1000));
const INCIDENT = totalsOf(countsOf(200, 1000), countsOf(200, 1000));

describe('the mean of evidence', () => {
  it.each([
    { logs: [], gives: 0 },
    { logs: [null, null], gives: 0 },
    { logs: [3], gives: 3 },
    { logs: [null, 3], gives: 3 },
    { logs: [Math.log(10), Math.log(2)], gives: Math.log(6) },
    { logs: [1e9, -1e9], gives: 1e9 - Math.LN2 },
  ])('of $logs is $gives', ({ logs, gives }) => {
    expect(meanEvidence(logs)).toBeCloseTo(gives, 9);
  });

  it('of gates is over every question that is asked', () => {
    const combined = combine([
      { limit: Math.log(9), limitUnblamed: Math.log(27), baseline: null },
      { limit: null, limitUnblamed: null, baseline: Math.log(3) },
    ]);
    expect(combined.logOdds).toBeCloseTo(Math.log(6), 12);
    expect(combined.logOddsUnblamed).toBeCloseTo(Math.log(15), 12);
  });
});

describe('the evidence of a gate', () => {
  it.each([
    { over: {}, gives: { limit: 0, limitUnblamed: 0, baseline: null } },
    { over: { tolerance: 1 }, gives: { limit: 0, limitUnblamed: 0, baseline: 0 } },
    { over: { limit: null, tolerance: 1 }, gives: { limit: null, limitUnblamed: null, baseline: 0 } },
    { over: { restarts: [] }, gives: { limit: 0, limitUnblamed: 0, baseline: null } },
  ])('without a stage is neutral: $over', ({ over, gives }) => {
    expect(weighGate(aSeries(over))).toEqual(gives);
  });

  it('against the limit is half that of its only stage', () => {
    const { limit, baseline } = weighGate(aSeries({ stages: [ALONE] }));
    expect(limit).toBeCloseTo(logE(1, [{ events: 200, trials: 1000, rate: 0.05 }]) - Math.LN2, 10);
    expect(baseline).toBeNull();
  });

  it('against the limit is capped where the whole fleet breaks it, and uncapped as suspicion', () => {
    const { limit, limitUnblamed } = weighGate(aSeries({ stages: [INCIDENT] }));
    expect(limit).toBeLessThanOrEqual(-Math.LN2);
    expect(limitUnblamed).toBeGreaterThan(50);
  });

  it('against the limit is uncapped where the candidate is to blame', () => {
    const { limit, limitUnblamed } = weighGate(aSeries({ stages: [BAD] }));
    expect(limit).toBe(limitUnblamed);
    expect(limit).toBeGreaterThan(50);
  });

  it('against the baseline counts a tolerance', () => {
    const worse = totalsOf(countsOf(200, 10_000), countsOf(100, 10_000));
    const at = (tolerance: number): number =>
      weighGate(aSeries({ tolerance, stages: [worse] })).baseline ?? 0;
    expect(at(1)).toBeGreaterThan(10);
    expect(at(1.5)).toBeLessThan(at(1));
    expect(at(3)).toBeLessThan(0);
  });

  it('counts an early fault less the longer it is over, but finds a late one', () => {
    const early = weighGate(aSeries({ stages: [BAD, GOOD] })).limit ?? 0;
    const late = weighGate(aSeries({ stages: [GOOD, GOOD, BAD] })).limit ?? 0;
    expect(late).toBeGreaterThan(early);
  });
});

describe('restarts', () => {
  const healthy = totalsOf(countsOf(100, 10_000), countsOf(100, 10_000));
  const burst = { ...totalsOf(countsOf(30, 100), countsOf(1, 100)), logWeight: Math.log(0.2) };

  it('are windows of their own, with the share of the current stage', () => {
    const stages = [healthy, healthy];
    const { limit } = weighGate(aSeries({ stages, restarts: [burst] }));
    const own = logE(1, [{ events: 30, trials: 100, rate: 0.05 }]);
    expect(limit).toBeCloseTo(own + Math.log(0.2) + Math.log(0.25) - 2 * Math.LN2, 6);
  });

  it('are compared with the baseline alone as well', () => {
    const { baseline } = weighGate(
      aSeries({ limit: null, tolerance: 1, stages: [healthy], restarts: [burst] }),
    );
    const own = logE(1, [{ events: 30, trials: 31, rate: 0.5 }]);
    expect(baseline).toBeCloseTo(own + Math.log(0.2) + Math.log(0.25) - Math.LN2, 3);
  });

  it('that compare nothing are neutral', () => {
    const silent = { ...totalsOf(countsOf(30, 100)), logWeight: 0 };
    const { baseline } = weighGate(
      aSeries({ limit: null, tolerance: 1, stages: [totalsOf(countsOf(5, 10))], restarts: [silent] }),
    );
    expect(baseline).toBeCloseTo(Math.log(0.75 + 0.25 / 2), 12);
  });

  it('in which the whole fleet breaks the limit are not the fault of the candidate', () => {
    const incident = { ...totalsOf(countsOf(30, 100), countsOf(30, 100)), logWeight: 0 };
    const { limit, limitUnblamed } = weighGate(aSeries({ stages: [healthy], restarts: [incident] }));
    expect(limit).toBeLessThan(0);
    expect(limitUnblamed).toBeGreaterThan(10);
  });

  it('that do not matter are no evidence against the candidate', () => {
    const trifle = { ...totalsOf(countsOf(1_000_900, 1e9), countsOf(1_000_000, 1e9)), logWeight: 0 };
    const { baseline } = weighGate(
      aSeries({ limit: null, tolerance: 1, stages: [healthy], restarts: [trifle] }),
    );
    expect(baseline).toBeLessThanOrEqual(0);
  });
});

describe('all gates together', () => {
  it('are their mean, with each in its order', () => {
    const gates = [aSeries({ stages: [GOOD] }), aSeries({ stages: [BAD], tolerance: 1 })];
    const { gates: each, logOdds } = weigh(gates);
    expect(each).toEqual(gates.map(weighGate));
    expect(logOdds).toBe(combine(each).logOdds);
  });
});
