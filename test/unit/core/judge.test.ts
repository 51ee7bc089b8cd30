import { describe, expect, it } from 'vitest';
import type { Evidence, GateVerdict, Reading, Verdict, Window } from '../../../src/core/evidence.ts';
import {
  type Judging,
  judge,
  MAX_EVIDENCE_AGE_MS,
  nameOfGate,
  unitOfGate,
  worstVerdict,
} from '../../../src/core/judge.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/units.ts';
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

describe('INV-1: evidence from before the stage', () => {
  const since = (from: number, errors: number): Reading =>
    aReading({ evidence: evidenceOf(countsOf(errors, 1000), { from, to: NOW }) });

  it.each([
    { fact: 'passes when it begins with the stage', reading: since(T0, 0), gives: 'pass' },
    { fact: 'does not pass when it begins 1 ms earlier', reading: since(T0 - 1, 0), gives: 'inconclusive' },
    { fact: 'still proves harm', reading: since(T0 - 1, 100), gives: 'fail' },
    { fact: 'passes when it begins in the middle of the stage', reading: since(T0 + 1, 0), gives: 'pass' },
  ])('$fact', ({ reading, gives }) => {
    expect(judge(reading, judging()).verdict).toBe(gives);
  });

  it('does not pass a stage when it begins in its warm-up', () => {
    const at = judging({ stage: aStage({ warmupMs: 5 * MINUTE_MS }) });
    expect(judge(since(T0 + 5 * MINUTE_MS - 1, 0), at).verdict).toBe('inconclusive');
    expect(judge(since(T0 + 5 * MINUTE_MS, 0), at).verdict).toBe('pass');
  });

  it('says so', () => {
    expect(judge(since(T0 - 1, 0), judging()).sentence).toBe(
      'error rate 0% (0 of 1 000 requests), limit 5% — measured from before the stage or its warm-up, which never passes it',
    );
  });

  it('does not pass as adoption either', () => {
    const evidence = evidenceOf(countsOf(95, 100), { from: T0 - 1, to: NOW });
    const reading = aReading({ gate: anAdoptionGate(), evidence });
    expect(judge(reading, judging())).toMatchObject({
      verdict: 'inconclusive',
      sentence:
        'adoption 95% (95 of 100 reachable devices), at least 90% — measured from before the stage or its warm-up, which never passes it',
    });
  });
});

interface NothingRow {
  readonly fact: string;
  readonly evidence: Evidence;
  readonly gives: Verdict;
  readonly says: string;
}

const STALE_AT = NOW - MAX_EVIDENCE_AGE_MS;
const AT_LIMIT = 'error rate 0% (0 of 1 000 requests), limit 5%';
const OVER = 'error rate 90% (900 of 1 000 requests), limit 5%';

const NOTHING: readonly NothingRow[] = [
  {
    fact: 'no answer is no data',
    evidence: { kind: 'none', why: 'no rows' },
    gives: 'no_data',
    says: 'error rate: no rows',
  },
  {
    fact: 'a failed measurement is an error',
    evidence: { kind: 'error', why: 'HTTP 503' },
    gives: 'error',
    says: 'error rate: HTTP 503',
  },
  {
    fact: 'a source that cannot tell is an error',
    evidence: { kind: 'unavailable', why: 'no such series' },
    gives: 'error',
    says: 'error rate: no such series',
  },
  {
    fact: 'no request at all is no data',
    evidence: evidenceOf(countsOf(0, 0), STAGE_SO_FAR),
    gives: 'no_data',
    says: 'error rate unknown (0 of 0 requests), limit 5%',
  },
  {
    fact: 'a good window that ended ten minutes ago still counts',
    evidence: evidenceOf(countsOf(0, 1000), { from: T0, to: STALE_AT }),
    gives: 'pass',
    says: AT_LIMIT,
  },
  {
    fact: 'a good window that ended earlier is stale',
    evidence: evidenceOf(countsOf(0, 1000), { from: T0, to: STALE_AT - 1 }),
    gives: 'no_data',
    says: `${AT_LIMIT} — stale, measured 10m1s ago`,
  },
  {
    fact: 'a bad window that is stale is no harm',
    evidence: evidenceOf(countsOf(900, 1000), { from: T0, to: STALE_AT - 1 }),
    gives: 'no_data',
    says: `${OVER} — stale, measured 10m1s ago`,
  },
  {
    fact: 'a window without length says nothing good',
    evidence: evidenceOf(countsOf(0, 1000), { from: NOW, to: NOW }),
    gives: 'no_data',
    says: `${AT_LIMIT} — the source covered no time`,
  },
  {
    fact: 'a window that runs backwards says nothing bad',
    evidence: evidenceOf(countsOf(900, 1000), { from: NOW, to: T0 }),
    gives: 'no_data',
    says: `${OVER} — the source covered no time`,
  },
  {
    fact: 'a window without bounds says nothing',
    evidence: evidenceOf(countsOf(900, 1000), { from: Number.NaN, to: Number.NaN }),
    gives: 'no_data',
    says: `${OVER} — the source covered no time`,
  },
  {
    fact: 'numbers that are none are an error',
    evidence: evidenceOf(countsOf(Number.NaN, 1000), STAGE_SO_FAR),
    gives: 'error',
    says: 'error rate unknown (unknown of 1 000 requests), limit 5% — impossible numbers',
  },
  {
    fact: 'more events than trials are an error and no harm',
    evidence: evidenceOf(countsOf(900, 100), STAGE_SO_FAR),
    gives: 'error',
    says: 'error rate 900% (900 of 100 requests), limit 5% — impossible numbers',
  },
  {
    fact: 'negative errors are an error and no pass',
    evidence: evidenceOf(countsOf(-5, 1000), STAGE_SO_FAR),
    gives: 'error',
    says: 'error rate -0.5% (-5 of 1 000 requests), limit 5% — impossible numbers',
  },
  {
    fact: 'impossible numbers in an impossible window are an error',
    evidence: evidenceOf(countsOf(-5, 1000), { from: NOW, to: T0 }),
    gives: 'error',
    says: 'error rate -0.5% (-5 of 1 000 requests), limit 5% — impossible numbers',
  },
];

describe('INV-2: no evidence is never a pass and never harm', () => {
  it.each(NOTHING)('$fact', ({ evidence, gives, says }) => {
    const { verdict, sentence } = judge(aReading({ evidence }), judging());
    expect({ verdict, sentence }).toEqual({ verdict: gives, sentence: says });
  });
});

describe('a shadow stage at 0%', () => {
  const at = judging({ stage: aStage({ percentage: 0 }) });

  it('judges a gate on mirrored traffic', () => {
    expect(judge(aReading({ gate: aRateGate({ shadow: true }) }), at).verdict).toBe('pass');
  });

  it('does not apply to a gate on live traffic, whatever was measured', () => {
    const evidence = evidenceOf(countsOf(900, 1000), STAGE_SO_FAR);
    expect(judge(aReading({ evidence }), at)).toMatchObject({
      verdict: 'not_applicable',
      sentence: 'error rate: not measured on mirrored traffic',
      events: null,
    });
  });
});

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
