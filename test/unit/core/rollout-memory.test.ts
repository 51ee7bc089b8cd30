/** What is remembered beside the API fills gaps of its history and contradicts nothing in it. */
import { describe, expect, it } from 'vitest';
import { type MemoryTag, readTag, writeTag } from '../../../src/core/memory-tag.ts';
import { pauseMarkIn } from '../../../src/core/pause-mark.ts';
import type { HistoryEntry, PauseMark } from '../../../src/core/rollout.ts';
import { withMemory } from '../../../src/core/rollout-memory.ts';

const T0 = Date.UTC(2026, 10, 20, 10);
const MINUTE = 60_000;

function reasonAt(minute: number, pausing: PauseMark | null = null): string {
  const tag: MemoryTag = {
    planDigest: 'abc',
    stage: 1,
    stagesTotal: 3,
    previousVersion: '1.0.0',
    run: '1.1.1',
    at: T0 + minute * MINUTE,
    pausing,
    leaseUntil: null,
  };
  return writeTag('', tag);
}

function note(minute: number, percentage: number, pausing: PauseMark | null = null): HistoryEntry {
  return { status: null, percentage, at: T0 + minute * MINUTE, reason: reasonAt(minute, pausing) };
}

const bare = (...words: readonly ('active' | 'paused')[]): readonly HistoryEntry[] =>
  words.map((status) => ({ status, percentage: null, reason: null, at: null }));

const timed = (minute: number, status: 'active' | 'paused', percentage: number): HistoryEntry => ({
  status,
  percentage,
  reason: null,
  at: T0 + minute * MINUTE,
});

describe('withMemory', () => {
  it('leaves a history that carries tags as it is', () => {
    const history = [{ ...timed(0, 'active', 10), reason: reasonAt(0) }];
    expect(withMemory(history, [note(5, 50)])).toBe(history);
  });

  it('leaves a history as it is where nothing is remembered', () => {
    const history = bare('active');
    expect(withMemory(history, [])).toBe(history);
  });

  it('gives a history without times the times that are remembered', () => {
    const merged = withMemory(bare('active', 'active'), [note(0, 10), note(60, 50)]);
    expect(merged.filter(({ at }) => at !== null)).toEqual([note(0, 10), note(60, 50)]);
  });

  it('gives a history with times the tags only, where they belong', () => {
    const history = [timed(0, 'active', 10), timed(60, 'active', 50)];
    const merged = withMemory(history, [note(0, 10), note(61, 50)]);
    expect(merged.filter(({ at }) => at !== null)).toEqual(history);
    expect(merged.map(({ reason }) => (readTag(reason)?.at ?? Number.NaN) - T0)).toEqual([
      0,
      Number.NaN,
      Number.NaN,
      61 * MINUTE,
    ]);
  });

  it.each([
    { name: 'our pause', history: bare('active', 'paused'), gives: 'cancel' },
    { name: 'our pause, told twice', history: bare('active', 'paused', 'paused'), gives: 'cancel' },
    { name: 'a second pause', history: bare('active', 'paused', 'active', 'paused'), gives: null },
    { name: 'a history that tells no pause', history: [], gives: null },
    {
      name: 'a pause at the time of our mark',
      history: [timed(0, 'active', 10), timed(5, 'paused', 10)],
      gives: 'cancel',
    },
    {
      name: 'a pause long after our mark',
      history: [timed(0, 'active', 10), timed(50, 'paused', 10)],
      gives: null,
    },
    {
      name: 'a later pause of somebody else',
      history: [
        timed(0, 'active', 10),
        timed(5, 'paused', 10),
        timed(8, 'active', 10),
        timed(9, 'paused', 10),
      ],
      gives: null,
    },
  ])('takes for ours only what is certain to be: $name', ({ history, gives }) => {
    expect(pauseMarkIn(withMemory(history, [note(0, 10), note(5, 10, 'cancel')]))).toBe(gives);
  });
});
