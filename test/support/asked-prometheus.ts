/** Asks the Prometheus source against a local server that answers as a test tells it to. */
import { expect } from 'vitest';
import type { SeriesShape } from '../../src/core/series.ts';
import { createPrometheusSource } from '../../src/metrics/prometheus/prometheus-source.ts';
import type { SeriesAnswer, SeriesScope } from '../../src/metrics/series-source.ts';
import { createVirtualClock } from '../../src/runtime/virtual-clock.ts';
import { type AskedNumbers, type NumbersReply, startNumbersServer } from './numbers-server.ts';
import { SCOPE_END, seriesScope } from './series-scopes.ts';

/** The token that is sent unless a test gives another; no answer may contain it. */
export const TOKEN = 'tok-5ecret-value';

/** Counts of failed and of all requests. */
export const COUNTS: Extract<SeriesShape, { kind: 'counts' }> = {
  kind: 'counts',
  events: 'failed{v="{{version}}"}[{{window}}]',
  trials: 'all{v="{{version}}"}[{{window}}]',
  devices: 'count(up{v="{{version}}"})',
  devicesWithEvents: null,
};

/** What is asked, and how the server replies to each query. */
export interface Setting {
  readonly reply: (query: string, turn: number) => NumbersReply;
  readonly shape?: SeriesShape;
  readonly scope?: Partial<SeriesScope>;
  readonly token?: string;
  readonly path?: string;
  readonly deadlineMs?: number;
}

/** The answer, what the server was asked, and how long the source waited. */
export interface AskedPrometheus {
  readonly answer: SeriesAnswer;
  readonly asked: readonly AskedNumbers[];
  readonly host: string;
  readonly tookMs: number;
}

/** Asks once, in virtual time, and checks that the answer does not contain the token. */
export async function askPrometheus(setting: Setting): Promise<AskedPrometheus> {
  const server = await startNumbersServer(({ fields }, turn) => setting.reply(fields['query'] ?? '', turn));
  const clock = createVirtualClock(SCOPE_END);
  const source = createPrometheusSource({
    url: `${server.origin}${setting.path ?? ''}`,
    token: setting.token ?? TOKEN,
    clock,
    userAgent: 'test',
    deadlineMs: setting.deadlineMs ?? 5_000,
  });
  const shape = setting.shape ?? valueShape('up{v="{{version}}"}[{{window}}]');
  try {
    const answer = await source.ask({ source: 'prometheus', shape }, seriesScope(setting.scope));
    expect(JSON.stringify(answer)).not.toContain(TOKEN);
    const { host } = new URL(server.origin);
    return { answer, asked: server.asked, host, tookMs: clock.now() - SCOPE_END };
  } finally {
    await server.close();
  }
}

/** Returns a bare value that is asked with one text. */
export function valueShape(text: string): SeriesShape {
  return { kind: 'value', value: text, unit: 'ratio', devices: null };
}

/** Returns a successful reply. */
export function success(resultType: string, result: unknown, more = {}): NumbersReply {
  return { body: { status: 'success', data: { resultType, result }, ...more } };
}

/** Returns a vector of one sample. */
export function one(text: string, labels: Readonly<Record<string, string>> = {}): NumbersReply {
  return success('vector', [{ metric: labels, value: [1_772_366_400, text] }]);
}

/** Returns a reply of any status. */
export function failed(status: number, body: unknown, headers = {}): NumbersReply {
  return { status, body, headers };
}
