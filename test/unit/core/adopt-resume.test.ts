import { describe, expect, it } from 'vitest';
import type { HistoryEntry, PauseMark, RemoteRollout } from '../../../src/core/rollout.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/units.ts';
import { adopt, at, type Found, UNKNOWN_ENTRY } from '../../support/adoption.ts';
import { anEntry, aTaggedEntry, stagesOf, T0 } from '../../support/core-builders.ts';

const marked = (pausing: PauseMark | null): HistoryEntry => aTaggedEntry({ pausing }, { status: 'active' });
const PAUSE = anEntry({ status: 'paused' });

const PAUSES: readonly { fact: string; history: readonly HistoryEntry[]; gives: boolean }[] = [
  { fact: 'whose time was over', history: [marked('timeout'), PAUSE], gives: true },
  { fact: 'that was cancelled', history: [marked('cancel'), PAUSE], gives: true },
  { fact: 'before the history shows its pause', history: [marked('timeout')], gives: true },
  { fact: 'whose pause was listed twice', history: [marked('timeout'), PAUSE, PAUSE], gives: true },
  {
    fact: 'whose pause followed its mark at once',
    history: [marked('timeout'), anEntry({ status: 'paused', at: T0 + MINUTE_MS })],
    gives: true,
  },
  {
    fact: 'whose mark was followed by no pause of its own, but by a later one',
    history: [marked('timeout'), anEntry({ status: 'paused', at: T0 + MINUTE_MS + 1 })],
    gives: false,
  },
  { fact: 'for a deadline', history: [marked('deadline'), PAUSE], gives: false },
  { fact: 'for a gate', history: [marked('gate'), PAUSE], gives: false },
  { fact: 'without a mark', history: [marked(null), PAUSE], gives: false },
  { fact: 'without a history', history: [], gives: false },
  {
    fact: 'with words of its own',
    history: [marked('timeout'), anEntry({ status: 'paused', reason: 'stop!' })],
    gives: false,
  },
  {
    fact: 'after it was resumed',
    history: [marked('timeout'), PAUSE, anEntry({ status: 'active' }), PAUSE],
    gives: false,
  },
  {
    fact: 'in a pause whose status is not told',
    history: [marked('timeout'), anEntry()],
    gives: false,
  },
];

describe('a paused rollout is resumed after the run', () => {
  it.each(PAUSES.filter(({ gives }) => gives))('$fact', ({ history }) => {
    expect(adopt({ ours: { status: 'paused' }, history }).resume).toBe(true);
  });
});

describe("INV-6: somebody's pause is not undone", () => {
  it.each(PAUSES.filter(({ gives }) => !gives))('$fact', ({ history }) => {
    expect(adopt({ ours: { status: 'paused' }, history }).resume).toBe(false);
  });
});

describe('a rollout that is not paused', () => {
  it('is not resumed, whatever its history says', () => {
    expect(adopt({ history: [marked('timeout'), PAUSE] }).resume).toBe(false);
  });
});

const DONE: Partial<RemoteRollout> = { status: 'completed', percentage: 100 };
const BAKED_AT = T0 + 15 * MINUTE_MS;

describe('a bake', () => {
  it.each<Found & { fact: string; gives: boolean }>([
    { fact: 'is over at its last moment', ours: DONE, history: [at(100, 0)], now: BAKED_AT, gives: true },
    { fact: 'is not over before', ours: DONE, history: [at(100, 0)], now: BAKED_AT - 1, gives: false },
    {
      fact: 'is over where only our tag tells when it began',
      ours: DONE,
      history: [aTaggedEntry({ stage: 3 })],
      now: BAKED_AT,
      gives: true,
    },
    {
      fact: 'is not over when the server has not completed the rollout',
      ours: { percentage: 100 },
      history: [at(100, 0)],
      gives: false,
    },
    { fact: 'is not over when nobody knows when it began', ours: DONE, now: BAKED_AT, gives: false },
    {
      fact: 'has not begun below the target',
      ours: { status: 'completed', percentage: 10 },
      history: [at(10, 0)],
      gives: false,
    },
    {
      fact: 'without length is still not over when nobody knows when it began',
      ours: DONE,
      plan: { stages: [...stagesOf(1), { ...stagesOf(100)[0], soakMs: 0 }] },
      gives: false,
    },
    {
      fact: "is the last stage's soak and not the first one's",
      ours: DONE,
      history: [at(100, 0)],
      plan: { stages: [...stagesOf(1), { ...stagesOf(100)[0], soakMs: 5 * HOUR_MS }] },
      gives: false,
    },
    {
      fact: 'of a single stage counts from the creation',
      ours: DONE,
      plan: { stages: stagesOf(100) },
      gives: true,
    },
  ])('$fact', ({ fact: _, gives, ...found }) => {
    expect(adopt(found).bakeOver).toBe(gives);
  });
});

describe('an edited plan is noticed', () => {
  const edited = 'the plan was edited since the last change of this rollout (aaaaaaaaaaaa → 0123456789ab)';

  it.each<{ fact: string; history: readonly HistoryEntry[]; gives: readonly string[] }>([
    {
      fact: 'by the digest of the last tag',
      history: [aTaggedEntry({ planDigest: 'aaaaaaaaaaaa' })],
      gives: [edited],
    },
    {
      fact: 'not by an older tag',
      history: [aTaggedEntry({ planDigest: 'aaaaaaaaaaaa' }), aTaggedEntry()],
      gives: [],
    },
    {
      fact: 'behind entries without a tag',
      history: [aTaggedEntry({ planDigest: 'aaaaaaaaaaaa' }), anEntry({ reason: 'words' })],
      gives: [edited],
    },
    { fact: 'not without a tag', history: [anEntry({ reason: 'words' })], gives: [] },
  ])('$fact', ({ history, gives }) => {
    expect(adopt({ history }).notes).toEqual(gives);
  });

  it('beside an entry that is not known', () => {
    const history = [aTaggedEntry({ planDigest: 'aaaaaaaaaaaa' })];
    expect(adopt({ ours: { percentage: 10 }, history }).notes).toEqual([UNKNOWN_ENTRY, edited]);
  });
});
