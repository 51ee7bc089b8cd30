import { describe, expect, it } from 'vitest';
import type { Counts, Evidence, Reading, Verdict, Window } from '../../../src/core/evidence.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/units.ts';
import {
  aJudging,
  anAdoptionGate,
  aRateGate,
  aReading,
  aStage,
  countsOf,
  evidenceOf,
  judgeAlone,
  T0,
} from '../../support/core-builders.ts';

const NOW = T0 + HOUR_MS;
const STAGE_SO_FAR: Window = { from: T0, to: NOW };

describe('INV-1: evidence from before the stage', () => {
  const since = (from: number, errors: number): Reading =>
    aReading({ evidence: evidenceOf(countsOf(errors, 1000), { from, to: NOW }) });

  it.each([
    { fact: 'passes when it begins with the stage', reading: since(T0, 0), gives: 'pass' },
    { fact: 'does not pass when it begins 1 ms earlier', reading: since(T0 - 1, 0), gives: 'inconclusive' },
    { fact: 'still proves harm', reading: since(T0 - 1, 300), gives: 'fail' },
    { fact: 'passes when it begins in the middle of the stage', reading: since(T0 + 1, 0), gives: 'pass' },
  ])('$fact', ({ reading, gives }) => {
    expect(judgeAlone(reading).verdict).toBe(gives);
  });

  it('does not pass a stage when it begins in its warm-up', () => {
    const at = aJudging({ stage: aStage({ warmupMs: 5 * MINUTE_MS }) });
    expect(judgeAlone(since(T0 + 5 * MINUTE_MS - 1, 0), at).verdict).toBe('inconclusive');
    expect(judgeAlone(since(T0 + 5 * MINUTE_MS, 0), at).verdict).toBe('pass');
  });

  it('says so', () => {
    expect(judgeAlone(since(T0 - 1, 0)).sentence).toBe(
      'error rate 0% [0% to 1.54%], limit 5% (0 of 1 000 requests, level 0): 1:53 that it is beyond its limit, all gates 1:53, rollback at 100:1; measured from before the stage or its warm-up, which never passes it',
    );
  });

  it('does not pass as adoption either', () => {
    const evidence = evidenceOf(countsOf(95, 100), { from: T0 - 1, to: NOW });
    expect(judgeAlone(aReading({ gate: anAdoptionGate(), evidence }))).toMatchObject({
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

const STALE_AT = NOW - 10 * MINUTE_MS;
const GOOD =
  'error rate 0% [0% to 1.54%], limit 5% (0 of 1 000 requests, level 0): 1:53 that it is beyond its limit, all gates 1:53, rollback at 100:1';
const GOOD_UNUSED = 'error rate 0%, limit 5% (0 of 1 000 requests)';
const OVER = 'error rate 90%, limit 5% (900 of 1 000 requests)';
const devices = (over: Partial<Counts>): Counts => countsOf(3, 1000, over);

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
    says: 'error rate unknown, limit 5% (0 of 0 requests) — nothing measured',
  },
  {
    fact: 'no request of the candidate beside a busy baseline is no data',
    evidence: evidenceOf(countsOf(0, 0), STAGE_SO_FAR, countsOf(10, 1000)),
    gives: 'no_data',
    says: 'error rate unknown, limit 5% (0 of 0 requests) — nothing measured',
  },
  {
    fact: 'a good window that ended ten minutes ago still counts',
    evidence: evidenceOf(countsOf(0, 1000), { from: T0, to: STALE_AT }),
    gives: 'pass',
    says: GOOD,
  },
  {
    fact: 'a good window that ended earlier is stale',
    evidence: evidenceOf(countsOf(0, 1000), { from: T0, to: STALE_AT - 1 }),
    gives: 'no_data',
    says: `${GOOD_UNUSED} — stale, measured 10m1s ago`,
  },
  {
    fact: 'a bad window that is stale is no harm',
    evidence: evidenceOf(countsOf(900, 1000), { from: T0, to: STALE_AT - 1 }),
    gives: 'no_data',
    says: `${OVER} — stale, measured 10m1s ago`,
  },
  {
    fact: 'a good window that ends a minute ahead is a clock that runs ahead',
    evidence: evidenceOf(countsOf(0, 1000), { from: T0, to: NOW + MINUTE_MS }),
    gives: 'pass',
    says: GOOD,
  },
  {
    fact: 'a window that ends a minute and a moment ahead says nothing',
    evidence: evidenceOf(countsOf(0, 1000), { from: T0, to: NOW + MINUTE_MS + 1 }),
    gives: 'no_data',
    says: `${GOOD_UNUSED} — the source covers time that has not come`,
  },
  {
    fact: 'a window that never ends says nothing',
    evidence: evidenceOf(countsOf(900, 1000), { from: T0, to: Number.POSITIVE_INFINITY }),
    gives: 'no_data',
    says: `${OVER} — the source covers time that has not come`,
  },
  {
    fact: 'a window without length says nothing good',
    evidence: evidenceOf(countsOf(0, 1000), { from: NOW, to: NOW }),
    gives: 'no_data',
    says: `${GOOD_UNUSED} — the source covered no time`,
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
    fact: 'events that are no number are an error',
    evidence: evidenceOf(countsOf(Number.NaN, 1000), STAGE_SO_FAR),
    gives: 'error',
    says: 'error rate unknown, limit 5% (unknown of 1 000 requests) — impossible numbers',
  },
  {
    fact: 'requests without end are an error',
    evidence: evidenceOf(countsOf(0, Number.POSITIVE_INFINITY), STAGE_SO_FAR),
    gives: 'error',
    says: 'error rate 0%, limit 5% (0 of unknown requests) — impossible numbers',
  },
  {
    fact: 'requests that are no number are an error',
    evidence: evidenceOf(countsOf(0, Number.NaN), STAGE_SO_FAR),
    gives: 'error',
    says: 'error rate unknown, limit 5% (0 of unknown requests) — impossible numbers',
  },
  {
    fact: 'more events than trials are an error and no harm',
    evidence: evidenceOf(countsOf(900, 100), STAGE_SO_FAR),
    gives: 'error',
    says: 'error rate 900%, limit 5% (900 of 100 requests) — impossible numbers',
  },
  {
    fact: 'negative errors are an error and no pass',
    evidence: evidenceOf(countsOf(-5, 1000), STAGE_SO_FAR),
    gives: 'error',
    says: 'error rate -0.5%, limit 5% (-5 of 1 000 requests) — impossible numbers',
  },
  {
    fact: 'negative requests are an error',
    evidence: evidenceOf(countsOf(0, -1000), STAGE_SO_FAR),
    gives: 'error',
    says: 'error rate unknown, limit 5% (0 of -1 000 requests) — impossible numbers',
  },
  {
    fact: 'more devices with events than devices are an error',
    evidence: evidenceOf(devices({ devices: 12, devicesWithEvents: 13 }), STAGE_SO_FAR),
    gives: 'error',
    says: 'error rate 0.3%, limit 5% (3 of 1 000 requests, 13 of 12 devices) — impossible numbers',
  },
  {
    fact: 'devices that are no number are an error',
    evidence: evidenceOf(devices({ devices: Number.NaN }), STAGE_SO_FAR),
    gives: 'error',
    says: 'error rate 0.3%, limit 5% (3 of 1 000 requests, unknown devices) — impossible numbers',
  },
  {
    fact: 'a negative number of devices with events is an error',
    evidence: evidenceOf(devices({ devices: 12, devicesWithEvents: -1 }), STAGE_SO_FAR),
    gives: 'error',
    says: 'error rate 0.3%, limit 5% (3 of 1 000 requests, -1 of 12 devices) — impossible numbers',
  },
  {
    fact: 'impossible numbers of the baseline are an error',
    evidence: evidenceOf(countsOf(0, 1000), STAGE_SO_FAR, countsOf(11, 10)),
    gives: 'error',
    says: `${GOOD_UNUSED} — impossible numbers`,
  },
  {
    fact: 'impossible numbers in an impossible window are an error',
    evidence: evidenceOf(countsOf(-5, 1000), { from: NOW, to: T0 }),
    gives: 'error',
    says: 'error rate -0.5%, limit 5% (-5 of 1 000 requests) — impossible numbers',
  },
];

describe('INV-2: no evidence is never a pass and never harm', () => {
  it.each(NOTHING)('$fact', ({ evidence, gives, says }) => {
    const { verdict, sentence } = judgeAlone(aReading({ evidence }));
    expect({ verdict, sentence }).toEqual({ verdict: gives, sentence: says });
  });
});

describe('a shadow stage at 0%', () => {
  const at = aJudging({ stage: aStage({ percentage: 0 }), percentage: 0 });

  it('judges a gate on mirrored traffic', () => {
    expect(judgeAlone(aReading({ gate: aRateGate({ shadow: true }) }), at).verdict).toBe('pass');
  });

  it('does not apply to a gate on live traffic, whatever was measured', () => {
    const evidence = evidenceOf(countsOf(900, 1000), STAGE_SO_FAR);
    expect(judgeAlone(aReading({ evidence }), at)).toMatchObject({
      verdict: 'not_applicable',
      sentence: 'error rate: not measured on mirrored traffic',
      events: null,
    });
  });
});
