/** Asks the Datadog source against a local server that answers as a test tells it to. */
import { expect } from 'vitest';
import type { SeriesShape } from '../../src/core/series.ts';
import { createDatadogSource } from '../../src/metrics/datadog/datadog-source.ts';
import type { SeriesAnswer, SeriesScope } from '../../src/metrics/series-source.ts';
import { createVirtualClock } from '../../src/runtime/virtual-clock.ts';
import { type AskedNumbers, type NumbersReply, startNumbersServer } from './numbers-server.ts';
import { SCOPE_END, seriesScope } from './series-scopes.ts';

/** The two keys; no answer may contain them. */
export const API_KEY = 'dd-api-5ecret';
/** The second one. */
export const APP_KEY = 'dd-app-5ecret';

/** The begin of the window that is asked for unless a test gives another. */
export const BEGIN = SCOPE_END - 900_000;

/** A bare value. */
export const VALUE: SeriesShape = {
  kind: 'value',
  value: 'p95:latency{version:{{version}}}',
  unit: 'ms',
  devices: null,
};

/** Counts of failed and of all requests. */
export const COUNTS: Extract<SeriesShape, { kind: 'counts' }> = {
  kind: 'counts',
  events: 'sum:failed{version:{{version}}}.as_count()',
  trials: 'sum:all{version:{{version}}}.as_count()',
  devices: 'count_nonzero(sum:all{version:{{version}}} by {device})',
  devicesWithEvents: null,
};

/** What is asked, and how the server replies to each query. */
export interface Setting {
  readonly reply: (query: string, turn: number) => NumbersReply;
  readonly shape?: SeriesShape;
  readonly scope?: Partial<SeriesScope>;
  readonly deadlineMs?: number;
}

/** The answer, what the server was asked, and how long the source waited. */
export interface AskedDatadog {
  readonly answer: SeriesAnswer;
  readonly asked: readonly AskedNumbers[];
  readonly tookMs: number;
}

/** Asks once, in virtual time, and checks that the answer contains neither key. */
export async function askDatadog(setting: Setting): Promise<AskedDatadog> {
  const server = await startNumbersServer(({ fields }, turn) => setting.reply(fields['query'] ?? '', turn));
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
  const shape = setting.shape ?? VALUE;
  try {
    const answer = await source.ask({ source: 'datadog', shape }, seriesScope(setting.scope));
    expect(JSON.stringify(answer)).not.toMatch(/5ecret/);
    return { answer, asked: server.asked, tookMs: clock.now() - SCOPE_END };
  } finally {
    await server.close();
  }
}

/** Begins of steps with what was measured in them. */
export type Points = readonly (readonly [atMs: number, value: number | null])[];

/** Returns points once a minute, the first one `fromMs` after the begin of the window. */
export function minutely(values: readonly (number | null)[], fromMs = 0): Points {
  return values.map((value, index) => [BEGIN + fromMs + index * 60_000, value]);
}

/** Returns one series of an answer, in steps of a minute. */
export function series(pointlist: Points, more = {}): unknown {
  return { metric: 'all', scope: 'version:2.0.0', interval: 60, pointlist, ...more };
}

/** Returns a successful reply. */
export function ok(...all: readonly unknown[]): NumbersReply {
  return { body: { status: 'ok', series: all } };
}

/** Returns a reply of any status. */
export function failed(status: number, body: unknown, headers = {}): NumbersReply {
  return { status, body, headers };
}
