/** What Prometheus is asked: queries that stay within the stage and within their place, on the input’s server only. */
import { describe, expect, it } from 'vitest';
import {
  askPrometheus,
  COUNTS,
  failed,
  one,
  success,
  TOKEN,
  valueShape,
} from '../../support/asked-prometheus.ts';
import type { NumbersReply } from '../../support/numbers-server.ts';
import { SCOPE_END } from '../../support/series-scopes.ts';

describe('the question to Prometheus', () => {
  const counted = (query: string): NumbersReply =>
    one(query.startsWith('failed') ? '3' : query.startsWith('all') ? '100' : '7');

  it('is one form for each text, at the end of the window, with the token', async () => {
    const { asked, answer } = await askPrometheus({
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
    expect(asked.map(({ fields }) => fields['query']).sort()).toEqual([
      'all{v="2.0.0"}[300s]',
      'count(up{v="2.0.0"})',
      'failed{v="2.0.0"}[300s]',
    ]);
    for (const { method, path, fields, headers } of asked) {
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
    const { asked, answer } = await askPrometheus({
      token,
      reply: () => failed(400, { status: 'error', error: `got ${basic}, pa55-word and ${token}` }),
    });
    expect(asked[0]?.headers['authorization']).toBe(`Basic ${basic}`);
    expect(JSON.stringify(answer)).not.toMatch(new RegExp(`pa55|${basic}`));
  });

  it('carries no header of a token where there is none', async () => {
    const { asked } = await askPrometheus({ token: '', reply: () => one('1') });
    expect(asked[0]?.headers['authorization']).toBeUndefined();
  });

  it('shows what Prometheus remarks, once', async () => {
    const remarked = success('vector', [{ metric: {}, value: [1, '1'] }], {
      infos: ['metric might not be a counter'],
    });
    const { answer } = await askPrometheus({ shape: COUNTS, reply: () => remarked });
    expect(answer.warnings).toEqual(['metric might not be a counter']);
    expect(answer.leaves.trials).toEqual({ kind: 'number', value: 1 });
  });

  it('wants no answer from a part of the stores, in the words of Thanos and of VictoriaMetrics', async () => {
    const { asked } = await askPrometheus({ shape: COUNTS, reply: counted });
    for (const { fields } of asked) {
      expect(fields).toMatchObject({ partial_response: 'false', deny_partial_response: '1' });
    }
  });

  it('is not asked for a window without a whole second', async () => {
    const { asked, answer } = await askPrometheus({
      shape: COUNTS,
      scope: { window: { from: SCOPE_END, to: SCOPE_END + 900 } },
      reply: counted,
    });
    const none = { kind: 'none', why: 'the window is shorter than a second' };
    expect(answer.leaves).toEqual({ events: none, trials: none, devices: none });
    expect(asked).toEqual([]);
  });

  it('is refused where it would count what happened before the stage', async () => {
    const { asked, answer } = await askPrometheus({
      shape: { ...COUNTS, trials: 'sum(increase(all[1h]))' },
      reply: counted,
    });
    expect(answer.leaves.trials).toEqual({
      kind: 'error',
      why: expect.stringMatching(
        /has no \{\{window\}\}, so it would also count what happened before the stage/,
      ),
    });
    expect(asked.map(({ fields }) => fields['query'])).not.toContain('sum(increase(all[1h]))');
  });

  it.each([
    ['events', 'sum(rate(failed[{{window}}]))'],
    ['trials', 'sum(irate (all[{{window}}]))'],
  ] as const)('is refused where %s are per second', async (name, text) => {
    const { asked, answer } = await askPrometheus({ shape: { ...COUNTS, [name]: text }, reply: counted });
    expect(answer.leaves[name]).toEqual({
      kind: 'error',
      why: expect.stringMatching(/has a rate\(…\), which is per second, where counts are expected; write/),
    });
    expect(asked.filter(({ fields }) => fields['query']?.includes('rate'))).toEqual([]);
  });

  it.each([
    'sum(rate(all[{{window}}])) * ({{to}} - {{from}})',
    'sum(increase(error_rate_total[{{window}}]))',
  ])('takes %s for a count', async (trials) => {
    const { answer } = await askPrometheus({ shape: { ...COUNTS, trials }, reply: () => one('7') });
    expect(answer.leaves.trials).toEqual({ kind: 'number', value: 7 });
  });

  it('is refused where a zero would be there long after the last scrape', async () => {
    const { asked, answer } = await askPrometheus({
      shape: { ...COUNTS, trials: 'sum(increase(all[{{window}}])) or vector(0)' },
      reply: () => one('7'),
    });
    expect(answer.leaves.trials).toEqual({
      kind: 'error',
      why: expect.stringMatching(/has a vector\(…\), which is there even when nothing is scraped any more/),
    });
    expect(asked.filter(({ fields }) => fields['query']?.includes('vector'))).toEqual([]);
  });

  it('may divide rates by each other for a mean', async () => {
    const { answer } = await askPrometheus({
      shape: {
        kind: 'mean',
        mean: 'sum(rate(sum[{{window}}])) / sum(rate(n[{{window}}]))',
        n: 'sum(increase(n[{{window}}]))',
        devices: null,
      },
      reply: () => one('0.5'),
    });
    expect(answer.leaves.mean).toEqual({ kind: 'number', value: 0.5 });
  });

  it('warns of a value whose range is fixed', async () => {
    const { answer } = await askPrometheus({ shape: valueShape('quantile(0.95, x)'), reply: () => one('1') });
    expect(answer.warnings).toEqual([expect.stringMatching(/no \{\{window\}\}/)]);
  });

  it('keeps a missing baseline from matching everything', async () => {
    const { asked, answer } = await askPrometheus({
      shape: valueShape('x{v="{{baseline}}"}'),
      scope: { baselineVersion: null },
      reply: () => one('1'),
    });
    expect(answer.leaves.value).toEqual({ kind: 'error', why: expect.stringMatching(/\{\{baseline\}\}/) });
    expect(asked).toEqual([]);
  });
});

describe('a long window of Prometheus', () => {
  const window = { from: SCOPE_END - 3_600_000, to: SCOPE_END };

  it('is nothing measured when nothing came in its last ten minutes', async () => {
    const { answer } = await askPrometheus({
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
    const { answer } = await askPrometheus({
      shape: COUNTS,
      scope: { window },
      reply: (query) => (query.includes('[600s]') ? failed(422, { status: 'error', error: 'no' }) : one('5')),
    });
    expect(answer.leaves.trials).toEqual({ kind: 'error', why: expect.stringMatching(/HTTP 422: no/) });
  });

  it('is what the query says when samples still come', async () => {
    const { answer, asked } = await askPrometheus({
      shape: COUNTS,
      scope: { window },
      reply: () => one('5'),
    });
    expect(answer.leaves.trials).toEqual({ kind: 'number', value: 5 });
    expect(asked).toHaveLength(4);
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
    const { asked, host } = await askPrometheus({ shape: valueShape(text), reply: () => one('1') });
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /api/v1/query']);
    expect(asked[0]?.headers['host']).toBe(host);
    expect(asked[0]?.fields['query']).toBe(text.replace('{{window}}', '900s'));
  });

  it.each(['"} or up{a="', "'", '`', '\\', 'a\nb', '\u0007'])(
    'reads a version as one text: %j',
    async (version) => {
      const { asked } = await askPrometheus({
        shape: valueShape('x{v="{{version}}"}'),
        scope: { version },
        reply: () => one('1'),
      });
      const query = asked[0]?.fields['query'] ?? '';
      expect(query).toMatch(/^x\{v="(?:[^"'`\\\n]|\\\\|\\x[0-9a-f]{2})*"\}$/);
    },
  );
});
