/** What a server answers as JSON becomes a number, nothing, or an error that says what to do. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Series, SeriesShape } from '../../../src/core/series.ts';
import { createHttpJsonSource } from '../../../src/metrics/http-json/http-json-source.ts';
import type { LeafAnswer, SeriesAnswer, SeriesScope } from '../../../src/metrics/series-source.ts';
import { createVirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { type NumbersReply, type NumbersServer, startNumbersServer } from '../../support/numbers-server.ts';
import { SCOPE_END, seriesScope } from '../../support/series-scopes.ts';

const TOKEN = 'tok-5ecret-value';
const PATH = '/health?version={{version}}&from={{from}}&to={{to}}';
const servers: NumbersServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

type HttpJsonSeries = Extract<Series, { source: 'http-json' }>;

interface Setting {
  readonly reply?: (turn: number) => NumbersReply;
  readonly series?: Partial<HttpJsonSeries>;
  readonly scope?: Partial<SeriesScope>;
  readonly token?: string;
  readonly base?: string;
  readonly deadlineMs?: number;
}

async function ask(
  setting: Setting,
): Promise<{ server: NumbersServer; answer: SeriesAnswer; tookMs: number }> {
  const reply = setting.reply ?? (() => ({ body: { count: 1 } }));
  const server = await startNumbersServer((_asked, turn) => reply(turn));
  servers.push(server);
  const clock = createVirtualClock(SCOPE_END);
  const source = createHttpJsonSource({
    url: `${server.origin}${setting.base ?? ''}`,
    token: setting.token ?? TOKEN,
    clock,
    userAgent: 'test',
    deadlineMs: setting.deadlineMs ?? 5_000,
  });
  const series: HttpJsonSeries = {
    source: 'http-json',
    method: 'GET',
    path: PATH,
    body: null,
    shape: value('/count'),
    ...setting.series,
  };
  const answer = await source.ask(series, seriesScope(setting.scope));
  expect(JSON.stringify(answer)).not.toContain(TOKEN);
  return { server, answer, tookMs: clock.now() - SCOPE_END };
}

function value(pointer: string): SeriesShape {
  return { kind: 'value', value: pointer, unit: 'number', devices: null };
}

const BUCKETS: SeriesShape = { kind: 'buckets', buckets: '/ms', unit: 'ms', devices: null };
const COUNTS: SeriesShape = {
  kind: 'counts',
  events: '/versions/{{version}}/failed',
  trials: '/versions/{{version}}/all',
  devices: '/versions/{{version}}/devices/0',
  devicesWithEvents: null,
};

describe('http-json asks', () => {
  it('once for all pointers, below the base path, with the token and the window in whole seconds', async () => {
    const { server, answer } = await ask({
      base: '/api/v2/',
      reply: () => ({ body: { versions: { '2.0.0/b~1': { failed: 2.5, all: 99.5, devices: [7] } } } }),
      series: { shape: COUNTS },
      scope: { version: '2.0.0/b~1', window: { from: SCOPE_END - 60_400, to: SCOPE_END - 100 } },
    });
    expect(server.asked).toHaveLength(1);
    expect(server.asked[0]).toMatchObject({
      method: 'GET',
      path: '/api/v2/health',
      fields: { version: '2.0.0/b~1', from: '2026-03-01T11:59:00Z', to: '2026-03-01T11:59:59Z' },
      headers: { authorization: `Bearer ${TOKEN}`, accept: 'application/json' },
    });
    expect(answer).toMatchObject({
      covered: { from: SCOPE_END - 60_000, to: SCOPE_END - 1_000 },
      leaves: {
        events: { kind: 'number', value: 2.5 },
        trials: { kind: 'number', value: 99.5 },
        devices: { kind: 'number', value: 7 },
      },
      warnings: [],
      found: null,
      newestAt: null,
    });
    expect(answer.asked).toContain('events: /versions/2.0.0~1b~01/failed');
  });

  it('without a header where there is no token', async () => {
    const { server } = await ask({ token: ' ' });
    expect(server.asked[0]?.headers['authorization']).toBeUndefined();
  });

  it('with a body in which a version stays one text', async () => {
    const version = '1", "admin": true, "x": "\\\n\u2028';
    const { server } = await ask({
      series: {
        method: 'POST',
        path: '/q',
        body: '{"v": ["{{version}}"], "from": "{{from}}", "to": "{{to}}"}',
      },
      scope: { version },
    });
    expect(server.asked[0]).toMatchObject({ method: 'POST', path: '/q' });
    expect(server.asked[0]?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual({
      v: [version],
      from: '2026-03-01T11:45:00Z',
      to: '2026-03-01T12:00:00Z',
    });
  });

  it('again after a 503 when the server says, and no third time', async () => {
    const { server, answer, tookMs } = await ask({
      reply: () => ({
        status: 503,
        headers: { 'retry-after': '3' },
        body: { error: { message: 'warming up' } },
      }),
    });
    expect(server.asked).toHaveLength(2);
    expect(tookMs).toBe(3_000);
    expect(answer.leaves.value).toMatchObject({ why: expect.stringContaining('HTTP 503: warming up') });
  });

  it('not again when it would be too late', async () => {
    const { server } = await ask({
      reply: () => ({ status: 429, headers: { 'retry-after': '60' }, body: {} }),
    });
    expect(server.asked).toHaveLength(1);
  });
});

type Row = { readonly body: unknown; readonly shape?: SeriesShape } & (
  | { readonly gives: LeafAnswer }
  | { readonly kind: 'none' | 'error'; readonly says: RegExp }
);

const infinity = Number.POSITIVE_INFINITY;
const histogram: LeafAnswer = {
  kind: 'buckets',
  buckets: [
    { upTo: 0.1, count: 5 },
    { upTo: infinity, count: 9 },
  ],
};

const ANSWERS: Readonly<Record<string, Row>> = {
  'a zero is a zero': { body: { count: 0 }, gives: { kind: 'number', value: 0 } },
  'a pointer may pass a list': {
    body: [{ 'a/b': 3 }],
    shape: value('/0/a~1b'),
    gives: { kind: 'number', value: 3 },
  },
  'null is nothing': { body: { count: null }, kind: 'none', says: /\/count is null/ },
  'null on the way is nothing': {
    body: { data: null },
    shape: value('/data/count'),
    kind: 'none',
    says: /\/data is null/,
  },
  'an empty list is nothing, never zero': {
    body: { data: [] },
    shape: value('/data/0/count'),
    kind: 'none',
    says: /\/data is an empty list/,
  },
  'a pointer that does not resolve names how far it gets': {
    body: { data: { total: 1, failed: 2 } },
    shape: value('/data/count'),
    kind: 'error',
    says: /\/data\/count is not in the answer: \/data is there and is an object with "total", "failed"/,
  },
  'many members are cut': {
    body: Object.fromEntries('abcdefghijk'.split('').map((name) => [name, 1])),
    kind: 'error',
    says: /the answer is there and is an object with "a", .*"h", … \(11 in all\)/,
  },
  'an index beyond the list is an error': {
    body: { data: [1] },
    shape: value('/data/1'),
    kind: 'error',
    says: /\/data is there and is a list of 1/,
  },
  'an index is all digits': {
    body: { data: [1] },
    shape: value('/data/0x'),
    kind: 'error',
    says: /a list of 1/,
  },
  'what every object inherits is not in the answer': {
    body: {},
    shape: value('/constructor/length'),
    kind: 'error',
    says: /the answer is there and is an empty object/,
  },
  'no pointer is an error': {
    body: {},
    shape: value('data.count'),
    kind: 'error',
    says: /is no JSON pointer/,
  },
  'a number in quotes is an error': {
    body: { count: '12' },
    kind: 'error',
    says: /\/count is the text "12"; expected a JSON number, without quotes/,
  },
  'text is an error': {
    body: { count: 'n/a' },
    kind: 'error',
    says: /is the text "n\/a"; expected a number/,
  },
  'true is an error': { body: { count: true }, kind: 'error', says: /is boolean true; expected a number/ },
  'an object is an error': {
    body: { count: { value: 1 } },
    kind: 'error',
    says: /\/count is an object with "value"; expected a number/,
  },
  'a list is an error': { body: { count: [1, 2] }, kind: 'error', says: /is a list of 2; expected a number/ },
  'NaN is an error': {
    body: '{"count": NaN}',
    kind: 'error',
    says: /answered text .*where JSON is expected/,
  },
  'more than a number can be is an error': { body: '{"count": 1e999}', kind: 'error', says: /is too large/ },
  'a list of buckets is a histogram': {
    body: {
      ms: [
        { le: null, count: 9 },
        { le: '0.1', count: 5 },
      ],
    },
    shape: BUCKETS,
    gives: histogram,
  },
  'a list of pairs is a histogram': {
    body: {
      ms: [
        [0.1, 5],
        ['+Inf', 9],
      ],
    },
    shape: BUCKETS,
    gives: histogram,
  },
  'an object is a histogram': { body: { ms: { '0.1': 5, '+Inf': 9 } }, shape: BUCKETS, gives: histogram },
  'no buckets are nothing': { body: { ms: [] }, shape: BUCKETS, kind: 'none', says: /\/ms has no buckets/ },
  'buckets without an end are an error': {
    body: { ms: { '0.1': 5 } },
    shape: BUCKETS,
    kind: 'error',
    says: /\/ms the bucket up to \+Inf is missing/,
  },
  'buckets that fall are an error': {
    body: { ms: { '0.1': 5, '+Inf': 4 } },
    shape: BUCKETS,
    kind: 'error',
    says: /not cumulative: 4 up to \+Inf, after 5/,
  },
  'a bucket of another form is an error': {
    body: { ms: [[1, 2, 3]] },
    shape: BUCKETS,
    kind: 'error',
    says: /a bucket that is a list of 3; expected \[\{"le"/,
  },
  'a negative bucket is an error': {
    body: { ms: { '0.1': -5, '+Inf': 4 } },
    shape: BUCKETS,
    kind: 'error',
    says: /has a bucket that is/,
  },
  'a number is no histogram': { body: { ms: 3 }, shape: BUCKETS, kind: 'error', says: /\/ms is number 3/ },
};

describe('http-json answers', () => {
  it.each(Object.entries(ANSWERS))('%s', async (_title, row) => {
    const { answer } = await ask({
      reply: () => ({ body: row.body }),
      series: { shape: row.shape ?? value('/count') },
    });
    const [leaf] = Object.values(answer.leaves);
    if ('gives' in row) expect(leaf).toEqual(row.gives);
    else expect(leaf).toEqual({ kind: row.kind, why: expect.stringMatching(row.says) });
  });
});

const REFUSALS: Readonly<Record<string, { readonly reply: NumbersReply; readonly says: RegExp }>> = {
  'an unknown token names the input': {
    reply: { status: 401, body: { message: `unknown ${TOKEN}` } },
    says: /HTTP 401\): unknown \*\*\*; check health-token/,
  },
  'a forbidden caller names the input': {
    reply: { status: 403, body: '' },
    says: /HTTP 403\); check health-token/,
  },
  'a path that is not there is named': {
    reply: { status: 404, body: { detail: 'no such route' } },
    says: /GET http:\/\/127\.0\.0\.1:\d+\/health\) answered HTTP 404: no such route/,
  },
  'a refusal is told': { reply: { status: 422, body: { error: 'bad from' } }, says: /HTTP 422: bad from/ },
  'a redirect is not followed': {
    reply: { status: 302, headers: { location: 'https://evil.example/' }, body: '' },
    says: /redirects \(HTTP 302\), and redirects are not followed/,
  },
  'a login page is no answer': {
    reply: { body: '<!doctype html><title>Log in</title>' },
    says: /answered an HTML page where JSON is expected/,
  },
  'nothing is no answer': {
    reply: { status: 204, body: '' },
    says: /answered nothing where JSON is expected/,
  },
  'a cut answer is an error': { reply: 'cut', says: /cut/ },
  'a large answer is an error': { reply: { body: 'x'.repeat(2_100_000) }, says: /exceeds 2097152 bytes/ },
};

describe('http-json gives an error:', () => {
  it.each(Object.entries(REFUSALS))('%s', async (_title, { reply, says }) => {
    const { answer } = await ask({ reply: () => reply });
    expect(answer.leaves.value).toEqual({ kind: 'error', why: expect.stringMatching(says) });
  });

  it('a server that is silent is given up', async () => {
    const { answer } = await ask({ reply: () => 'silent', deadlineMs: 50 });
    expect(answer.leaves.value).toMatchObject({
      kind: 'error',
      why: expect.stringMatching(/nothing arrived|not complete/),
    });
  });
});

const UNASKED: Readonly<
  Record<string, Omit<Setting, 'reply'> & { readonly says: RegExp; readonly kind?: 'none' }>
> = {
  'a version that climbs': {
    series: { path: `/v/{{version}}/x?${PATH}` },
    scope: { version: '..' },
    says: /segment \. or \.\./,
  },
  'a version that climbs once decoded': {
    series: { path: `/v/{{version}}/x?${PATH}` },
    scope: { version: '%2e%2e/%252e./..;a' },
    says: /segment \. or \.\./,
  },
  'half a character': { scope: { version: '\ud800' }, says: /uses \{\{version\}\}, which is empty/ },
  'a baseline that is not there': {
    series: { path: `${PATH}&b={{baseline}}` },
    scope: { baselineVersion: null },
    says: /no version that this one replaces/,
  },
  'counts without the begin of the window': {
    series: { path: '/x?to={{to}}', shape: COUNTS },
    says: /do not say which window is asked.*write \{\{from\}\}/,
  },
  'counts without the end of the window': {
    series: { path: '/x?from={{from}}', shape: COUNTS },
    says: /which window/,
  },
  'a body that is no JSON': {
    series: { method: 'POST', body: '{"v": {{version}}}' },
    says: /the body is not JSON; write placeholders in quotes/,
  },
  'a window without a whole second': {
    scope: { window: { from: SCOPE_END - 900, to: SCOPE_END - 1 } },
    kind: 'none',
    says: /shorter than a second/,
  },
};

describe('http-json sends nothing for', () => {
  it.each(Object.entries(UNASKED))('%s', async (_title, { says, kind = 'error', ...setting }) => {
    const { server, answer } = await ask(setting);
    const [leaf] = Object.values(answer.leaves);
    expect(leaf).toEqual({ kind, why: expect.stringMatching(says) });
    expect(server.asked).toEqual([]);
  });

  it('a series of another source', async () => {
    const source = createHttpJsonSource({
      url: 'http://127.0.0.1:9',
      token: '',
      clock: createVirtualClock(SCOPE_END),
      userAgent: 'test',
    });
    const answer = await source.ask({ source: 'prometheus', shape: value('up') }, seriesScope());
    expect(answer.leaves.value).toMatchObject({
      kind: 'error',
      why: expect.stringContaining('http-json was asked'),
    });
  });
});

describe('a bare value', () => {
  it('may be of this moment, with a warning', async () => {
    const { answer } = await ask({ series: { path: '/now' } });
    expect(answer.leaves.value).toEqual({ kind: 'number', value: 1 });
    expect(answer.warnings).toEqual(['the request does not say which window it is for']);
  });
});

describe('health-url', () => {
  it.each([
    ['http://health.example.com', /health-url starts with http:\/\/; expected https/],
    ['https://me:pw@health.example.com', /contains a user name or password.*health-token/],
    ['https://health.example.com/?a=1', /has a query or fragment/],
    ['health.example.com', /health-url is not an address; expected one like/],
  ])('%s is refused', (url, says) => {
    const clock = createVirtualClock(SCOPE_END);
    expect(() => createHttpJsonSource({ url, token: TOKEN, clock, userAgent: 'test' })).toThrow(says);
  });
});
