import { describe, expect, it } from 'vitest';
import { latencyHint, parseLatency } from '../../../src/plan/latency.ts';

describe('parseLatency', () => {
  it.each([
    ['400ms', 400],
    ['2s', 2_000],
    ['1.5s', 1_500],
    ['0.5ms', 0.5],
  ])('reads %s', (text, ms) => {
    expect(parseLatency(text)).toBe(ms);
  });

  it.each(['', '400', '400 ms', '5m', '-1ms', '1e3ms', 'ms'])('refuses %j', (text) => {
    expect(parseLatency(text)).toBeNull();
  });
});

describe('latencyHint', () => {
  it.each([
    ['400', 'Did you mean 400ms or 400s?'],
    ['400 ms', 'Did you mean 400ms?'],
    ['2S', 'Did you mean 2s?'],
    ['fast', null],
  ])('guesses what %j means', (text, hint) => {
    expect(latencyHint(text)).toBe(hint);
  });
});
