import { describe, expect, it } from 'vitest';
import type { GateVerdict, Verdict, Window } from '../../../src/core/evidence.ts';
import { type Judging, judge, nameOfGate, unitOfGate, worstVerdict } from '../../../src/core/judge.ts';
import { HOUR_MS } from '../../../src/core/units.ts';
import {
  aLatencyGate,
  anAdoptionGate,
  aRateGate,
  aReading,
  aStage,
  countsOf,
  evidenceOf,
  T0,
} from '../../support/core-builders.ts';

const NOW = T0 + HOUR_MS;
const STAGE_SO_FAR: Window = { from: T0, to: NOW };

function judging(over: Partial<Judging> = {}): Judging {
  return { stage: aStage(), stageEnteredAt: T0, now: NOW, ...over };
}

describe('a verdict', () => {
  it('carries the numbers that it rests on', () => {
    const candidate = countsOf(10, 1000, { devices: 40, devicesWithEvents: 2 });
    const reading = aReading({ evidence: evidenceOf(candidate, STAGE_SO_FAR, countsOf(4, 2000)) });
    expect(judge(reading, judging())).toEqual({
      gate: reading.gate,
      verdict: 'pass',
      asked: reading.asked,
      covered: STAGE_SO_FAR,
      events: 10,
      trials: 1000,
      observed: 0.01,
      trialsNeeded: 59,
      baselineObserved: 0.002,
      baselineTrials: 2000,
      devices: 40,
      devicesWithEvents: 2,
      sentence: 'error rate 1% (10 of 1 000 requests, 2 of 40 devices), limit 5%',
    } satisfies GateVerdict);
  });

  it('carries no number where nothing was counted', () => {
    const reading = aReading({ evidence: { kind: 'none', why: 'no rows' } });
    expect(judge(reading, judging())).toEqual({
      gate: reading.gate,
      verdict: 'no_data',
      asked: reading.asked,
      covered: null,
      events: null,
      trials: null,
      observed: null,
      trialsNeeded: null,
      baselineObserved: null,
      baselineTrials: null,
      devices: null,
      devicesWithEvents: null,
      sentence: 'error rate: no rows',
    } satisfies GateVerdict);
  });

  it.each([
    { fact: 'no rate of nothing', baseline: countsOf(0, 0), gives: { observed: null, trials: 0 } },
    { fact: 'no baseline where there is none', baseline: null, gives: { observed: null, trials: null } },
  ])('has $fact', ({ baseline, gives }) => {
    const evidence = evidenceOf(countsOf(0, 0), STAGE_SO_FAR, baseline);
    expect(judge(aReading({ evidence }), judging())).toMatchObject({
      observed: null,
      baselineObserved: gives.observed,
      baselineTrials: gives.trials,
    });
  });

  it('takes the number of samples from its stage', () => {
    const evidence = evidenceOf(countsOf(0, 200), STAGE_SO_FAR);
    const at = judging({ stage: aStage({ minSamples: 500 }) });
    expect(judge(aReading({ evidence }), at)).toMatchObject({ verdict: 'inconclusive', trialsNeeded: 500 });
  });
});

describe('the worst verdict', () => {
  it.each<{ of: readonly Verdict[]; gives: Verdict }>([
    { of: [], gives: 'not_applicable' },
    { of: ['not_applicable', 'pass'], gives: 'pass' },
    { of: ['inconclusive', 'pass'], gives: 'inconclusive' },
    { of: ['pass', 'no_data', 'inconclusive'], gives: 'no_data' },
    { of: ['no_data', 'error', 'pass'], gives: 'error' },
    { of: ['fail', 'error', 'no_data'], gives: 'fail' },
  ])('of [$of] is $gives', ({ of, gives }) => {
    expect(worstVerdict(of)).toBe(gives);
  });
});

describe('a gate', () => {
  it.each([
    { gate: aRateGate(), name: 'error rate', unit: 'requests' },
    { gate: aRateGate({ name: 'crash_rate' }), name: 'crash rate', unit: 'devices' },
    { gate: aRateGate({ name: 'memory_rate' }), name: 'out-of-memory rate', unit: 'devices' },
    { gate: aLatencyGate({ name: 'latency_p50' }), name: 'p50 latency', unit: 'requests' },
    { gate: aLatencyGate(), name: 'p95 latency', unit: 'requests' },
    { gate: aLatencyGate({ name: 'latency_p99' }), name: 'p99 latency', unit: 'requests' },
    { gate: anAdoptionGate(), name: 'adoption', unit: 'devices' },
  ])('of $gate.name is called $name and counts $unit', ({ gate, name, unit }) => {
    expect([nameOfGate(gate), unitOfGate(gate)]).toEqual([name, unit]);
  });
});
