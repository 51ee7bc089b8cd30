import { describe, expect, it } from 'vitest';
import type { Landscape } from '../../../src/core/landscape.ts';
import { previousVersionIn } from '../../../src/core/reconcile.ts';
import type { HistoryEntry, RemoteRollout } from '../../../src/core/rollout.ts';
import { anEntry, aRemoteRollout, aTaggedEntry, T0 } from '../../support/core-builders.ts';
import { aLandscape, STABLE } from '../../support/landscapes.ts';

const OURS = aRemoteRollout();

interface VersionRow {
  readonly fact: string;
  readonly toVersion?: string;
  readonly history?: readonly HistoryEntry[];
  readonly landscape?: Partial<Landscape>;
  readonly ours?: RemoteRollout;
  readonly gives: string | null;
}

const RECORDED = aTaggedEntry({ previousVersion: '1.7.0' });

const VERSIONS: readonly VersionRow[] = [
  {
    fact: 'given wins over every record',
    toVersion: '1.5.0',
    history: [RECORDED],
    ours: OURS,
    gives: '1.5.0',
  },
  { fact: 'recorded wins over what the fleet runs', history: [RECORDED], ours: OURS, gives: '1.7.0' },
  {
    fact: 'recorded last is the one',
    history: [RECORDED, aTaggedEntry({ previousVersion: '1.7.1' })],
    ours: OURS,
    gives: '1.7.1',
  },
  {
    fact: 'recorded once stays recorded when later tags have none',
    history: [RECORDED, aTaggedEntry({ previousVersion: null }), anEntry({ reason: 'words' }), anEntry()],
    ours: OURS,
    gives: '1.7.0',
  },
  {
    fact: 'recorded is found although the landscape is uncertain',
    history: [RECORDED],
    landscape: { lastCompletedUncertain: true },
    ours: OURS,
    gives: '1.7.0',
  },
  { fact: 'completed before ours is the one without a record', ours: OURS, gives: '1.9.0' },
  { fact: 'completed last is the one before there is ours', gives: '1.9.0' },
  {
    fact: 'completed after ours is none',
    landscape: { lastCompleted: { ...STABLE, createdAt: T0 + 1 } },
    ours: OURS,
    gives: null,
  },
  {
    fact: 'completed at an unknown time is none beside ours',
    landscape: { lastCompleted: { ...STABLE, createdAt: null } },
    ours: OURS,
    gives: null,
  },
  {
    fact: 'completed before an unknown beginning of ours is none',
    ours: aRemoteRollout({ createdAt: null }),
    gives: null,
  },
  { fact: 'is none where the order is not told', landscape: { lastCompletedUncertain: true }, gives: null },
  { fact: 'is none where nothing was completed', landscape: { lastCompleted: null }, gives: null },
];

describe('the version to return to', () => {
  it.each(VERSIONS)('$fact', ({ toVersion = null, history = [], landscape, ours = null, gives }) => {
    expect(previousVersionIn({ toVersion, history, landscape: aLandscape(landscape) }, ours)).toBe(gives);
  });
});
