/** What a receiver's `Retry-After` means, however it is written. */
import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../../src/runtime/retry-after.ts';

const NOW = Date.UTC(2026, 10, 20, 10);

describe('retryAfterMs', () => {
  it.each([
    [null, 0],
    ['0', 0],
    ['1.5', 1_500],
    [' 3 ', 3_000],
    [new Date(NOW + 20_000).toUTCString(), 20_000],
    [new Date(NOW - 20_000).toUTCString(), 0],
    [new Date(NOW + 86_400_000).toUTCString(), 60_000],
    ['soon', 0],
    ['-5', 0],
    ['NaN', 0],
    ['', 0],
  ])('of %s is %d', (header, expected) => {
    expect(retryAfterMs(header, { nowMs: NOW, mostMs: 60_000 })).toBe(expected);
  });
});
