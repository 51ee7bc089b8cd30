/** What Datadog answers becomes a number, nothing, or an error that says what to do. */
import { describe, expect, it } from 'vitest';
import type { LeafAnswer } from '../../../src/metrics/series-source.ts';
import { API_KEY, askDatadog, BEGIN, failed, minutely, ok, series } from '../../support/asked-datadog.ts';
import type { NumbersReply } from '../../support/numbers-server.ts';

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
    const { answer } = await askDatadog({ reply: () => row.reply });
    const leaf = answer.leaves.value;
    if ('gives' in row) expect(leaf).toEqual(row.gives);
    else expect(leaf).toEqual({ kind: row.kind, why: expect.stringMatching(row.says) });
  });

  it('that never comes is an error at the deadline', async () => {
    const { answer } = await askDatadog({ reply: () => 'silent', deadlineMs: 150 });
    expect(answer.leaves.value).toEqual({ kind: 'error', why: expect.stringMatching(/150 ms/) });
  });
});

describe('a Datadog that is busy', () => {
  it('is asked again when its limit is reset', async () => {
    const { answer, asked, tookMs } = await askDatadog({
      reply: (_query, turn) =>
        turn === 0
          ? failed(429, { errors: ['slow'] }, { 'x-ratelimit-reset': '2' })
          : ok(series(minutely([7]))),
    });
    expect(answer.leaves.value).toEqual({ kind: 'number', value: 7 });
    expect([asked.length, tookMs]).toEqual([2, 2_000]);
  });

  it('is not waited for beyond the deadline', async () => {
    const { answer, asked } = await askDatadog({
      reply: () => failed(429, { errors: ['slow'] }, { 'x-ratelimit-reset': '3000' }),
    });
    expect(answer.leaves.value).toEqual({
      kind: 'error',
      why: expect.stringMatching(/rate-limited \(HTTP 429\): slow/),
    });
    expect(asked).toHaveLength(1);
  });
});
