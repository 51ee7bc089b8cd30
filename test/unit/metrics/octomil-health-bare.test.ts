/** Percentiles, rates and means: counts where a number of requests makes them so, bare values where it does not. */
import { describe, expect, it } from 'vitest';
import type { MeasurableGate } from '../../../src/core/ports.ts';
import {
  EXAMPLE_WINDOW,
  evidenceIn,
  exampleHealth,
  GATES,
  latencyGate,
} from '../../support/health-answers.ts';

const COVERED = { from: EXAMPLE_WINDOW.from, to: Date.parse('2026-11-20T10:59:30Z') };
const TOLD = { p50: 100, p95: 300, p99: 600 };

interface Told {
  readonly total: number | null;
  readonly latency?: object;
  readonly baseline?: object;
  readonly devices?: object;
}

function answer({ total, latency = TOLD, baseline = latency, devices = { active: 11 } }: Told): object {
  const arm = (version: string, latencyMs: object) => ({
    version,
    devices,
    requests: total === null ? {} : { total },
    latency_ms: latencyMs,
  });
  return { ...exampleHealth(), versions: [arm('2.0.0', latency), arm('1.0.0', baseline)] };
}

interface CountRow {
  readonly title: string;
  readonly gate: MeasurableGate;
  readonly latency?: object;
  readonly share: number;
}

const COUNTED: readonly CountRow[] = [
  { title: 'on a percentile', gate: latencyGate(300), share: 0.05 },
  {
    title: 'between two percentiles, on a line of logarithms',
    gate: latencyGate(Math.sqrt(100 * 300)),
    share: Math.sqrt(0.5 * 0.05),
  },
  { title: 'below the lowest, where it is at least that many', gate: latencyGate(20), share: 0.5 },
  { title: 'beyond the highest, where it is at most that many', gate: latencyGate(5_000), share: 0.01 },
  { title: 'of p99 below p95', gate: latencyGate(100, 'latency_p99'), share: 0.5 },
  {
    title: 'without a p99, up to the p95',
    gate: latencyGate(Math.sqrt(100 * 300)),
    latency: { p50: 100, p95: 300 },
    share: Math.sqrt(0.5 * 0.05),
  },
  {
    title: 'without a p99, beyond the p95',
    gate: latencyGate(300),
    latency: { p50: 100, p95: 300 },
    share: 0.05,
  },
  {
    title: 'of p99 without a p50',
    gate: latencyGate(Math.sqrt(300 * 600), 'latency_p99'),
    latency: { p95: 300, p99: 600 },
    share: Math.sqrt(0.05 * 0.01),
  },
  {
    title: 'without a p95, as if it lay on the line',
    gate: latencyGate(Math.sqrt(100 * 600)),
    latency: { p50: 100, p99: 600 },
    share: Math.sqrt(0.5 * 0.01),
  },
];

describe('percentiles of a number of requests', () => {
  it.each(COUNTED)('are a count of slow requests $title', async ({ gate, latency, share }) => {
    const body = answer({ total: 2_000, ...(latency === undefined ? {} : { latency }) });
    const counts = {
      events: expect.closeTo(2_000 * share, 6),
      trials: 2_000,
      devices: 11,
      devicesWithEvents: null,
    };
    expect(await evidenceIn(body, gate)).toEqual({
      kind: 'counts',
      candidate: counts,
      baseline: counts,
      covered: COVERED,
    });
  });

  it('are not held against a baseline that is told in another way', async () => {
    const histogram = {
      buckets: [
        { le: 250, count: 9 },
        { le: null, count: 10 },
      ],
    };
    for (const baseline of [histogram, { p50: 100, p95: 300 }, { p95: 300 }]) {
      expect(await evidenceIn(answer({ total: 2_000, baseline }), latencyGate(200))).toMatchObject({
        kind: 'counts',
        baseline: null,
      });
    }
  });

  it('are nothing without a request', async () => {
    expect(await evidenceIn(answer({ total: 0 }), latencyGate(200))).toMatchObject({ kind: 'none' });
  });
});

interface BareRow {
  readonly title: string;
  readonly gate: MeasurableGate;
  readonly body: object;
  readonly value: number;
}

const versionWith = (fields: object): object => ({
  ...exampleHealth(),
  versions: [{ version: '2.0.0', devices: { active: 11 }, ...fields }],
});

const BARE: readonly BareRow[] = [
  {
    title: 'a p95 of an unknown number of requests',
    gate: latencyGate(200),
    body: answer({ total: null }),
    value: 300,
  },
  {
    title: 'a p99 of an unknown number of requests',
    gate: latencyGate(200, 'latency_p99'),
    body: answer({ total: null }),
    value: 600,
  },
  {
    title: 'a p50, below which no percentile shows harm',
    gate: latencyGate(80, 'latency_p50'),
    body: answer({ total: 2_000 }),
    value: 100,
  },
  {
    title: 'a p50 that holds its limit, so that it is never told in two ways',
    gate: latencyGate(180, 'latency_p50'),
    body: answer({ total: 2_000 }),
    value: 100,
  },
  {
    title: 'a lone p95, below which no percentile shows harm',
    gate: latencyGate(200),
    body: answer({ total: 2_000, latency: { p95: 300 } }),
    value: 300,
  },
  {
    title: 'a failure rate',
    gate: GATES.error_rate,
    body: versionWith({ requests: { failure_rate: 0.012 } }),
    value: 0.012,
  },
  {
    title: 'a mean quality',
    gate: GATES.quality,
    body: versionWith({ quality: { mean: 0.94 } }),
    value: 0.94,
  },
];

describe('a bare value', () => {
  it.each(BARE)('is $title', async ({ gate, body, value }) => {
    expect(await evidenceIn(body, gate)).toEqual({ kind: 'value', value, devices: 11, covered: COVERED });
  });

  it('may come from an unknown number of devices', async () => {
    const body = answer({ total: null, devices: {} });
    expect(await evidenceIn(body, latencyGate(200))).toMatchObject({ kind: 'value', devices: null });
  });

  it('is none where the percentile of the gate is not told and no other one bounds it from both sides', async () => {
    const body = answer({ total: 2_000, latency: { p50: 100, p95: 300 } });
    expect(await evidenceIn(body, latencyGate(500, 'latency_p99'))).toMatchObject({
      kind: 'none',
      why: expect.stringMatching(/latency_ms: not told/),
    });
  });
});
