import { describe, expect, it } from 'vitest';
import { tickEndBefore, tickLength } from '../../../src/simulation/tick.ts';

describe('tickLength', () => {
  it.each([
    { title: 'right after a change', ageMs: 0, settlingMs: null, gives: 1_000 },
    { title: 'at the end of the first minute', ageMs: 59_000, settlingMs: null, gives: 1_000 },
    { title: 'after a minute', ageMs: 60_000, settlingMs: null, gives: 5_000 },
    { title: 'after ten minutes', ageMs: 600_000, settlingMs: null, gives: 30_000 },
    { title: 'while devices sync within a second', ageMs: 0, settlingMs: 1_000, gives: 100 },
    { title: 'while devices sync within 5 s', ageMs: 0, settlingMs: 5_000, gives: 500 },
    { title: 'while devices sync within an hour', ageMs: 3_000_000, settlingMs: 3_600_000, gives: 1_000 },
    { title: 'when devices sync at once', ageMs: 0, settlingMs: 0, gives: 100 },
  ])('is $gives ms $title', ({ ageMs, settlingMs, gives }) => {
    expect(tickLength(ageMs, settlingMs)).toBe(gives);
  });
});

describe('tickEndBefore', () => {
  it.each([
    { title: 'is cut within', cut: 150, gives: 150 },
    { title: 'is not cut at its start', cut: 100, gives: 200 },
    { title: 'is not cut at its end', cut: 200, gives: 200 },
    { title: 'is not cut by what comes later', cut: 300, gives: 200 },
    { title: 'is not cut by nothing', cut: null, gives: 200 },
  ])('$title', ({ cut, gives }) => {
    expect(tickEndBefore(100, 200, cut)).toBe(gives);
  });
});
