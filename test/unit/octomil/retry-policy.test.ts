/** Which failures are tried again, when, and when that ends. */
import { describe, expect, it } from 'vitest';
import { type FailedTry, nextTry } from '../../../src/octomil/retry-policy.ts';

const NOW = Date.UTC(2026, 10, 20, 10);
const status = (code: number, fields: object = {}) =>
  ({ kind: 'status', status: code, retryAfter: null, routeUnknown: false, ...fields }) as const;
const transport = (error: 'cut' | 'connect' | 'stalled' | 'deadline' | 'too_large' | 'aborted') =>
  ({ kind: 'transport', error }) as const;

function failed(fields: Partial<FailedTry>): FailedTry {
  return {
    call: 'read',
    failure: status(503),
    attempt: 1,
    waitedMs: 0,
    elapsedMs: 0,
    nowMs: NOW,
    random: 0.5,
    ...fields,
  };
}

interface Row {
  readonly title: string;
  readonly it: Partial<FailedTry>;
  readonly gives: number | 'give_up';
}

const ROWS: readonly Row[] = [
  { title: '408', it: { failure: status(408) }, gives: 250 },
  { title: '429', it: { failure: status(429) }, gives: 250 },
  { title: '500', it: { failure: status(500) }, gives: 250 },
  { title: '599', it: { failure: status(599) }, gives: 250 },
  { title: '501', it: { failure: status(501) }, gives: 'give_up' },
  { title: '505', it: { failure: status(505) }, gives: 'give_up' },
  { title: '400', it: { failure: status(400) }, gives: 'give_up' },
  { title: '404 of the API', it: { failure: status(404) }, gives: 'give_up' },
  { title: '409', it: { failure: status(409) }, gives: 'give_up' },
  { title: 'a cut', it: { failure: transport('cut') }, gives: 250 },
  { title: 'no connection', it: { failure: transport('connect') }, gives: 250 },
  { title: 'a stall', it: { failure: transport('stalled') }, gives: 250 },
  { title: 'a passed deadline', it: { failure: transport('deadline') }, gives: 250 },
  { title: 'an abort', it: { failure: transport('aborted') }, gives: 'give_up' },
  { title: 'too much', it: { failure: transport('too_large') }, gives: 'give_up' },
  { title: 'an absolute write', it: { call: 'absolute_write' }, gives: 250 },
  { title: 'a write that may be sent once', it: { call: 'once' }, gives: 'give_up' },
  { title: 'the second try', it: { attempt: 2 }, gives: 500 },
  { title: 'the third try', it: { attempt: 3 }, gives: 1_000 },
  { title: 'the fourth try', it: { attempt: 4 }, gives: 'give_up' },
  { title: 'Retry-After in seconds', it: { failure: status(429, { retryAfter: '12' }) }, gives: 12_000 },
  {
    title: 'Retry-After beyond a minute',
    it: { failure: status(429, { retryAfter: '3600' }) },
    gives: 60_000,
  },
  {
    title: 'Retry-After once the waiting is used up',
    it: { waitedMs: 50_000, failure: status(429, { retryAfter: '12' }) },
    gives: 'give_up',
  },
  { title: 'an unknown route', it: { failure: status(404, { routeUnknown: true }) }, gives: 1_000 },
  {
    title: 'an unknown route again',
    it: { attempt: 2, elapsedMs: 1_000, failure: status(404, { routeUnknown: true }) },
    gives: 2_000,
  },
  {
    title: 'an unknown route for the third time',
    it: { attempt: 3, elapsedMs: 3_000, failure: status(404, { routeUnknown: true }) },
    gives: 'give_up',
  },
  {
    title: 'an unknown route after 5 s',
    it: { attempt: 2, elapsedMs: 4_000, failure: status(404, { routeUnknown: true }) },
    gives: 'give_up',
  },
];

describe('nextTry', () => {
  it.each(ROWS)('after $title gives $gives', ({ it: fields, gives }) => {
    const next = nextTry(failed(fields));
    expect(next === 'give_up' ? next : next.retryAfterMs).toBe(gives);
  });

  it('never waits for more than a minute in all, whatever the server asks and however chance falls', () => {
    for (const random of [0, 0.3, 0.999]) {
      for (const retryAfter of [null, '0', '19', '60', '99999']) {
        let waitedMs = 0;
        let attempt = 1;
        for (; ; attempt += 1) {
          const next = nextTry(failed({ attempt, waitedMs, random, failure: status(429, { retryAfter }) }));
          if (next === 'give_up') break;
          waitedMs += next.retryAfterMs;
        }
        expect(waitedMs).toBeLessThanOrEqual(60_000);
        expect(attempt).toBeLessThanOrEqual(4);
      }
    }
  });
});
