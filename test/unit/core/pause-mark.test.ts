import { describe, expect, it } from 'vitest';
import { pauseMarkIn } from '../../../src/core/pause-mark.ts';
import type { HistoryEntry } from '../../../src/core/rollout.ts';
import { PAUSE_MARKS } from '../../../src/core/rollout.ts';
import { anEntry, aTaggedEntry } from '../../support/core-builders.ts';

const AT = Date.UTC(2026, 10, 20, 10);
const paused = (over: Partial<HistoryEntry> = {}): HistoryEntry =>
  anEntry({ status: 'paused', reason: null, at: AT, ...over });
const marked = aTaggedEntry({ pausing: 'timeout', at: AT }, { status: 'active', at: AT });

describe('the mark of a pause', () => {
  it.each(PAUSE_MARKS)('is read where a run of ours paused: %s', (mark) => {
    expect(pauseMarkIn([aTaggedEntry({ pausing: mark, at: AT }, { at: AT }), paused()])).toBe(mark);
  });

  const nobodys: readonly { readonly title: string; readonly history: readonly HistoryEntry[] }[] = [
    { title: 'no history', history: [] },
    { title: 'a pause without a word', history: [anEntry({ status: 'active', at: AT }), paused()] },
    { title: 'a tag that marks no pause', history: [aTaggedEntry({ pausing: null, at: AT }), paused()] },
    {
      title: "a mark that an operator's note followed",
      history: [marked, paused(), paused({ reason: 'kept paused by request: INC-42' })],
    },
    {
      title: 'a mark from before the rollout was resumed',
      history: [marked, paused(), anEntry({ status: 'active', reason: null, at: AT }), paused()],
    },
    { title: 'a pause that came long after the mark', history: [marked, paused({ at: AT + 60_001 })] },
  ];

  it.each(nobodys)('is none for $title', ({ history }) => {
    expect(pauseMarkIn(history)).toBeNull();
  });

  it('holds for a pause whose time is not told, and for one a minute after the mark', () => {
    expect(pauseMarkIn([marked, paused({ at: null })])).toBe('timeout');
    expect(pauseMarkIn([marked, paused({ at: AT + 60_000 })])).toBe('timeout');
  });
});
