/** Times are UTC, to the second, and never an exception. */
import { describe, expect, it } from 'vitest';
import { formatClock, formatTime, isoTime } from '../../../src/report/time.ts';

const NOT_TIMES = [Number.NaN, Number.POSITIVE_INFINITY, 9e15, -9e15];

describe('a time', () => {
  it('is written in UTC to the second', () => {
    expect(formatTime(Date.UTC(2026, 10, 20, 10, 5, 0, 999))).toBe('2026-11-20T10:05:00Z');
    expect(formatClock(Date.UTC(2026, 10, 20, 23, 59, 59))).toBe('23:59:59Z');
  });

  it.each(NOT_TIMES)('that is none is said to be unknown: %s', (at) => {
    expect(formatTime(at)).toBe('unknown');
    expect(formatClock(at)).toBe('unknown');
    expect(isoTime(at)).toBeNull();
  });
});
