import { describe, expect, it } from 'vitest';
import { writeTag } from '../../../src/core/memory-tag.ts';
import type { Plan } from '../../../src/core/plan.ts';
import { type Reconciliation, reconcile } from '../../../src/core/reconcile.ts';
import type { HistoryEntry, PauseMark, RemoteRollout } from '../../../src/core/rollout.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/units.ts';
import {
  anEntry,
  aPlan,
  aRemoteRollout,
  aTag,
  aTaggedEntry,
  aWatching,
  stagesOf,
  T0,
} from '../../support/core-builders.ts';

const NOW = T0 + HOUR_MS;
const UNKNOWN_ENTRY =
  'the API does not tell when this stage was entered; its soak starts again with this run';

type Adoption = Extract<Reconciliation, { kind: 'adopt' }>;

interface Found {
  readonly ours?: Partial<RemoteRollout>;
  readonly history?: readonly HistoryEntry[];
  readonly plan?: Partial<Plan>;
  readonly now?: number;
}

function adopt({ ours, history = [], plan, now = NOW }: Found): Adoption {
  const landscape = {
    ours: aRemoteRollout(ours),
    rivals: [],
    rolledBackBefore: null,
    lastCompleted: null,
    lastCompletedUncertain: false,
  };
  const facts = { landscape, history, now, toVersion: '1.9.0', retry: false };
  const reconciliation = reconcile(aPlan(plan), facts);
  if (reconciliation.kind !== 'adopt')
    throw new TypeError(`expected an adoption, got ${reconciliation.kind}`);
  return reconciliation;
}

describe('an adopted rollout', () => {
  it('is watched from where it stands, with the ages of its readings beginning now', () => {
    expect(adopt({})).toEqual({
      kind: 'adopt',
      state: aWatching({ lastEvidenceAt: NOW, lastMeasuredAt: NOW, lastServerAt: NOW }),
      resume: false,
      bakeOver: false,
      notes: [],
    });
  });

  it('keeps its own time of creation', () => {
    const { state } = adopt({ ours: { createdAt: T0 - 5, percentage: 10 } });
    expect(state).toMatchObject({ createdAt: T0 - 5, stageIndex: 1, stageEnteredAt: NOW });
  });

  it('counts as created when its stage was entered, where the API does not tell', () => {
    const history = [anEntry({ percentage: 10, at: T0 + 7 })];
    expect(adopt({ ours: { createdAt: null, percentage: 10 }, history }).state.createdAt).toBe(T0 + 7);
  });
});

interface EntryRow {
  readonly fact: string;
  readonly ours?: Partial<RemoteRollout>;
  readonly history: readonly HistoryEntry[];
  readonly gives: number | 'unknown';
}

const at = (percentage: number, minutes: number): HistoryEntry =>
  anEntry({ percentage, at: T0 + minutes * MINUTE_MS });
const AT_10: Partial<RemoteRollout> = { percentage: 10 };

const ENTRIES: readonly EntryRow[] = [
  {
    fact: 'by the first entry of the history at its percentage',
    ours: AT_10,
    history: [at(1, 1), at(10, 20), at(10, 30)],
    gives: 20,
  },
  {
    fact: 'by the first entry at all when every entry is at its percentage',
    ours: AT_10,
    history: [at(10, 20), at(10, 30)],
    gives: 20,
  },
  {
    fact: 'by the latest time that its percentage was reached',
    ours: AT_10,
    history: [at(10, 5), at(1, 10), at(10, 20)],
    gives: 20,
  },
  {
    fact: 'by entries that tell both percentage and time, and no others',
    ours: AT_10,
    history: [at(1, 1), anEntry({ percentage: 10 }), anEntry({ at: T0 + 9 }), at(10, 20)],
    gives: 20,
  },
  {
    fact: 'by the history and not by our tag',
    ours: AT_10,
    history: [at(1, 1), at(10, 20), aTaggedEntry({ stage: 2, at: T0 + 40 * MINUTE_MS })],
    gives: 20,
  },
  {
    fact: 'by our tag when the history does not show its percentage yet',
    ours: AT_10,
    history: [at(1, 1), aTaggedEntry({ stage: 2, at: T0 + 40 * MINUTE_MS })],
    gives: 40,
  },
  {
    fact: 'by our last tag',
    ours: AT_10,
    history: [
      aTaggedEntry({ stage: 2, at: T0 + 20 * MINUTE_MS }),
      aTaggedEntry({ stage: 2, at: T0 + 40 * MINUTE_MS }),
      anEntry({ reason: 'words' }),
    ],
    gives: 40,
  },
  {
    fact: 'not by a tag of another stage',
    ours: AT_10,
    history: [aTaggedEntry({ stage: 1, at: T0 + 20 * MINUTE_MS })],
    gives: 'unknown',
  },
  {
    fact: 'not by a tag of a stage that the plan does not have',
    ours: AT_10,
    history: [aTaggedEntry({ stage: 9, at: T0 + 20 * MINUTE_MS })],
    gives: 'unknown',
  },
  { fact: 'by its creation in the first stage', history: [], gives: 0 },
  { fact: 'by its creation below the first stage', ours: { percentage: 0.5 }, history: [], gives: 0 },
  { fact: 'not by its creation in a later stage', ours: AT_10, history: [], gives: 'unknown' },
  { fact: 'not by a creation that is not told', ours: { createdAt: null }, history: [], gives: 'unknown' },
];

describe('the entry of the stage is known', () => {
  it.each(ENTRIES)('$fact', ({ ours, history, gives }) => {
    const adoption = adopt({ ...(ours === undefined ? {} : { ours }), history });
    const entered = gives === 'unknown' ? NOW : T0 + gives * MINUTE_MS;
    expect(adoption.state.stageEnteredAt).toBe(entered);
    expect(adoption.notes).toEqual(gives === 'unknown' ? [UNKNOWN_ENTRY] : []);
  });
});

const marked = (pausing: PauseMark | null): HistoryEntry => aTaggedEntry({ pausing }, { status: 'active' });
const PAUSE = anEntry({ status: 'paused' });

const PAUSES: readonly { fact: string; history: readonly HistoryEntry[]; gives: boolean }[] = [
  { fact: 'whose time was over', history: [marked('timeout'), PAUSE], gives: true },
  { fact: 'that was cancelled', history: [marked('cancel'), PAUSE], gives: true },
  { fact: 'before the history shows its pause', history: [marked('timeout')], gives: true },
  { fact: 'whose pause was listed twice', history: [marked('timeout'), PAUSE, PAUSE], gives: true },
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
    const history = [anEntry({ reason: writeTag('x', aTag({ planDigest: 'aaaaaaaaaaaa' })) })];
    expect(adopt({ ours: AT_10, history }).notes).toEqual([UNKNOWN_ENTRY, edited]);
  });
});
