/** What is over is asked once; what may still change is asked again. */
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/core/evidence.ts';
import type { HealthQuery, HealthSource, PercentileAnswer } from '../../../src/core/ports.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/units.ts';
import { type Coverage, rememberWindows } from '../../../src/metrics/remembered-windows.ts';
import { aRateGate, countsOf, evidenceOf, T0 } from '../../support/core-builders.ts';

const END = T0 + 10 * MINUTE_MS;
const WINDOW = { from: T0, to: END };

const QUERY: HealthQuery = {
  modelId: 'm1',
  rolloutId: 'r2',
  version: '2.0.0',
  baselineVersion: '1.9.0',
  group: null,
  window: WINDOW,
  gates: [aRateGate()],
};

const COVERED = evidenceOf(countsOf(1, 100), WINDOW);

function countingSource(evidence: Evidence, percentile: PercentileAnswer = { kind: 'none', why: '' }) {
  const asked: unknown[] = [];
  const source: HealthSource = {
    name: 'octomil',
    probe: async () => ({ kind: 'available', detail: 'answers' }),
    async read(query) {
      asked.push(query);
      return [evidence];
    },
    async readPercentile(query) {
      asked.push(query);
      return percentile;
    },
  };
  return { source, asked };
}

interface Case {
  readonly fact: string;
  readonly coverage?: Coverage;
  readonly evidence: Evidence;
  readonly afterMs: number;
  readonly asks: 1 | 2;
}

describe('a window is asked', () => {
  it.each<Case>([
    { fact: 'again while it is the present one', evidence: COVERED, afterMs: 0, asks: 2 },
    { fact: 'once when it is over and covered', evidence: COVERED, afterMs: 1, asks: 1 },
    {
      fact: 'once when only its last fraction of a second is not covered',
      evidence: evidenceOf(countsOf(1, 100), { from: T0, to: END - SECOND_MS + 1 }),
      afterMs: 1,
      asks: 1,
    },
    {
      fact: 'again while its end is not covered',
      evidence: evidenceOf(countsOf(1, 100), { from: T0, to: END - SECOND_MS }),
      afterMs: 10 * MINUTE_MS,
      asks: 2,
    },
    {
      fact: 'once when telemetry of its end cannot come any more',
      evidence: evidenceOf(countsOf(1, 100), { from: T0, to: END - MINUTE_MS }),
      afterMs: 10 * MINUTE_MS + 1,
      asks: 1,
    },
    {
      fact: 'again while nothing was measured',
      evidence: { kind: 'none', why: 'zero trials' },
      afterMs: MINUTE_MS,
      asks: 2,
    },
    {
      fact: 'once when nothing was measured and it is long over',
      evidence: { kind: 'none', why: 'zero trials' },
      afterMs: 11 * MINUTE_MS,
      asks: 1,
    },
    {
      fact: 'again while telemetry of it may still come, where only the asking says that it is covered',
      coverage: 'taken',
      evidence: COVERED,
      afterMs: 10 * MINUTE_MS,
      asks: 2,
    },
    {
      fact: 'once after that',
      coverage: 'taken',
      evidence: COVERED,
      afterMs: 10 * MINUTE_MS + 1,
      asks: 1,
    },
    {
      fact: 'again after an error, however long it is over',
      evidence: { kind: 'error', why: 'HTTP 503' },
      afterMs: 60 * MINUTE_MS,
      asks: 2,
    },
  ])('$fact', async ({ coverage, evidence, afterMs, asks }) => {
    const { source, asked } = countingSource(evidence);
    const remembering = rememberWindows(source, () => END + afterMs, coverage);
    expect(await remembering.read(QUERY)).toEqual([evidence]);
    expect(await remembering.read(QUERY)).toEqual([evidence]);
    expect(asked).toHaveLength(asks);
  });

  it('again when other gates or another version are asked for', async () => {
    const { source, asked } = countingSource(COVERED);
    const remembering = rememberWindows(source, () => END + 1);
    await remembering.read(QUERY);
    await remembering.read({ ...QUERY, gates: [aRateGate({ maxRatio: 0.01 })] });
    await remembering.read({ ...QUERY, version: '2.0.1' });
    expect(asked).toHaveLength(3);
  });
});

describe('a percentile is asked', () => {
  const query = { ...QUERY, slowRatio: 0.05 };

  it.each<{ fact: string; answer: PercentileAnswer; afterMs: number; asks: 1 | 2 }>([
    {
      fact: 'once when its window is over',
      answer: { kind: 'percentile', ms: 200, trials: 900 },
      afterMs: 1,
      asks: 1,
    },
    {
      fact: 'again while its window is the present one',
      answer: { kind: 'percentile', ms: 200, trials: 900 },
      afterMs: 0,
      asks: 2,
    },
    {
      fact: 'again when it is not known',
      answer: { kind: 'none', why: 'no requests' },
      afterMs: MINUTE_MS,
      asks: 2,
    },
  ])('$fact', async ({ answer, afterMs, asks }) => {
    const { source, asked } = countingSource(COVERED, answer);
    const remembering = rememberWindows(source, () => END + afterMs);
    expect(await remembering.readPercentile(query)).toEqual(answer);
    expect(await remembering.readPercentile(query)).toEqual(answer);
    expect(asked).toHaveLength(asks);
  });

  it('apart from the probe and the name, which are the source’s own', async () => {
    const remembering = rememberWindows(countingSource(COVERED).source, () => END);
    expect(remembering.name).toBe('octomil');
    expect(await remembering.probe('r2')).toEqual({ kind: 'available', detail: 'answers' });
  });
});

describe('the windows of days', () => {
  it('are forgotten, but for those that are asked again at each look', async () => {
    const { source, asked } = countingSource(COVERED);
    const health = rememberWindows(source, () => END + HOUR_MS);
    const stageBefore = { ...QUERY, window: { from: T0 - HOUR_MS, to: T0 } };
    const atSecond = (second: number) => ({ ...QUERY, window: { from: T0, to: T0 + second * SECOND_MS } });
    for (let second = 1; second <= 300; second += 1) {
      await health.read(stageBefore);
      await health.read(atSecond(second));
    }
    expect(asked).toHaveLength(301);
    await health.read(atSecond(300));
    expect(asked).toHaveLength(301);
    await health.read(atSecond(1));
    expect(asked).toHaveLength(302);
  });
});
