/** How long Prometheus is waited for, and which inputs are refused before it is asked. */
import { describe, expect, it } from 'vitest';
import { createPrometheusSource } from '../../../src/metrics/prometheus/prometheus-source.ts';
import { createVirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { askPrometheus, COUNTS, failed, one, TOKEN } from '../../support/asked-prometheus.ts';
import { startNumbersServer } from '../../support/numbers-server.ts';
import { SCOPE_END, seriesScope } from '../../support/series-scopes.ts';

describe('a question to Prometheus that is given up', () => {
  it.each(['before', 'during'])('%s it is asked rejects with the reason', async (when) => {
    const giveUp = new AbortController();
    const reason = new Error('the job was cancelled');
    const server = await startNumbersServer(() => {
      giveUp.abort(reason);
      return 'silent';
    });
    const source = createPrometheusSource({
      url: server.origin,
      token: TOKEN,
      clock: createVirtualClock(SCOPE_END),
      userAgent: 'test',
    });
    if (when === 'before') giveUp.abort(reason);
    const asking = source.ask({ source: 'prometheus', shape: COUNTS }, seriesScope(), giveUp.signal);
    await expect(asking).rejects.toBe(reason);
    await server.close();
  });
});

describe('a Prometheus that is busy', () => {
  it('is asked again after the time that it names', async () => {
    const { answer, asked, tookMs } = await askPrometheus({
      reply: (_query, turn) => (turn === 0 ? failed(429, '', { 'retry-after': '3' }) : one('1')),
    });
    expect(answer.leaves.value).toEqual({ kind: 'number', value: 1 });
    expect([asked.length, tookMs]).toEqual([2, 3_000]);
  });

  it('is not waited for beyond the deadline', async () => {
    const { answer, asked } = await askPrometheus({ reply: () => failed(429, '', { 'retry-after': '60' }) });
    expect(answer.leaves.value).toEqual({ kind: 'error', why: expect.stringMatching(/rate-limited/) });
    expect(asked).toHaveLength(1);
  });

  it.each([500, 502, 503])('is asked once more after a %i', async (status) => {
    const { answer, asked } = await askPrometheus({
      reply: (_query, turn) => (turn === 0 ? failed(status, 'oops') : one('1')),
    });
    expect(answer.leaves.value).toEqual({ kind: 'number', value: 1 });
    expect(asked).toHaveLength(2);
  });

  it('is asked at most twice', async () => {
    const { asked } = await askPrometheus({ reply: () => failed(500, 'oops') });
    expect(asked).toHaveLength(2);
  });
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
