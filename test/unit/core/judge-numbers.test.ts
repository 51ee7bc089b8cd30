import { describe, expect, it } from 'vitest';
import type { GateVerdict, Window } from '../../../src/core/evidence.ts';
import type { QualityGate, RelativeLatencyGate } from '../../../src/core/plan.ts';
import { HOUR_MS } from '../../../src/core/units.ts';
import {
  aJudging,
  aRateGate,
  aReading,
  aStage,
  countsOf,
  evidenceOf,
  judgeAlone,
  T0,
} from '../../support/core-builders.ts';

const STAGE_SO_FAR: Window = { from: T0, to: T0 + HOUR_MS };
const base = { severity: 'critical', shadow: false } as const;
const QUALITY: QualityGate = { ...base, kind: 'quality', name: 'quality', minRatio: 0.75 };
const RELATIVE: RelativeLatencyGate = {
  ...base,
  kind: 'relative_latency',
  name: 'latency_p95',
  slowRatio: 0.05,
  margin: 0.1,
};

const NO_NUMBERS = {
  covered: null,
  events: null,
  trials: null,
  observed: null,
  slowerThanMs: null,
  interval: null,
  trialsNeeded: null,
  baselineObserved: null,
  baselineTrials: null,
  ratio: null,
  devices: null,
  devicesWithEvents: null,
  level: null,
  evidence: null,
} as const;

describe('a verdict', () => {
  it('carries the numbers that it rests on', () => {
    const candidate = countsOf(10, 1000, { devices: 40, devicesWithEvents: 8 });
    const baseline = countsOf(4, 2000, { devices: 80, devicesWithEvents: 4 });
    const reading = aReading({
      gate: aRateGate({ margin: 0 }),
      evidence: evidenceOf(candidate, STAGE_SO_FAR, baseline),
    });
    expect(judgeAlone(reading)).toEqual({
      gate: reading.gate,
      verdict: 'pass',
      asked: reading.asked,
      covered: STAGE_SO_FAR,
      events: 10,
      trials: 1000,
      observed: 0.01,
      slowerThanMs: null,
      interval: { lower: expect.closeTo(0.00253, 5), upper: expect.closeTo(0.02501, 5) },
      trialsNeeded: 1,
      baselineObserved: 0.002,
      baselineTrials: 2000,
      ratio: { lower: expect.closeTo(0.7524, 4), upper: expect.closeTo(61.9675, 4) },
      devices: 40,
      devicesWithEvents: 8,
      level: 2,
      evidence: { limit: expect.closeTo(-4.8035, 4), baseline: expect.closeTo(2.3109, 4) },
      sentence: expect.stringMatching(/^error rate 1% /),
    } satisfies GateVerdict);
  });

  it('carries no number where nothing was counted', () => {
    const reading = aReading({ evidence: { kind: 'none', why: 'no rows' } });
    expect(judgeAlone(reading)).toEqual({
      ...NO_NUMBERS,
      gate: reading.gate,
      verdict: 'no_data',
      asked: reading.asked,
      sentence: 'error rate: no rows',
    } satisfies GateVerdict);
  });

  it('has no interval, level or evidence where its counts cannot be used', () => {
    const evidence = evidenceOf(countsOf(900, 100, { devices: 5 }), STAGE_SO_FAR);
    expect(judgeAlone(aReading({ evidence }))).toMatchObject({
      events: 900,
      trials: 100,
      devices: 5,
      trialsNeeded: 1,
      interval: null,
      level: null,
      evidence: null,
    });
  });

  it.each([
    { fact: 'no rate of nothing', baseline: countsOf(0, 0), gives: { observed: null, trials: 0 } },
    { fact: 'no baseline where there is none', baseline: null, gives: { observed: null, trials: null } },
  ])('has $fact', ({ baseline, gives }) => {
    const evidence = evidenceOf(countsOf(0, 0), STAGE_SO_FAR, baseline);
    expect(judgeAlone(aReading({ evidence }))).toMatchObject({
      observed: null,
      baselineObserved: gives.observed,
      baselineTrials: gives.trials,
    });
  });

  it('shows quality as what it is, not as what it lacks', () => {
    const evidence = evidenceOf(countsOf(100, 1000), STAGE_SO_FAR, countsOf(200, 1000));
    const judged = judgeAlone(aReading({ gate: QUALITY, evidence }));
    expect(judged).toMatchObject({ observed: 0.9, baselineObserved: 0.8, verdict: 'pass' });
    expect(judged.interval?.lower).toBeCloseTo(0.84, 3);
    expect(judged.interval?.upper).toBeCloseTo(0.944, 3);
  });

  it.each([
    { fact: 'nothing about devices', candidate: {}, baseline: {}, gives: 0 },
    { fact: 'devices', candidate: { devices: 10 }, baseline: { devices: 10 }, gives: 1 },
    {
      fact: 'devices with events',
      candidate: { devices: 10, devicesWithEvents: 3 },
      baseline: { devices: 10, devicesWithEvents: 3 },
      gives: 2,
    },
    {
      fact: 'more about the candidate than about the baseline: the lesser',
      candidate: { devices: 10, devicesWithEvents: 3 },
      baseline: { devices: 10 },
      gives: 1,
    },
  ])('says that the source tells $fact', ({ candidate, baseline, gives }) => {
    const evidence = evidenceOf(countsOf(3, 1000, candidate), STAGE_SO_FAR, countsOf(3, 1000, baseline));
    expect(judgeAlone(aReading({ evidence })).level).toBe(gives);
  });

  it('says that devices themselves are counted', () => {
    const evidence = evidenceOf(countsOf(0, 100), STAGE_SO_FAR);
    expect(judgeAlone(aReading({ gate: aRateGate({ name: 'crash_rate' }), evidence })).level).toBe('devices');
  });
});

describe('the trials that a pass needs', () => {
  it.each([
    { fact: 'are one where the stage soaks anyway', stage: {}, gate: aRateGate(), gives: 1 },
    { fact: 'are those of the plan', stage: { minSamples: 500 }, gate: aRateGate(), gives: 500 },
    { fact: 'are at least one', stage: { minSamples: 0 }, gate: aRateGate(), gives: 1 },
    {
      fact: 'are as many as prove the limit where nothing soaks',
      stage: { soakMs: 0 },
      gate: aRateGate(),
      gives: 85,
    },
    {
      fact: 'are more for a lower limit',
      stage: { soakMs: 0 },
      gate: aRateGate({ maxRatio: 0.01 }),
      gives: 433,
    },
    {
      fact: 'are one of devices, of which there are only so many',
      stage: { soakMs: 0 },
      gate: aRateGate({ name: 'crash_rate' }),
      gives: 1,
    },
    { fact: 'are one where there is no limit to prove', stage: { soakMs: 0 }, gate: RELATIVE, gives: 1 },
  ])('$fact', ({ stage, gate, gives }) => {
    const evidence = evidenceOf(countsOf(0, 10), STAGE_SO_FAR);
    const at = aJudging({ stage: aStage(stage) });
    expect(judgeAlone(aReading({ gate, evidence }), at).trialsNeeded).toBe(gives);
  });

  it.each([
    { trials: 499.5, gives: 'inconclusive' },
    { trials: 500, gives: 'pass' },
  ])('leave $trials of 500 $gives', ({ trials, gives }) => {
    const evidence = evidenceOf(countsOf(0, trials), STAGE_SO_FAR);
    const at = aJudging({ stage: aStage({ minSamples: 500 }) });
    expect(judgeAlone(aReading({ evidence }), at).verdict).toBe(gives);
  });
});
