import { describe, expect, it } from 'vitest';
import type { BareValue, Evidence, Reading, Verdict } from '../../../src/core/evidence.ts';
import type { Gate, QualityGate, RelativeLatencyGate } from '../../../src/core/plan.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/units.ts';
import {
  aJudging,
  aLatencyGate,
  aRateGate,
  aReading,
  aStage,
  countsOf,
  evidenceOf,
  judgeAlone,
  T0,
} from '../../support/core-builders.ts';

const NOW = T0 + HOUR_MS;
const base = { severity: 'critical', shadow: false } as const;
const QUALITY: QualityGate = { ...base, kind: 'quality', name: 'quality', minRatio: 0.9 };
const SLOWER: RelativeLatencyGate = {
  ...base,
  kind: 'relative_latency',
  name: 'latency_p95',
  slowRatio: 0.05,
  margin: 0.1,
};

/** Values of the last windows of five minutes, newest last; null for a window with nothing in it. */
function windows(values: readonly (number | null)[], over: Partial<BareValue> = {}): readonly Evidence[] {
  return values.map((value, index) => {
    const to = NOW - (values.length - 1 - index) * 5 * MINUTE_MS;
    if (value === null) return { kind: 'none', why: 'no rows' };
    return { kind: 'value', value, devices: null, covered: { from: to - 5 * MINUTE_MS, to }, ...over };
  });
}

function bare(gate: Gate, recent: readonly Evidence[], over: Partial<Reading> = {}): Reading {
  return aReading({ gate, recent, evidence: recent.at(-1) ?? { kind: 'none', why: 'no rows' }, ...over });
}

interface Row {
  readonly fact: string;
  readonly reading: Reading;
  readonly gives: Verdict;
  readonly says: string;
}

const NO_PROMISE = '— a bare value: no error rate can be promised';

const ROWS: readonly Row[] = [
  {
    fact: 'three good windows pass',
    reading: bare(aRateGate(), windows([0.01, 0.02, 0.05])),
    gives: 'pass',
    says: `error rate 5%, limit 5%, in 3 of 3 windows ${NO_PROMISE}`,
  },
  {
    fact: 'three bad windows are harm',
    reading: bare(aRateGate(), windows([0.06, 0.9, 0.07])),
    gives: 'fail',
    says: `error rate 7%, limit 5%, in 3 of 3 windows ${NO_PROMISE}`,
  },
  {
    fact: 'three bad windows of 30 devices are harm',
    reading: bare(aRateGate(), windows([0.06, 0.9, 0.07], { devices: 30 })),
    gives: 'fail',
    says: `error rate 7%, limit 5%, in 3 of 3 windows ${NO_PROMISE}`,
  },
  {
    fact: 'three bad windows of 29 devices only hold: one of them moves the value of all',
    reading: bare(aRateGate(), windows([0.06, 0.9, 0.07], { devices: 29 })),
    gives: 'inconclusive',
    says: `error rate 7%, limit 5%, in 3 of 3 windows ${NO_PROMISE}`,
  },
  {
    fact: 'three good windows of few devices pass',
    reading: bare(aRateGate(), windows([0, 0, 0], { devices: 3 })),
    gives: 'pass',
    says: `error rate 0%, limit 5%, in 3 of 3 windows ${NO_PROMISE}`,
  },
  {
    fact: 'windows that differ decide nothing: how many more are needed',
    reading: bare(aRateGate(), windows([0.06, 0.01, 0.02])),
    gives: 'inconclusive',
    says: `error rate 2%, limit 5%, in 3 of 3 windows, 1 more windows needed ${NO_PROMISE}`,
  },
  {
    fact: 'too few windows decide nothing',
    reading: bare(aRateGate(), windows([0.9])),
    gives: 'inconclusive',
    says: `error rate 90%, limit 5%, in 1 of 3 windows, 2 more windows needed ${NO_PROMISE}`,
  },
  {
    fact: 'windows without anything in them are no data',
    reading: bare(aRateGate(), windows([null, null, null])),
    gives: 'no_data',
    says: `error rate nothing measured, limit 5%, in 3 of 3 windows, 3 more windows needed ${NO_PROMISE}`,
  },
  {
    fact: 'a newest window without anything in it decides nothing',
    reading: bare(aRateGate(), windows([0.9, 0.9, null])),
    gives: 'inconclusive',
    says: `error rate nothing measured, limit 5%, in 3 of 3 windows, 3 more windows needed ${NO_PROMISE}`,
  },
  {
    fact: 'a value that is no number is an error',
    reading: bare(aRateGate(), windows([0, 0, Number.NaN])),
    gives: 'error',
    says: 'error rate: impossible numbers',
  },
  {
    fact: 'a share above 1 is an error, also in an older window',
    reading: bare(aRateGate(), windows([2, 0, 0])),
    gives: 'error',
    says: 'error rate: impossible numbers',
  },
  {
    fact: 'a share below 0 is an error',
    reading: bare(aRateGate(), windows([0, 0, -1])),
    gives: 'error',
    says: 'error rate: impossible numbers',
  },
  {
    fact: 'a value whose windows nobody asked for is no data',
    reading: aReading({
      evidence: { kind: 'value', value: 0, devices: null, covered: { from: T0, to: NOW } },
    }),
    gives: 'no_data',
    says: `error rate nothing measured, limit 5%, in 0 of 3 windows, 3 more windows needed ${NO_PROMISE}`,
  },
  {
    fact: 'a window that could not be measured is an error',
    reading: bare(aRateGate(), [{ kind: 'error', why: 'HTTP 503' }, ...windows([0, 0])]),
    gives: 'error',
    says: 'error rate: HTTP 503',
  },
  {
    fact: 'a window that the source cannot tell is an error',
    reading: bare(aRateGate(), [...windows([0, 0]), { kind: 'unavailable', why: 'no such series' }]),
    gives: 'error',
    says: 'error rate: no such series',
  },
  {
    fact: 'counts among values are an error',
    reading: bare(aRateGate(), [
      ...windows([0, 0]),
      evidenceOf(countsOf(0, 10), { from: NOW - MINUTE_MS, to: NOW }),
    ]),
    gives: 'error',
    says: 'error rate: the source answered with another kind of number than asked',
  },
  {
    fact: 'a stale newest window is no data',
    reading: bare(aRateGate(), windows([0, 0, 0], { covered: { from: T0, to: NOW - 10 * MINUTE_MS - 1 } })),
    gives: 'no_data',
    says: 'error rate: stale, measured 10m1s ago',
  },
  {
    fact: 'a latency is held against milliseconds',
    reading: bare(aLatencyGate({ maxMs: 1200 }), windows([1100, 1150, 1200])),
    gives: 'pass',
    says: `p95 latency 1 200 ms, limit 1 200 ms, in 3 of 3 windows ${NO_PROMISE}`,
  },
  {
    fact: 'a quality is at least its minimum',
    reading: bare(QUALITY, windows([0.95, 0.9, 0.9])),
    gives: 'pass',
    says: `quality 90%, at least 90%, in 3 of 3 windows ${NO_PROMISE}`,
  },
  {
    fact: 'a quality that falls short is harm',
    reading: bare(QUALITY, windows([0.8, 0.7, 0.89])),
    gives: 'fail',
    says: `quality 89%, at least 90%, in 3 of 3 windows ${NO_PROMISE}`,
  },
  {
    fact: 'a latency beside the previous version is held against what that used to be',
    reading: bare(SLOWER, windows([400, 400, 400]), { slowerThanMs: 330 }),
    gives: 'fail',
    says: `p95 latency 400 ms, limit 330 ms, in 3 of 3 windows ${NO_PROMISE}`,
  },
  {
    fact: 'a latency beside a previous version that is not known is an error',
    reading: bare(SLOWER, windows([400, 400, 400])),
    gives: 'error',
    says: 'p95 latency: a bare value cannot be compared with the baseline',
  },
];

describe('a source that gives values without their number of samples:', () => {
  it.each(ROWS)('$fact', ({ reading, gives, says }) => {
    const { verdict, sentence } = judgeAlone(reading);
    expect([verdict, sentence]).toEqual([gives, says]);
  });

  it('shows the newest value, its window and its devices, and no number of trials', () => {
    expect(judgeAlone(bare(aRateGate(), windows([0, 0, 0.01], { devices: 40 })))).toMatchObject({
      observed: 0.01,
      covered: { from: NOW - 5 * MINUTE_MS, to: NOW },
      devices: 40,
      trials: null,
      trialsNeeded: null,
      evidence: null,
    });
  });

  it('shows no value where the newest window is empty', () => {
    expect(judgeAlone(bare(aRateGate(), windows([0, 0, null])))).toMatchObject({
      observed: null,
      covered: null,
      devices: null,
    });
  });
});

describe('INV-1: values from before the stage', () => {
  const passesFrom = (warmupMs: number) => aJudging({ stage: aStage({ warmupMs }) });
  const firstFrom = 45 * MINUTE_MS;

  it.each([
    {
      fact: 'pass when the oldest window begins with the end of the warm-up',
      warmupMs: firstFrom,
      gives: 'pass',
    },
    { fact: 'do not pass when it begins 1 ms earlier', warmupMs: firstFrom + 1, gives: 'inconclusive' },
  ])('$fact', ({ warmupMs, gives }) => {
    expect(judgeAlone(bare(aRateGate(), windows([0, 0, 0])), passesFrom(warmupMs)).verdict).toBe(gives);
  });

  it('still prove harm', () => {
    expect(judgeAlone(bare(aRateGate(), windows([1, 1, 1])), passesFrom(HOUR_MS)).verdict).toBe('fail');
  });

  it('say so', () => {
    expect(judgeAlone(bare(aRateGate(), windows([0, 0, 0])), passesFrom(HOUR_MS)).sentence).toBe(
      `error rate 0%, limit 5%, in 3 of 3 windows, measured from before the stage or its warm-up, which never passes it ${NO_PROMISE}`,
    );
  });
});
