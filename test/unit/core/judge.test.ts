import { describe, expect, it } from 'vitest';
import type { Evidence, Reading, Verdict, Window } from '../../../src/core/evidence.ts';
import { type Judging, judge, MAX_EVIDENCE_AGE_MS } from '../../../src/core/judge.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/units.ts';
import {
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
    fact: 'a good window that ends a minute ahead is a clock that runs ahead',
    evidence: evidenceOf(countsOf(0, 1000), { from: T0, to: NOW + 60_000 }),
    gives: 'pass',
    says: AT_LIMIT,
  },
  {
    fact: 'a window that ends further ahead says nothing',
    evidence: evidenceOf(countsOf(900, 1000), { from: T0, to: Number.POSITIVE_INFINITY }),
    gives: 'no_data',
    says: `${OVER} — the source covers time that has not come`,
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
