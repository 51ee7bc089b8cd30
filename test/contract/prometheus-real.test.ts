/** The numbers of a real Prometheus that scrapes the emulator; left out, visibly, where there is none. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import type { Series, SeriesShape } from '../../src/core/series.ts';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { createPrometheusSource } from '../../src/metrics/prometheus/prometheus-source.ts';
import type {
  LeafAnswer,
  PartsAnswer,
  SeriesAnswer,
  SeriesScope,
  SeriesSource,
} from '../../src/metrics/series-source.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { findPrometheus, type RealPrometheus, startRealPrometheus } from '../support/real-prometheus.ts';
import { recipeIn } from '../support/recipes.ts';
import { seriesScope } from '../support/series-scopes.ts';

const binary = findPrometheus();
// A quote, a backslash and a brace: a version may contain whatever the vendor lets it.
const CANDIDATE = '2.0.0+"b\\{1}';
const BASELINE = '1.0.0';
const SPAN_MS = 6_000;

const failedOf = (version: string): string =>
  `sum(increase(octomil_requests_failed_total{model_version="${version}"}[{{window}}]))`;
const allOf = (version: string): string =>
  `sum(increase(octomil_requests_total{model_version="${version}"}[{{window}}]))`;
const COUNTS: SeriesShape = {
  kind: 'counts',
  events: failedOf('{{version}}'),
  trials: allOf('{{version}}'),
  devices: 'octomil_devices{model_version="{{version}}"}',
  devicesWithEvents: null,
};

describe.skipIf(binary === null)('a real Prometheus that scrapes the emulator', () => {
  let emulator: Emulator;
  let prometheus: RealPrometheus;

  beforeAll(async () => {
    emulator = await startEmulator({
      clock: systemClock(),
      scenario: 'error-spike',
      candidate: CANDIDATE,
      baseline: BASELINE,
    });
    prometheus = await startRealPrometheus({
      binary: binary ?? '',
      target: new URL(emulator.origin).host,
    });
    await rollOutHalf(emulator);
    await vi.waitFor(
      async () => expect(numberOf((await ask(COUNTS, CANDIDATE)).leaves.trials)).toBeGreaterThan(200),
      { timeout: 60_000, interval: 250 },
    );
  }, 90_000);

  afterAll(async () => {
    await prometheus?.stop();
    await emulator?.close();
  });

  function source(token: string): SeriesSource {
    return createPrometheusSource({ url: prometheus.url, token, clock: systemClock(), userAgent: 'test' });
  }

  function scopeOf(version: string): SeriesScope {
    const to = Date.now();
    return seriesScope({ version, baselineVersion: BASELINE, window: { from: to - SPAN_MS, to } });
  }

  function ask(shape: SeriesShape, version = CANDIDATE, token = ''): Promise<SeriesAnswer> {
    const series: Series = { source: 'prometheus', shape };
    return source(token).ask(series, scopeOf(version));
  }

  async function askParts(shape: SeriesShape, by: string): Promise<PartsAnswer> {
    const answer = await source('').askParts?.({ source: 'prometheus', shape }, scopeOf(CANDIDATE), { by });
    return answer ?? { kind: 'error', why: 'the source cannot split a series' };
  }

  const askValue = async (text: string, version?: string): Promise<LeafAnswer | undefined> =>
    (await ask({ kind: 'value', value: text, unit: 'number', devices: null }, version)).leaves.value;

  it('tells the broken candidate from the version that it replaces', async () => {
    const [candidate, baseline] = await Promise.all([ask(COUNTS), ask(COUNTS, BASELINE)]);
    const ratio = ({ leaves }: SeriesAnswer): number => numberOf(leaves.events) / numberOf(leaves.trials);
    expect(ratio(candidate)).toBeGreaterThan(0.1);
    expect(ratio(baseline)).toBeLessThan(0.05);
    expect(candidate.leaves.devices).toEqual({ kind: 'number', value: 62 });
    expect(candidate.found).toBe(3);
    expect(candidate.warnings).toEqual([]);
  });

  it('gives the buckets of how long requests took, cumulative up to infinity', async () => {
    const { leaves } = await ask({
      kind: 'buckets',
      buckets: 'increase(octomil_request_duration_ms_bucket{model_version="{{version}}"}[{{window}}])',
      unit: 'ms',
      devices: null,
    });
    const answer = leaves.buckets;
    expect(answer?.kind).toBe('buckets');
    const buckets = answer?.kind === 'buckets' ? answer.buckets : [];
    expect(buckets.length).toBeGreaterThan(5);
    expect(buckets.at(-1)?.upTo).toBe(Number.POSITIVE_INFINITY);
    expect(buckets.map(({ count }) => count)).toEqual(
      buckets.map(({ count }) => count).toSorted((one, other) => one - other),
    );
  });

  it('gives a mean of qualities between 0 and 1 with the number of answers', async () => {
    const part = (name: string): string =>
      `sum(increase(octomil_quality_${name}{model_version="{{version}}"}[{{window}}]))`;
    const { leaves } = await ask({
      kind: 'mean',
      mean: `${part('sum')} / ${part('count')}`,
      n: part('count'),
      devices: null,
    });
    expect(numberOf(leaves.mean)).toBeGreaterThan(0.8);
    expect(numberOf(leaves.mean)).toBeLessThan(1);
    expect(numberOf(leaves.n)).toBeGreaterThan(20);
  });

  it.each([
    ['a scalar', 'scalar(vector(3))', { kind: 'number', value: 3 }],
    ['a version that is nowhere', 'octomil_devices{model_version="{{version}}"}', { kind: 'none' }],
    ['a version that would end the string', 'x{v="{{version}}"}', { kind: 'none' }],
    ['0/0', 'vector(0) / vector(0)', { kind: 'error', why: expect.stringMatching(/NaN/) }],
    ['1/0', 'vector(1) / vector(0)', { kind: 'error', why: expect.stringMatching(/\+Inf/) }],
    [
      'two arms at once',
      'octomil_devices',
      { kind: 'error', why: expect.stringMatching(/found 2 series.*model_version=.*wrap it in sum/) },
    ],
    ['a range', 'octomil_devices[5s]', { kind: 'error', why: expect.stringMatching(/gives a matrix/) }],
    ['a text', '"text"', { kind: 'error', why: expect.stringMatching(/gives a string/) }],
    [
      'a typing error',
      'sum(octomil_devices',
      { kind: 'error', why: expect.stringMatching(/HTTP 400: bad_data: .*parse error/) },
    ],
  ])('answers %s', async (_what, text, expected) => {
    expect(await askValue(text, '9"} or vector(1) or x{v="')).toMatchObject(expected);
  });

  it('answers every query that docs/metrics.md gives for it', async () => {
    const { metrics } = parse(recipeIn('docs/metrics.md', 'prometheus')) as Recipe;
    const kinds = ['error_rate', 'latency_p95', 'quality'].map((gate) => metrics[gate]);
    const answers = await Promise.all(kinds.map((keys) => ask(shapeOf(keys ?? {}))));
    expect(answers.map(({ leaves }) => Object.values(leaves).map(({ kind }) => kind))).toEqual([
      ['number', 'number', 'number'],
      ['buckets'],
      ['number', 'number'],
    ]);
  });

  it('splits a query that groups by {{by}}, and answers the same query for the whole fleet', async () => {
    const of = (metric: string, labels: string): string =>
      `sum by (${labels}) (increase(${metric}{model_version="{{version}}"}[{{window}}]))`;
    const counts: SeriesShape = {
      kind: 'counts',
      events: `${of('octomil_requests_failed_total', '{{by}}')} or 0 * ${of('octomil_requests_total', '{{by}}')}`,
      trials: of('octomil_requests_total', '{{by}}'),
      devices: 'sum by ({{by}}) (octomil_devices{model_version="{{version}}"})',
      devicesWithEvents: null,
    };
    const buckets: SeriesShape = {
      kind: 'buckets',
      buckets: of('octomil_request_duration_ms_bucket', 'le, {{by}}'),
      unit: 'ms',
      devices: null,
    };
    for (const shape of [counts, buckets]) {
      const kinds = Object.values((await ask(shape)).leaves).map(({ kind }) => kind);
      expect(kinds).toEqual(shape === counts ? ['number', 'number', 'number'] : ['buckets']);
      const split = await askParts(shape, 'role');
      expect(split.kind === 'parts' && [...split.parts.keys()]).toEqual(['candidate']);
      const parts = split.kind === 'parts' ? [...split.parts.values()] : [];
      expect(parts.flatMap(({ leaves }) => Object.values(leaves).map(({ kind }) => kind))).toEqual(kinds);
      expect((await askParts(shape, 'region')).kind).toBe('unavailable');
    }
  });

  it('asks who is there, and shows nobody’s password', async () => {
    // bcrypt of pa55-word
    const passwordBcrypt = '$2b$04$abcdefghijklmnopqrstuuWLgjCHAzCrDz4dDxDbrf.WGQxYu2ori';
    const open = prometheus;
    const closed = await startRealPrometheus({
      binary: binary ?? '',
      target: new URL(emulator.origin).host,
      basicAuth: { user: 'ada', passwordBcrypt },
    });
    try {
      prometheus = closed;
      const shape: SeriesShape = { kind: 'value', value: 'vector(1)', unit: 'number', devices: null };
      expect((await ask(shape, CANDIDATE, 'ada:pa55-word')).leaves.value).toEqual({
        kind: 'number',
        value: 1,
      });
      const refused = await ask(shape, CANDIDATE, 'ada:other-word');
      expect(refused.leaves.value).toEqual({
        kind: 'error',
        why: expect.stringMatching(/refused the caller \(HTTP 401\).*check prometheus-token/),
      });
      expect(JSON.stringify(refused)).not.toContain('other-word');
    } finally {
      prometheus = open;
      await closed.stop();
    }
  });
});

interface Recipe {
  readonly metrics: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

function shapeOf(keys: Readonly<Record<string, string>>): SeriesShape {
  const { events, trials, devices = null, buckets, mean, n } = keys;
  if (events !== undefined && trials !== undefined) {
    return { kind: 'counts', events, trials, devices, devicesWithEvents: null };
  }
  if (buckets !== undefined) return { kind: 'buckets', buckets, unit: 'ms', devices };
  if (mean !== undefined && n !== undefined) return { kind: 'mean', mean, n, devices };
  throw new Error(`a recipe with the keys ${Object.keys(keys).join(', ')}`);
}

function numberOf(answer: LeafAnswer | undefined): number {
  return answer?.kind === 'number' ? answer.value : Number.NaN;
}

async function rollOutHalf({ url }: Emulator): Promise<void> {
  const answer = await fetch(`${url}/models/mdl_radiology/rollouts`, {
    method: 'POST',
    headers: { authorization: 'Bearer edg_test', 'content-type': 'application/json' },
    body: JSON.stringify({ version: CANDIDATE, rollout_percentage: 50, start_immediately: true }),
  });
  expect(answer.status).toBe(201);
}
