/** What Datadog answers becomes a number over whole steps of time, nothing, or an error that says what to do. */
import { afterEach, describe, expect, it } from 'vitest';
import type { SeriesShape } from '../../../src/core/series.ts';
import { createDatadogSource } from '../../../src/metrics/datadog/datadog-source.ts';
import type { LeafAnswer, SeriesAnswer, SeriesScope } from '../../../src/metrics/series-source.ts';
import { createVirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { type NumbersReply, type NumbersServer, startNumbersServer } from '../../support/numbers-server.ts';
import { SCOPE_END, seriesScope } from '../../support/series-scopes.ts';

const API_KEY = 'dd-api-5ecret';
const APP_KEY = 'dd-app-5ecret';
const BEGIN = SCOPE_END - 900_000;
const FIVE_MINUTES = { from: BEGIN, to: BEGIN + 300_000 };
const servers: NumbersServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

interface Setting {
  readonly reply: (query: string, turn: number) => NumbersReply;
  readonly shape?: SeriesShape;
  readonly scope?: Partial<SeriesScope>;
  readonly deadlineMs?: number;
}

async function ask(
  setting: Setting,
): Promise<{ server: NumbersServer; answer: SeriesAnswer; tookMs: number }> {
  const server = await startNumbersServer(({ fields }, turn) => setting.reply(fields['query'] ?? '', turn));
  servers.push(server);
  const clock = createVirtualClock(SCOPE_END);
  const source = createDatadogSource({
    site: 'datadoghq.eu',
    apiKey: API_KEY,
    appKey: APP_KEY,
    clock,
    userAgent: 'test',
    deadlineMs: setting.deadlineMs ?? 5_000,
    standIn: new URL(server.origin),
  });
  const answer = await source.ask(
    { source: 'datadog', shape: setting.shape ?? VALUE },
    seriesScope(setting.scope),
  );
  expect(JSON.stringify(answer)).not.toMatch(/5ecret/);
  return { server, answer, tookMs: clock.now() - SCOPE_END };
}

const VALUE: SeriesShape = {
  kind: 'value',
  value: 'p95:latency{version:{{version}}}',
  unit: 'ms',
  devices: null,
};
const COUNTS: SeriesShape = {
  kind: 'counts',
  events: 'sum:failed{version:{{version}}}.as_count()',
  trials: 'sum:all{version:{{version}}}.as_count()',
  devices: 'count_nonzero(sum:all{version:{{version}}} by {device})',
  devicesWithEvents: null,
};

type Points = readonly (readonly [atMs: number, value: number | null])[];

/** Points once a minute, the first one `fromMs` after the begin of the window. */
const minutely = (values: readonly (number | null)[], fromMs = 0): Points =>
  values.map((value, index) => [BEGIN + fromMs + index * 60_000, value]);
const series = (pointlist: Points, more = {}): unknown => ({
  metric: 'all',
  scope: 'version:2.0.0',
  interval: 60,
  pointlist,
  ...more,
});
const ok = (...all: readonly unknown[]): NumbersReply => ({ body: { status: 'ok', series: all } });
const failed = (status: number, body: unknown, headers = {}): NumbersReply => ({ status, body, headers });

type Row = { readonly reply: NumbersReply } & (
  | { readonly gives: LeafAnswer }
  | { readonly says: RegExp; readonly kind: 'none' | 'error' }
);

const ROWS: Readonly<Record<string, Row>> = {
  'a bare value is the mean of its steps': {
    reply: ok(series(minutely([100, 200, 600]))),
    gives: { kind: 'number', value: 300 },
  },
  'no series is nothing': { reply: ok(), kind: 'none', says: /found no series/ },
  'points without a value are nothing': {
    reply: ok(series(minutely([null, null]))),
    kind: 'none',
    says: /nothing was measured/,
  },
  'a series without points is nothing': { reply: ok(series([])), kind: 'none', says: /nothing was measured/ },
  'several series are shown, up to three': {
    reply: ok(...['a', 'b', 'c', 'd'].map((scope) => series(minutely([1]), { scope: `device:${scope}` }))),
    kind: 'error',
    says: /found 4 series where one is expected: all\{device:a\}, all\{device:b\}, all\{device:c\}, …; leave out "by/,
  },
  'a step longer than the window is nothing': {
    reply: ok(series([[BEGIN - 600_000, 5]], { interval: 3_600 })),
    kind: 'none',
    says: /no whole step of 3600 s/,
  },
  'uneven steps are an error': {
    reply: ok(
      series([
        [BEGIN, 1],
        [BEGIN + 7_000, 2],
      ]),
    ),
    kind: 'error',
    says: /not in even steps/,
  },
  'a failed query with status 200 is an error': {
    reply: failed(200, { status: 'error', error: 'Error parsing query' }),
    kind: 'error',
    says: /Error parsing query/,
  },
  'a bad query is told in Datadog’s words': {
    reply: failed(400, { errors: ['Rule "x" is invalid', 'second'] }),
    kind: 'error',
    says: /HTTP 400: Rule "x" is invalid; second/,
  },
  'refused keys name the inputs and the site': {
    reply: failed(403, { errors: [`Forbidden for ${API_KEY}`] }),
    kind: 'error',
    says: /HTTP 403\): Forbidden for \*\*\*; check datadog-api-key and datadog-app-key .* datadog-site/,
  },
  'an outage is told': { reply: failed(503, ''), kind: 'error', says: /answered HTTP 503/ },
  'a redirect is not followed': {
    reply: failed(301, '', { location: 'https://evil.example' }),
    kind: 'error',
    says: /redirects are not followed/,
  },
  'other JSON is no answer': { reply: { body: [1] }, kind: 'error', says: /not one of Datadog’s/ },
  'text in a point is no answer': {
    reply: ok({ ...(series([]) as object), pointlist: [[BEGIN, 'NaN']] }),
    kind: 'error',
    says: /not one of Datadog’s/,
  },
  'a cut answer is an error': { reply: 'cut', kind: 'error', says: /cut before/ },
  'an answer that is too large is an error': {
    reply: { body: 'x'.repeat(2 * 1024 * 1024 + 1) },
    kind: 'error',
    says: /exceeds 2097152 bytes/,
  },
};

describe('a number of Datadog', () => {
  it.each(Object.entries(ROWS))('%s', async (_fact, row) => {
    const { answer } = await ask({ reply: () => row.reply });
    const leaf = answer.leaves.value;
    if ('gives' in row) expect(leaf).toEqual(row.gives);
    else expect(leaf).toEqual({ kind: row.kind, why: expect.stringMatching(row.says) });
  });

  it('that never comes is an error at the deadline', async () => {
    const { answer } = await ask({ reply: () => 'silent', deadlineMs: 150 });
    expect(answer.leaves.value).toEqual({ kind: 'error', why: expect.stringMatching(/150 ms/) });
  });
});

describe('the counts of Datadog', () => {
  it('are added up, with devices as the most of any step', async () => {
    const { answer, server } = await ask({
      shape: COUNTS,
      reply: (query) =>
        ok(
          series(
            query.startsWith('count')
              ? minutely([40, 52, 41])
              : query.includes('failed')
                ? minutely([1, null, 2.5])
                : minutely([100, 110, 90]),
          ),
        ),
    });
    expect(answer.leaves).toEqual({
      events: { kind: 'number', value: 3.5 },
      trials: { kind: 'number', value: 300 },
      devices: { kind: 'number', value: 52 },
    });
    expect(answer).toMatchObject({ found: 3, warnings: [] });
    expect(
      server.asked.map(({ method, path, fields }) => [method, path, fields['from'], fields['to']]),
    ).toEqual(Array.from({ length: 3 }, () => ['GET', '/api/v1/query', '1772365500', '1772366400']));
    expect(server.asked[0]?.headers).toMatchObject({ 'dd-api-key': API_KEY, 'dd-application-key': APP_KEY });
    expect(answer.asked).toBe(
      'events: sum:failed{version:2.0.0}.as_count(); trials: sum:all{version:2.0.0}.as_count(); ' +
        'devices: count_nonzero(sum:all{version:2.0.0} by {device})',
    );
  });

  it('leave out the step that began before the stage, and the one that is not over', async () => {
    const window = { from: BEGIN + 30_000, to: BEGIN + 200_000 };
    const { answer } = await ask({
      shape: COUNTS,
      scope: { window },
      reply: () => ok(series(minutely([1_000, 10, 10, 1_000]))),
    });
    expect(answer.leaves.trials).toEqual({ kind: 'number', value: 20 });
    expect(answer.covered).toEqual({ from: BEGIN + 60_000, to: BEGIN + 180_000 });
    expect(answer.newestAt).toBe(BEGIN + 180_000);
  });

  it('keep the begin of steps that Datadog does not align to the minute', async () => {
    const { answer } = await ask({
      shape: COUNTS,
      scope: { window: FIVE_MINUTES },
      reply: () => ok(series(minutely([1_000, 10, 10], -20_000))),
    });
    expect(answer.leaves.trials).toEqual({ kind: 'number', value: 20 });
    expect(answer.covered).toEqual({ from: BEGIN + 40_000, to: BEGIN + 280_000 });
  });

  it('end with the newest point when nothing came for ten minutes', async () => {
    const { answer } = await ask({
      shape: COUNTS,
      // The gauge of devices goes on.
      reply: (query) =>
        ok(series(query.startsWith('count') ? minutely(Array(15).fill(3)) : minutely([100, 100]))),
    });
    expect(answer.covered).toEqual({ from: BEGIN, to: BEGIN + 120_000 });
    expect(answer.newestAt).toBe(BEGIN + 120_000);
  });

  it.each([
    ['seconds', 60],
    ['milliseconds', 60_000],
  ])('are read with steps told in %s', async (_unit, interval) => {
    const { answer } = await ask({
      shape: COUNTS,
      scope: { window: FIVE_MINUTES },
      reply: () => ok(series(minutely([1, 2]), { interval })),
    });
    expect(answer.leaves.trials).toEqual({ kind: 'number', value: 3 });
    expect(answer.covered).toEqual(FIVE_MINUTES);
  });

  it('cannot be put side by side in different steps', async () => {
    const { answer } = await ask({
      shape: COUNTS,
      reply: (query) =>
        ok(query.includes('failed') ? series([[BEGIN, 1]], { interval: 300 }) : series(minutely([1, 2]))),
    });
    expect(answer.leaves.trials).toEqual({
      kind: 'error',
      why: expect.stringMatching(
        /different steps of time \(300 s and 60 s\); give all of them the same \.rollup/,
      ),
    });
  });

  it('come with a warning where they may be rates', async () => {
    const { answer } = await ask({
      shape: { ...COUNTS, trials: 'sum:all{version:{{version}}}' },
      reply: () => ok(series(minutely([1]))),
    });
    expect(answer.warnings).toEqual([expect.stringMatching(/query of trials has no \.as_count\(\)/)]);
  });

  it('come with what Datadog remarks', async () => {
    const { answer } = await ask({
      shape: COUNTS,
      reply: () => ({ body: { status: 'ok', message: 'partial\ndata', series: [series(minutely([1]))] } }),
    });
    expect(answer.warnings).toEqual(['partial data']);
  });
});

describe('a mean of Datadog', () => {
  const shape: SeriesShape = {
    kind: 'mean',
    mean: 'avg:quality{version:{{version}}}',
    n: 'count:quality{version:{{version}}}.as_count()',
    devices: null,
  };
  const both = (mean: Points, n: Points): NumbersReply[] => [ok(series(mean)), ok(series(n))];

  it('is weighted with the answers of each step', async () => {
    const [mean, n] = both(minutely([0.5, 1]), minutely([30, 10]));
    const { answer } = await ask({ shape, reply: (query) => (query.startsWith('avg') ? mean : n) ?? 'cut' });
    expect(answer.leaves).toEqual({
      mean: { kind: 'number', value: 0.625 },
      n: { kind: 'number', value: 40 },
    });
  });

  it('is nothing measured where no step has answers', async () => {
    const [mean, n] = both(minutely([0.5]), minutely([0]));
    const { answer } = await ask({ shape, reply: (query) => (query.startsWith('avg') ? mean : n) ?? 'cut' });
    expect(answer.leaves.mean).toEqual({ kind: 'none', why: expect.stringMatching(/number of answers/) });
  });
});

describe('a Datadog that is busy', () => {
  it('is asked again when its limit is reset', async () => {
    const { answer, server, tookMs } = await ask({
      reply: (_query, turn) =>
        turn === 0
          ? failed(429, { errors: ['slow'] }, { 'x-ratelimit-reset': '2' })
          : ok(series(minutely([7]))),
    });
    expect(answer.leaves.value).toEqual({ kind: 'number', value: 7 });
    expect([server.asked.length, tookMs]).toEqual([2, 2_000]);
  });

  it('is not waited for beyond the deadline', async () => {
    const { answer, server } = await ask({
      reply: () => failed(429, { errors: ['slow'] }, { 'x-ratelimit-reset': '3000' }),
    });
    expect(answer.leaves.value).toEqual({
      kind: 'error',
      why: expect.stringMatching(/rate-limited \(HTTP 429\): slow/),
    });
    expect(server.asked).toHaveLength(1);
  });
});

describe('the question to Datadog', () => {
  it('for a histogram says what to use instead, and asks nothing', async () => {
    const { answer, server } = await ask({
      shape: { kind: 'buckets', buckets: 'x', unit: 'ms', devices: null },
      reply: () => ok(),
    });
    expect(answer.leaves.buckets).toEqual({
      kind: 'error',
      why: expect.stringMatching(/use counts instead/),
    });
    expect(server.asked).toEqual([]);
  });

  it.each([
    ['2.0.0-RC1', '2.0.0-rc1'],
    ['2.0.0+b 1', '2.0.0_b_1'],
    ['x} by {device', 'x__by__device'],
    ['*', '_'],
    ['a,!b', 'a__b'],
    ['ü', '_'],
  ])('writes the version %j as the tag %j', async (version, tag) => {
    const { server } = await ask({ scope: { version }, reply: () => ok() });
    expect(server.asked[0]?.fields['query']).toBe(`p95:latency{version:${tag}}`);
  });

  it('is refused for two versions that are one tag', async () => {
    const { server, answer } = await ask({
      scope: { version: '2.0.0+a', baselineVersion: '2.0.0_a' },
      reply: () => ok(),
    });
    expect(answer.leaves.value).toEqual({
      kind: 'error',
      why: expect.stringMatching(/the same tag "2\.0\.0_a"/),
    });
    expect(server.asked).toEqual([]);
  });

  it.each(['http://evil.example/', '&from=0', '../../admin', '#x', '@evil.example'])(
    'goes to the same place whatever the query is: %j',
    async (text) => {
      const { server } = await ask({
        shape: { kind: 'value', value: text, unit: 'number', devices: null },
        reply: () => ok(),
      });
      expect(server.asked.map(({ path, fields }) => [path, fields['query'], fields['from']])).toEqual([
        ['/api/v1/query', text, '1772365500'],
      ]);
    },
  );
});

type InputRow = { readonly site?: string; readonly apiKey?: string; readonly throws: RegExp };

const INPUT_ROWS: Readonly<Record<string, InputRow>> = {
  'another host': {
    site: 'evil.example',
    throws: /^datadog-site is no site of Datadog; expected one of datadoghq/,
  },
  'a host behind a site': { site: 'datadoghq.com@evil.example', throws: /no site of Datadog/ },
  'a path behind a site': { site: 'datadoghq.com/x', throws: /no site of Datadog/ },
  'an address': { site: 'https://app.datadoghq.eu', throws: /without https/ },
  'no key': { apiKey: '', throws: /^datadog-api-key is missing/ },
  'a key over two lines': { apiKey: 'a\nb', throws: /^datadog-api-key contains a line break/ },
};

describe('the inputs of Datadog', () => {
  it.each(Object.entries(INPUT_ROWS))('are refused: %s', (_what, { site, apiKey, throws }) => {
    const create = (): unknown =>
      createDatadogSource({
        site: site ?? 'datadoghq.com',
        apiKey: apiKey ?? 'k',
        appKey: 'k',
        clock: createVirtualClock(0),
        userAgent: 'test',
      });
    expect(create).toThrow(throws);
  });
});
