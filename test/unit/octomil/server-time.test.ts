/** A difference that the Date header's resolution explains is no difference. */
import { describe, expect, it } from 'vitest';
import { clockSkewMs } from '../../../src/octomil/server-time.ts';

const NOW = Date.UTC(2026, 10, 20, 10);

describe('clockSkewMs', () => {
  it.each([
    { title: 'the same second', dateMs: NOW, sentAt: NOW + 100, receivedAt: NOW + 300, gives: 0 },
    { title: 'a second cut off', dateMs: NOW - 999, sentAt: NOW, receivedAt: NOW, gives: 0 },
    { title: 'an hour ahead', dateMs: NOW + 3_600_000, sentAt: NOW, receivedAt: NOW, gives: 3_600_500 },
    { title: 'a minute behind', dateMs: NOW - 60_000, sentAt: NOW, receivedAt: NOW, gives: -59_500 },
    { title: 'a slow exchange', dateMs: NOW + 60_000, sentAt: NOW, receivedAt: NOW + 1_000, gives: 60_000 },
  ])('$title', ({ dateMs, sentAt, receivedAt, gives }) => {
    expect(clockSkewMs(dateMs, sentAt, receivedAt)).toBe(gives);
  });
});
