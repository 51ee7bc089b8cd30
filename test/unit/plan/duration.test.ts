import { describe, expect, it } from 'vitest';
import { durationHint, parseDuration, writeDuration } from '../../../src/plan/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['0s', 0],
    ['90s', 90_000],
    ['15m', 900_000],
    ['6h', 21_600_000],
    ['7d', 604_800_000],
    ['1h30m', 5_400_000],
    ['1d2h3m4s', 93_784_000],
    ['999999s', 999_999_000],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    '5',
    '0',
    '-5m',
    '+5m',
    '1.5h',
    '500ms',
    '5 m',
    '5M',
    '30m1h',
    '5m5m',
    '1w',
    'h',
    '1h ',
    '1e3s',
    '５m',
    '9999999s',
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeNull();
  });
});

describe('durationHint', () => {
  it.each([
    ['5', 'Did you mean 5m or 5s?'],
    ['0', 'Did you mean 0s?'],
    ['1.5h', 'Did you mean 1h30m?'],
    ['2 hours', 'Did you mean 2h?'],
    ['5 min', 'Did you mean 5m?'],
    ['1w', 'Did you mean 7d?'],
    ['10M', 'Did you mean 10m?'],
    ['5000ms', 'Did you mean 5s?'],
    ['500ms', 'Durations are whole seconds; the nearest is 1s.'],
    ['1.5', null],
    ['soon', null],
    ['', null],
  ])('guesses what %j means', (text, hint) => {
    expect(durationHint(text)).toBe(hint);
  });
});

describe('writeDuration', () => {
  it.each(['0s', '90s', '59m59s', '1d2h3m4s', '30d'])('writes what parseDuration reads: %s', (text) => {
    const ms = parseDuration(text) ?? Number.NaN;
    expect(parseDuration(writeDuration(ms))).toBe(ms);
  });

  it('prefers the larger unit', () => {
    expect(writeDuration(5_400_000)).toBe('1h30m');
  });
});
