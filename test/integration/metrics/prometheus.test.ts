/** What Prometheus answers becomes a number, nothing, or an error that says what to do. */
import { afterEach, describe, expect, it } from 'vitest';
import type { SeriesShape } from '../../../src/core/series.ts';
import { createPrometheusSource } from '../../../src/metrics/prometheus/prometheus-source.ts';
import type { LeafAnswer, SeriesAnswer, SeriesScope } from '../../../src/metrics/series-source.ts';
import { createVirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { type NumbersReply, type NumbersServer, startNumbersServer } from '../../support/numbers-server.ts';
import { SCOPE_END, seriesScope } from '../../support/series-scopes.ts';

const TOKEN = 'tok-5ecret-value';
const servers: NumbersServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

interface Setting {
  readonly reply: (query: string, turn: number) => NumbersReply;
  readonly shape?: SeriesShape;
  readonly scope?: Partial<SeriesScope>;
  readonly token?: string;
  readonly path?: string;
  readonly deadlineMs?: number;
}

async function ask(
  setting: Setting,
): Promise<{ server: NumbersServer; answer: SeriesAnswer; tookMs: number }> {
  const server = await startNumbersServer(({ fields }, turn) => setting.reply(fields['query'] ?? '', turn));
  servers.push(server);
  const clock = createVirtualClock(SCOPE_END);
  const source = createPrometheusSource({
    url: `${server.origin}${setting.path ?? ''}`,
    token: setting.token ?? TOKEN,
    clock,
    userAgent: 'test',
    deadlineMs: setting.deadlineMs ?? 5_000,
  });
  const shape = setting.shape ?? value('up{v="{{version}}"}[{{window}}]');
  const answer = await source.ask({ source: 'prometheus', shape }, seriesScope(setting.scope));
  expect(JSON.stringify(answer)).not.toContain(TOKEN);
  return { server, answer, tookMs: clock.now() - SCOPE_END };
}

function value(text: string): SeriesShape {
  return { kind: 'value', value: text, unit: 'ratio', devices: null };
}

const COUNTS: SeriesShape = {
  kind: 'counts',
  events: 'failed{v="{{version}}"}[{{window}}]',
  trials: 'all{v="{{version}}"}[{{window}}]',
  devices: 'count(up{v="{{version}}"})',
  devicesWithEvents: null,
};
const BUCKETS: SeriesShape = { kind: 'buckets', buckets: 'b[{{window}}]', unit: 'ms', devices: null };

const success = (resultType: string, result: unknown, more = {}): NumbersReply => ({
  body: { status: 'success', data: { resultType, result }, ...more },
});
const one = (text: string, labels: Record<string, string> = {}): NumbersReply =>
  success('vector', [{ metric: labels, value: [1_772_366_400, text] }]);
const bucket = (le: string, count: string, labels = {}): unknown => ({
  metric: { ...labels, le },
  value: [1_772_366_400, count],
});
const failed = (status: number, body: unknown, headers = {}): NumbersReply => ({ status, body, headers });

type Row = { readonly reply: NumbersReply } & (
  | { readonly gives: LeafAnswer }
  | { readonly says: RegExp; readonly kind: 'none' | 'error' }
);

const NUMBER_ROWS: Readonly<Record<string, Row>> = {
  'a vector of one is its number': { reply: one('0.25', { a: 'b' }), gives: { kind: 'number', value: 0.25 } },
  'a fractional count is kept': { reply: one('12.631578'), gives: { kind: 'number', value: 12.631578 } },
  'a number with an exponent is read': { reply: one('1.5e+06'), gives: { kind: 'number', value: 1_500_000 } },
  'a scalar is its number': {
    reply: success('scalar', [1_772_366_400, '3']),
    gives: { kind: 'number', value: 3 },
  },
  'an empty vector is nothing, never zero': {
    reply: success('vector', []),
    kind: 'none',
    says: /found no series/,
  },
  'a zero is a zero': { reply: one('0'), gives: { kind: 'number', value: 0 } },
  'NaN is an error that names its cause': { reply: one('NaN'), kind: 'error', says: /NaN.*0\/0/ },
  'an infinity is an error': { reply: one('+Inf'), kind: 'error', says: /"\+Inf" where a finite/ },
  'text is an error': { reply: one(''), kind: 'error', says: /"" where a finite number/ },
  'many series are shown, up to three': {
    reply: success(
      'vector',
      ['a', 'b', 'c', 'd'].map((name) => ({ metric: { arm: name }, value: [1, '1'] })),
    ),
    kind: 'error',
    says: /found 4 series where one is expected: \{arm="a"\}, \{arm="b"\}, \{arm="c"\}, …; wrap it in sum\(…\)/,
  },
  'a matrix is an error': {
    reply: success('matrix', [{ metric: {}, values: [[1, '1']] }]),
    kind: 'error',
    says: /gives a matrix.*increase\(…\)/,
  },
  'a string is an error': {
    reply: success('string', [1, 'x']),
    kind: 'error',
    says: /gives a string where a number is expected/,
  },
  'a native histogram is an error': {
    reply: success('vector', [{ metric: {}, histogram: [1, { count: '3', sum: '1' }] }]),
    kind: 'error',
    says: /native histogram, which is not supported/,
  },
  'a bad query is told in Prometheus’ words': {
    reply: failed(400, { status: 'error', errorType: 'bad_data', error: '1:3: parse error: unexpected "{"' }),
    kind: 'error',
    says: /HTTP 400: bad_data: 1:3: parse error: unexpected "\{"/,
  },
  'a failed execution is told': {
    reply: failed(422, { status: 'error', errorType: 'execution', error: 'too many samples' }),
    kind: 'error',
    says: /HTTP 422: execution: too many samples/,
  },
  'an error with status 200 is an error': {
    reply: failed(200, { status: 'error', errorType: 'timeout', error: 'query timed out' }),
    kind: 'error',
    says: /timeout: query timed out/,
  },
  'an outage is told after a second try': {
    reply: failed(503, { status: 'error', errorType: 'unavailable', error: 'starting' }),
    kind: 'error',
    says: /HTTP 503: unavailable: starting/,
  },
  'an unknown token names the input': {
    reply: failed(401, 'Unauthorized'),
    kind: 'error',
    says: /refused the caller \(HTTP 401\); check prometheus-token/,
  },
  'a forbidden query names the input': {
    reply: failed(403, { status: 'error', error: `no access for ${TOKEN}` }),
    kind: 'error',
    says: /HTTP 403\): no access for \*\*\*; check prometheus-token/,
  },
  'a redirect is not followed': {
    reply: failed(302, '', { location: 'https://evil.example/?x=1' }),
    kind: 'error',
    says: /redirects \(HTTP 302\), and redirects are not followed/,
  },
  'a login page is no answer': {
    reply: { body: '<html>log in</html>', headers: { 'content-type': 'text/html' } },
    kind: 'error',
    says: /answered an HTML page where JSON is expected/,
  },
  'other JSON is no answer': { reply: { body: { ok: true } }, kind: 'error', says: /check prometheus-url/ },
  'a cut answer is an error': { reply: 'cut', kind: 'error', says: /cut before the answer was complete/ },
  'an answer that is too large is an error': {
    reply: { body: 'x'.repeat(2 * 1024 * 1024 + 1) },
    kind: 'error',
    says: /exceeds 2097152 bytes/,
  },
  'terminal codes and line breaks of the server go': {
    reply: failed(400, { status: 'error', error: 'a\u001b[31m\n::error::b' }),
    kind: 'error',
    says: /HTTP 400: a \[31m ::error::b$/,
  },
};

describe('a number of Prometheus', () => {
  it.each(Object.entries(NUMBER_ROWS))('%s', async (_fact, row) => {
    const { answer } = await ask({ reply: () => row.reply });
    const leaf = answer.leaves.value;
    if ('gives' in row) expect(leaf).toEqual(row.gives);
    else expect(leaf).toEqual({ kind: row.kind, why: expect.stringMatching(row.says) });
  });

  it('that never comes is an error at the deadline', async () => {
    const { answer } = await ask({ reply: () => 'silent', deadlineMs: 150 });
    expect(answer.leaves.value).toEqual({
      kind: 'error',
      why: expect.stringMatching(/(not complete after|nothing arrived for) 150 ms/),
    });
  });

  it('from a server that is not there is an error', async () => {
    const source = createPrometheusSource({
      url: 'http://127.0.0.1:1',
      token: '',
      clock: createVirtualClock(SCOPE_END),
      userAgent: 'test',
    });
    const { leaves } = await source.ask({ source: 'prometheus', shape: value('up') }, seriesScope());
    expect(leaves.value).toEqual({ kind: 'error', why: expect.stringMatching(/could not connect/) });
  });
});

const BUCKET_ROWS: Readonly<Record<string, Row>> = {
  'buckets are put in order': {
    reply: success('vector', [bucket('+Inf', '12'), bucket('500', '10.5'), bucket('100', '3')]),
    gives: {
      kind: 'buckets',
      buckets: [
        { upTo: 100, count: 3 },
        { upTo: 500, count: 10.5 },
        { upTo: Number.POSITIVE_INFINITY, count: 12 },
      ],
    },
  },
  'a fall in the last digits is rounding': {
    reply: success('vector', [bucket('1', '2.0000000000001'), bucket('+Inf', '2')]),
    gives: {
      kind: 'buckets',
      buckets: [
        { upTo: 1, count: 2.0000000000001 },
        { upTo: Number.POSITIVE_INFINITY, count: 2.0000000000001 },
      ],
    },
  },
  'no bucket is nothing': { reply: success('vector', []), kind: 'none', says: /found no series/ },
  'two histograms in one are an error': {
    reply: success('vector', [
      bucket('1', '1', { pod: 'a' }),
      bucket('1', '1', { pod: 'b' }),
      bucket('+Inf', '2'),
    ]),
    kind: 'error',
    says: /two series have the bucket bound le="1"; wrap the query in sum by \(le\)/,
  },
  'counts that fall are an error': {
    reply: success('vector', [bucket('1', '5'), bucket('2', '4'), bucket('+Inf', '9')]),
    kind: 'error',
    says: /not cumulative: le="2" has 4, fewer than the 5 of le="1"/,
  },
  'a histogram without its last bucket is an error': {
    reply: success('vector', [bucket('1', '5'), bucket('2', '6')]),
    kind: 'error',
    says: /le="\+Inf" is missing/,
  },
  'a series that is no bucket is an error': {
    reply: success('vector', [{ metric: { job: 'x' }, value: [1, '1'] }]),
    kind: 'error',
    says: /no bucket bound: \{job="x"\}; write sum by \(le\)/,
  },
  'a bucket of NaN is an error': {
    reply: success('vector', [bucket('1', 'NaN'), bucket('+Inf', '1')]),
    kind: 'error',
    says: /NaN/,
  },
  'a native histogram is an error': {
    reply: success('vector', [{ metric: { le: '1' }, histogram: [1, {}] }]),
    kind: 'error',
    says: /native histogram/,
  },
};

describe('the buckets of Prometheus', () => {
  it.each(Object.entries(BUCKET_ROWS))('%s', async (_fact, row) => {
    const { answer } = await ask({ shape: BUCKETS, reply: () => row.reply });
    const leaf = answer.leaves.buckets;
    if ('gives' in row) expect(leaf).toEqual(row.gives);
    else expect(leaf).toEqual({ kind: row.kind, why: expect.stringMatching(row.says) });
  });
});

describe('the question to Prometheus', () => {
  const counted = (query: string): NumbersReply =>
    one(query.startsWith('failed') ? '3' : query.startsWith('all') ? '100' : '7');

  it('is one form for each text, at the end of the window, with the token', async () => {
    const { server, answer } = await ask({
      shape: COUNTS,
      path: '/prometheus/',
      scope: { window: { from: SCOPE_END - 300_000, to: SCOPE_END + 999 } },
      reply: counted,
    });
    expect(answer.leaves).toEqual({
      events: { kind: 'number', value: 3 },
      trials: { kind: 'number', value: 100 },
      devices: { kind: 'number', value: 7 },
    });
    expect(server.asked.map(({ fields }) => fields['query']).sort()).toEqual([
      'all{v="2.0.0"}[300s]',
      'count(up{v="2.0.0"})',
      'failed{v="2.0.0"}[300s]',
    ]);
    for (const { method, path, fields, headers } of server.asked) {
      expect([method, path, fields['time'], fields['timeout']]).toEqual([
        'POST',
        '/prometheus/api/v1/query',
        '1772366400',
        '5s',
      ]);
      expect(headers['authorization']).toBe(`Bearer ${TOKEN}`);
    }
    expect(answer).toMatchObject({
      covered: { from: SCOPE_END - 300_000, to: SCOPE_END },
      found: 3,
      newestAt: null,
      asked: 'events: failed{v="2.0.0"}[300s]; trials: all{v="2.0.0"}[300s]; devices: count(up{v="2.0.0"})',
    });
  });

  it('is signed with user and password where the token has a colon, and shows neither', async () => {
    const token = 'ada:pa55-word';
    const basic = Buffer.from(token).toString('base64');
    const { server, answer } = await ask({
      token,
      reply: () => failed(400, { status: 'error', error: `got ${basic}, pa55-word and ${token}` }),
    });
    expect(server.asked[0]?.headers['authorization']).toBe(`Basic ${basic}`);
    expect(JSON.stringify(answer)).not.toMatch(new RegExp(`pa55|${basic}`));
  });

  it('carries no header of a token where there is none', async () => {
    const { server } = await ask({ token: '', reply: () => one('1') });
    expect(server.asked[0]?.headers['authorization']).toBeUndefined();
  });

  it('shows what Prometheus warns of, once', async () => {
    const warned = success('vector', [{ metric: {}, value: [1, '1'] }], {
      warnings: ['remote read failed'],
      infos: ['metric might not be a counter'],
    });
    const { answer } = await ask({ shape: COUNTS, reply: () => warned });
    expect(answer.warnings).toEqual(['remote read failed', 'metric might not be a counter']);
  });

  it('is not asked for a window without a whole second', async () => {
    const { server, answer } = await ask({
      shape: COUNTS,
      scope: { window: { from: SCOPE_END, to: SCOPE_END + 900 } },
      reply: counted,
    });
    const none = { kind: 'none', why: 'the window is shorter than a second' };
    expect(answer.leaves).toEqual({ events: none, trials: none, devices: none });
    expect(server.asked).toEqual([]);
  });

  it('is refused where it would count what happened before the stage', async () => {
    const { server, answer } = await ask({
      shape: { ...COUNTS, trials: 'sum(increase(all[1h]))' },
      reply: counted,
    });
    expect(answer.leaves.trials).toEqual({
      kind: 'error',
      why: expect.stringMatching(
        /has no \{\{window\}\}, so it would also count what happened before the stage/,
      ),
    });
    expect(server.asked.map(({ fields }) => fields['query'])).not.toContain('sum(increase(all[1h]))');
  });

  it('warns of a value whose range is fixed', async () => {
    const { answer } = await ask({ shape: value('quantile(0.95, x)'), reply: () => one('1') });
    expect(answer.warnings).toEqual([expect.stringMatching(/no \{\{window\}\}/)]);
  });

  it('keeps a missing baseline from matching everything', async () => {
    const { server, answer } = await ask({
      shape: value('x{v="{{baseline}}"}'),
      scope: { baselineVersion: null },
      reply: () => one('1'),
    });
    expect(answer.leaves.value).toEqual({ kind: 'error', why: expect.stringMatching(/\{\{baseline\}\}/) });
    expect(server.asked).toEqual([]);
  });
});

describe('a long window of Prometheus', () => {
  const window = { from: SCOPE_END - 3_600_000, to: SCOPE_END };

  it('is nothing measured when nothing came in its last ten minutes', async () => {
    const { answer } = await ask({
      shape: COUNTS,
      scope: { window },
      reply: (query) => (query.includes('[600s]') ? success('vector', []) : one('5')),
    });
    expect(answer.leaves.trials).toEqual({
      kind: 'none',
      why: expect.stringMatching(/nothing in the last 10 minutes/),
    });
  });

  it('is an error when it cannot be told whether anything came', async () => {
    const { answer } = await ask({
      shape: COUNTS,
      scope: { window },
      reply: (query) => (query.includes('[600s]') ? failed(422, { status: 'error', error: 'no' }) : one('5')),
    });
    expect(answer.leaves.trials).toEqual({ kind: 'error', why: expect.stringMatching(/HTTP 422: no/) });
  });

  it('is what the query says when samples still come', async () => {
    const { answer, server } = await ask({ shape: COUNTS, scope: { window }, reply: () => one('5') });
    expect(answer.leaves.trials).toEqual({ kind: 'number', value: 5 });
    expect(server.asked).toHaveLength(4);
  });
});

describe('a question to Prometheus that is given up', () => {
  it.each(['before', 'during'])('%s it is asked rejects with the reason', async (when) => {
    const giveUp = new AbortController();
    const reason = new Error('the job was cancelled');
    const server = await startNumbersServer(() => {
      giveUp.abort(reason);
      return 'silent';
    });
    servers.push(server);
    const source = createPrometheusSource({
      url: server.origin,
      token: TOKEN,
      clock: createVirtualClock(SCOPE_END),
      userAgent: 'test',
    });
    if (when === 'before') giveUp.abort(reason);
    const asking = source.ask({ source: 'prometheus', shape: COUNTS }, seriesScope(), giveUp.signal);
    await expect(asking).rejects.toBe(reason);
  });
});

describe('a Prometheus that is busy', () => {
  it('is asked again after the time that it names', async () => {
    const { answer, server, tookMs } = await ask({
      reply: (_query, turn) => (turn === 0 ? failed(429, '', { 'retry-after': '3' }) : one('1')),
    });
    expect(answer.leaves.value).toEqual({ kind: 'number', value: 1 });
    expect([server.asked.length, tookMs]).toEqual([2, 3_000]);
  });

  it('is not waited for beyond the deadline', async () => {
    const { answer, server } = await ask({ reply: () => failed(429, '', { 'retry-after': '60' }) });
    expect(answer.leaves.value).toEqual({ kind: 'error', why: expect.stringMatching(/rate-limited/) });
    expect(server.asked).toHaveLength(1);
  });

  it.each([500, 502, 503])('is asked once more after a %i', async (status) => {
    const { answer, server } = await ask({
      reply: (_query, turn) => (turn === 0 ? failed(status, 'oops') : one('1')),
    });
    expect(answer.leaves.value).toEqual({ kind: 'number', value: 1 });
    expect(server.asked).toHaveLength(2);
  });

  it('is asked at most twice', async () => {
    const { server } = await ask({ reply: () => failed(500, 'oops') });
    expect(server.asked).toHaveLength(2);
  });
});

const HOSTILE_TEXTS = [
  'http://evil.example/api/v1/query',
  '../../admin?x={{window}}',
  'up&query=other',
  'up HTTP/1.1\r\nHost: evil.example\r\n\r\n{{window}}',
  '#{{window}}',
  '@evil.example/{{window}}',
];

describe('the server that is asked', () => {
  it.each(HOSTILE_TEXTS)('is the input’s whatever the query is: %j', async (text) => {
    const { server } = await ask({ shape: value(text), reply: () => one('1') });
    expect(server.asked.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /api/v1/query']);
    expect(server.asked[0]?.headers['host']).toBe(new URL(server.origin).host);
    expect(server.asked[0]?.fields['query']).toBe(text.replace('{{window}}', '900s'));
  });

  it.each(['"} or up{a="', "'", '`', '\\', 'a\nb', '\u0007'])(
    'reads a version as one text: %j',
    async (version) => {
      const { server } = await ask({
        shape: value('x{v="{{version}}"}'),
        scope: { version },
        reply: () => one('1'),
      });
      const query = server.asked[0]?.fields['query'] ?? '';
      expect(query).toMatch(/^x\{v="(?:[^"'`\\\n]|\\\\|\\x[0-9a-f]{2})*"\}$/);
    },
  );
});

type InputRow = { readonly url?: string; readonly token?: string; readonly throws: RegExp };

const INPUT_ROWS: Readonly<Record<string, InputRow>> = {
  'no address': { url: 'prometheus:9090/x y', throws: /prometheus-url/ },
  'clear text beyond this machine': {
    url: 'http://prom.example',
    throws: /prometheus-url starts with http:/,
  },
  'a password in the address': { url: 'https://a:b@prom.example', throws: /with prometheus-token/ },
  'a query in the address': { url: 'https://prom.example/?a=b', throws: /query or fragment/ },
  'a token over two lines': { token: 'a\r\nx: y', throws: /^prometheus-token contains a line break/ },
};

describe('the inputs of Prometheus', () => {
  it.each(Object.entries(INPUT_ROWS))('are refused: %s', (_what, { url, token, throws }) => {
    const create = (): unknown =>
      createPrometheusSource({
        url: url ?? 'https://prom.example',
        token: token ?? '',
        clock: createVirtualClock(0),
        userAgent: 'test',
      });
    expect(create).toThrow(throws);
  });
});
