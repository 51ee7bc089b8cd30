/** What Prometheus answers becomes a number, nothing, or an error that says what to do. */
import { describe, expect, it } from 'vitest';
import type { SeriesShape } from '../../../src/core/series.ts';
import { createPrometheusSource } from '../../../src/metrics/prometheus/prometheus-source.ts';
import type { LeafAnswer } from '../../../src/metrics/series-source.ts';
import { createVirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { askPrometheus, failed, one, success, TOKEN, valueShape } from '../../support/asked-prometheus.ts';
import type { NumbersReply } from '../../support/numbers-server.ts';
import { SCOPE_END, seriesScope } from '../../support/series-scopes.ts';

const BUCKETS: SeriesShape = { kind: 'buckets', buckets: 'b[{{window}}]', unit: 'ms', devices: null };
const bucket = (le: string, count: string, labels = {}): unknown => ({
  metric: { ...labels, le },
  value: [1_772_366_400, count],
});
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
  'numbers with a warning may not be all of them': {
    reply: success('vector', [{ metric: {}, value: [1, '1'] }], { warnings: ['remote read failed'] }),
    kind: 'error',
    says: /may not be whole, it comes with the warning "remote read failed"/,
  },
  'nothing with a warning is not nothing': {
    reply: success('vector', [], { warnings: ['no store reached'] }),
    kind: 'error',
    says: /may not be whole/,
  },
  'empty warnings are none': {
    reply: success('vector', [{ metric: {}, value: [1, '1'] }], { warnings: [], isPartial: false }),
    gives: { kind: 'number', value: 1 },
  },
  'an answer of a part of the stores is an error': {
    reply: success('vector', [{ metric: {}, value: [1, '1'] }], { isPartial: true }),
    kind: 'error',
    says: /of a part of the stores only/,
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
    const { answer } = await askPrometheus({ reply: () => row.reply });
    const leaf = answer.leaves.value;
    if ('gives' in row) expect(leaf).toEqual(row.gives);
    else expect(leaf).toEqual({ kind: row.kind, why: expect.stringMatching(row.says) });
  });

  it('that never comes is an error at the deadline', async () => {
    const { answer } = await askPrometheus({ reply: () => 'silent', deadlineMs: 150 });
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
    const { leaves } = await source.ask({ source: 'prometheus', shape: valueShape('up') }, seriesScope());
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
  'a bound without a digit before its point is a number': {
    reply: success('vector', [bucket('.5', '3'), bucket('1e+06', '4'), bucket('+Inf', '4')]),
    gives: {
      kind: 'buckets',
      buckets: [
        { upTo: 0.5, count: 3 },
        { upTo: 1_000_000, count: 4 },
        { upTo: Number.POSITIVE_INFINITY, count: 4 },
      ],
    },
  },
  'a count below zero is an error': {
    reply: success('vector', [bucket('1', '-2'), bucket('+Inf', '2')]),
    kind: 'error',
    says: /not cumulative: -2 up to 1, after 0/,
  },
  'no bucket is nothing': { reply: success('vector', []), kind: 'none', says: /found no series/ },
  'two histograms in one are an error': {
    reply: success('vector', [
      bucket('1', '1', { pod: 'a' }),
      bucket('1', '1', { pod: 'b' }),
      bucket('+Inf', '2'),
    ]),
    kind: 'error',
    says: /two buckets end at 1; wrap the query in sum by \(le\)/,
  },
  'counts that fall are an error': {
    reply: success('vector', [bucket('1', '5'), bucket('2', '4'), bucket('+Inf', '9')]),
    kind: 'error',
    says: /not cumulative: 4 up to 2, after 5/,
  },
  'a histogram without its last bucket is an error': {
    reply: success('vector', [bucket('1', '5'), bucket('2', '6')]),
    kind: 'error',
    says: /up to \+Inf is missing/,
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
    const { answer } = await askPrometheus({ shape: BUCKETS, reply: () => row.reply });
    const leaf = answer.leaves.buckets;
    if ('gives' in row) expect(leaf).toEqual(row.gives);
    else expect(leaf).toEqual({ kind: row.kind, why: expect.stringMatching(row.says) });
  });
});
