import { describe, expect, it } from 'vitest';
import type { HistoryEntry, RemoteRollout } from '../../../src/core/rollout.ts';
import { MINUTE_MS } from '../../../src/core/units.ts';
import { adopt, at, NOW, UNKNOWN_ENTRY, UNKNOWN_PAST } from '../../support/adoption.ts';
import { anEntry, aTaggedEntry, aWatching, T0 } from '../../support/core-builders.ts';

describe('an adopted rollout', () => {
  it('is watched from where it stands, with the ages of its readings beginning now', () => {
    expect(adopt({})).toEqual({
      kind: 'adopt',
      state: aWatching({ lastEvidenceAt: NOW, lastMeasuredAt: NOW, lastServerAt: NOW }),
      resume: false,
      bakeOver: false,
      entryKnown: true,
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

describe('a rollout that is still pending', () => {
  it('enters its stage now, whatever its history says', () => {
    const { state, notes } = adopt({ ours: { status: 'pending' }, history: [at(1, 5)] });
    expect(state.stageEnteredAt).toBe(NOW);
    expect(notes).toEqual([]);
  });
});

interface EntryRow {
  readonly fact: string;
  readonly ours?: Partial<RemoteRollout>;
  readonly history: readonly HistoryEntry[];
  readonly gives: number | 'unknown';
  /** True when it is not known when the stages before it were entered. */
  readonly forgets?: true;
}

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
    forgets: true,
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
    fact: 'by the first entry that was not pending',
    ours: AT_10,
    history: [{ ...at(10, 5), status: 'pending' }, at(10, 20)],
    gives: 20,
    forgets: true,
  },
  {
    fact: 'past an entry in between that tells no percentage',
    ours: AT_10,
    history: [at(10, 20), anEntry({ at: T0 + 25 * MINUTE_MS }), at(10, 30)],
    gives: 20,
    forgets: true,
  },
  {
    fact: 'past a first entry that tells no time',
    ours: AT_10,
    history: [anEntry({ percentage: 10 }), at(10, 20)],
    gives: 20,
    forgets: true,
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
    forgets: true,
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
    forgets: true,
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
  {
    fact: 'by its creation below the first stage, whatever the tag of the first stage says',
    ours: { percentage: 0.5 },
    history: [aTaggedEntry({ stage: 1, at: T0 + 20 * MINUTE_MS })],
    gives: 0,
  },
  {
    fact: 'by its creation when the history tells no other percentage',
    history: [anEntry({ percentage: 1 }), anEntry()],
    gives: 0,
  },
  {
    fact: 'not by its creation when a tag says that it stood in a later stage',
    history: [aTaggedEntry({ stage: 2, at: T0 + 20 * MINUTE_MS })],
    gives: 'unknown',
  },
  {
    fact: 'not by its creation when the history tells another percentage',
    history: [anEntry({ percentage: 10 })],
    gives: 'unknown',
  },
  { fact: 'not by its creation in a later stage', ours: AT_10, history: [], gives: 'unknown' },
  { fact: 'not by a creation that is not told', ours: { createdAt: null }, history: [], gives: 'unknown' },
];

describe('the entry of the stage is known', () => {
  it.each(ENTRIES)('$fact', ({ ours, history, gives, forgets }) => {
    const adoption = adopt({ ...(ours === undefined ? {} : { ours }), history });
    const entered = gives === 'unknown' ? NOW : T0 + gives * MINUTE_MS;
    expect(adoption.state.stageEnteredAt).toBe(entered);
    const forgotten = forgets === true ? [UNKNOWN_PAST] : [];
    expect(adoption.notes).toEqual(gives === 'unknown' ? [UNKNOWN_ENTRY] : forgotten);
  });
});
