/** How long requests of the replaced version took before a rollout: what a relative limit is frozen at. */
import { describe, expect, it } from 'vitest';
import type { PercentileQuery } from '../../../src/core/ports.ts';
import { CancelledError } from '../../../src/runtime/abort.ts';
import {
  EXAMPLE_WINDOW,
  exampleHealth,
  healthSourceOf,
  healthWith,
  percentileIn,
  percentileQuery,
} from '../../support/health-answers.ts';

describe('a percentile', () => {
  it('is read from the histogram of the version that is asked for, whatever its role', async () => {
    // 95% of 18312 are 17396.4: 406.4 of the 1130 requests between 250 and 500 ms.
    const p95 = { kind: 'percentile', ms: expect.closeTo(250 + (250 * 406.4) / 1130, 6), trials: 18_312 };
    expect(await percentileIn(exampleHealth())).toEqual(p95);
    expect(await percentileIn(healthWith('versions.1.role', 'candidate'))).toEqual(p95);
    expect(await percentileIn(healthWith('versions.1.role', undefined))).toEqual(p95);
    expect(await percentileIn(exampleHealth(), { version: '2.0.0' })).toMatchObject({ trials: 1_960 });
  });

  it.each([
    { slowRatio: 0.5, ms: 80 },
    { slowRatio: 1 - 0.95, ms: 300 },
    { slowRatio: 0.01, ms: 700 },
  ])('is the told one for $slowRatio', async ({ slowRatio, ms }) => {
    const body = healthWith('versions.1.latency_ms', { p50: 80, p95: 300, p99: 700 });
    expect(await percentileIn(body, { slowRatio })).toEqual({ kind: 'percentile', ms, trials: 18_312 });
  });

  it('may be told of an unknown number of requests', async () => {
    const body = { ...exampleHealth(), versions: [{ version: '1.0.0', latency_ms: { p95: 300 } }] };
    expect(await percentileIn(body)).toEqual({ kind: 'percentile', ms: 300, trials: null });
  });

  it('is asked for over the whole seconds of its window', async () => {
    const { source, paths } = healthSourceOf({ kind: 'json', body: exampleHealth() });
    await source.readPercentile(
      percentileQuery({ window: { from: EXAMPLE_WINDOW.from + 1, to: EXAMPLE_WINDOW.to + 999 } }),
    );
    expect(paths).toEqual([
      '/models/mdl_radiology/rollouts/rol_x7y8z9/health?from=2026-11-20T10%3A00%3A01Z&to=2026-11-20T11%3A00%3A00Z',
    ]);
  });
});

interface NoneRow {
  readonly title: string;
  readonly change?: readonly [path: string, value: unknown];
  readonly query?: Partial<PercentileQuery>;
  readonly kind: 'none' | 'error';
  readonly says: RegExp;
}

const NONE: readonly NoneRow[] = [
  {
    title: 'another version',
    query: { version: '0.9.0' },
    kind: 'none',
    says: /nothing measured for version 0.9.0/,
  },
  { title: 'no latency', change: ['versions.1.latency_ms', undefined], kind: 'none', says: /not told/ },
  {
    title: 'an empty histogram',
    change: ['versions.1.latency_ms.buckets', []],
    kind: 'none',
    says: /not told/,
  },
  {
    title: 'a histogram of no request',
    change: ['versions.1.latency_ms.buckets', [{ le: null, count: 0 }]],
    kind: 'none',
    says: /nothing measured: no requests/,
  },
  {
    title: 'percentiles of no request',
    change: ['versions.1', { version: '1.0.0', requests: { total: 0 }, latency_ms: { p95: 300 } }],
    kind: 'none',
    says: /nothing measured: no requests/,
  },
  {
    title: 'other percentiles',
    change: ['versions.1.latency_ms', { p50: 80, p99: 700 }],
    kind: 'none',
    says: /versions\[1\].latency_ms: not told/,
  },
  {
    title: 'a percentile beyond the largest bucket',
    query: { slowRatio: 0.01 },
    kind: 'error',
    says: /more than 0.01 .* largest latency bucket, 500 ms/,
  },
  {
    title: 'another rollout',
    change: ['rollout_id', 'rol_other'],
    kind: 'error',
    says: /for rollout rol_other/,
  },
  {
    title: 'a window that starts too early',
    change: ['window.covered_from', '2026-11-20T09:59:59Z'],
    kind: 'error',
    says: /starts before the one asked/,
  },
  {
    title: 'an empty window',
    change: ['window.covered_to', '2026-11-20T10:00:00Z'],
    kind: 'none',
    says: /covered window is empty/,
  },
  {
    title: 'a number that is none',
    change: ['versions.1.requests.total', -1],
    kind: 'error',
    says: /the health answer is not usable: versions\[1\].requests.total/,
  },
  {
    title: 'a window shorter than a second',
    query: { window: { from: EXAMPLE_WINDOW.from + 100, to: EXAMPLE_WINDOW.from + 900 } },
    kind: 'none',
    says: /shorter than a second/,
  },
];

describe('no percentile', () => {
  it.each(NONE)('comes from $title', async ({ change, query, kind, says }) => {
    const body = change === undefined ? exampleHealth() : healthWith(...change);
    expect(await percentileIn(body, query)).toEqual({ kind, why: expect.stringMatching(says) });
  });

  it('comes from an answer that could not be had', async () => {
    const { source } = healthSourceOf(new Error('the API was cut off'));
    expect(await source.readPercentile(percentileQuery())).toEqual({
      kind: 'error',
      why: 'the API was cut off',
    });
    const refused = healthSourceOf({ kind: 'refused', status: 404, routeUnknown: true, message: 'HTTP 404' });
    expect(await refused.source.readPercentile(percentileQuery())).toEqual({
      kind: 'error',
      why: 'HTTP 404',
    });
  });

  it('is a rejection only when the caller aborts', async () => {
    const { source } = healthSourceOf(new Error('aborted'));
    const signal = AbortSignal.abort(new CancelledError('SIGINT'));
    await expect(source.readPercentile(percentileQuery(), signal)).rejects.toBeInstanceOf(CancelledError);
  });
});
