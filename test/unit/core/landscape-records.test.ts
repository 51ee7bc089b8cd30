import { describe, expect, it } from 'vitest';
import type { RemoteRollout } from '../../../src/core/rollout.ts';
import { createdAt, NOTHING, rollout, survey } from '../../support/landscapes.ts';

const VERSION = '2.0.0';

interface Row {
  readonly fact: string;
  readonly rollouts: readonly RemoteRollout[];
  readonly groups?: readonly string[];
  readonly gives: Partial<ReturnType<typeof survey>>;
}

const RECORDS: readonly Row[] = [
  {
    fact: 'the newest undone rollout of our version is the one that counts',
    rollouts: [
      rollout('a', VERSION, 'rolled_back', createdAt(1)),
      rollout('b', VERSION, 'cancelled', createdAt(3)),
      rollout('c', VERSION, 'rolled_back', createdAt(2)),
    ],
    gives: { rolledBackBefore: 'b' },
  },
  {
    fact: 'the newest version that followed ours is what overtook it',
    rollouts: [
      rollout('a', VERSION, 'completed', createdAt(1)),
      rollout('b', '2.1.0', 'completed', createdAt(2)),
      rollout('c', '2.2.0', 'completed', createdAt(3)),
    ],
    gives: { overtakenBy: 'c', lastCompleted: 'c' },
  },
  {
    fact: 'a version that followed a paused rollout of ours overtook no completed one',
    rollouts: [
      rollout('a', VERSION, 'paused', createdAt(1)),
      rollout('b', '2.1.0', 'completed', createdAt(2)),
    ],
    gives: { rolledBackBefore: 'a', lastCompleted: 'b' },
  },
  {
    fact: 'the newest completed rollout of another version is what the fleet runs',
    rollouts: [
      rollout('a', '1.8.0', 'completed', createdAt(1)),
      rollout('b', '1.9.0', 'completed', createdAt(3)),
      rollout('c', '1.7.0', 'completed', createdAt(2)),
    ],
    gives: { lastCompleted: 'b' },
  },
  {
    fact: 'the first listed of several without a time counts as the newest',
    rollouts: [rollout('a', '1.9.0', 'completed'), rollout('b', '1.9.0', 'completed')],
    gives: { lastCompleted: 'a' },
  },
  {
    fact: 'completed versions whose order is not told are uncertain',
    rollouts: [rollout('a', '1.8.0', 'completed'), rollout('b', '1.9.0', 'completed', createdAt(3))],
    gives: { lastCompleted: 'a', uncertain: true },
  },
  {
    fact: 'a rival at 100% of a version that was completed before brings it back',
    rollouts: [
      rollout('old', '1.9.0', 'completed', createdAt(1)),
      rollout('back', '1.9.0', 'active', { ...createdAt(3), percentage: 100 }),
    ],
    gives: { rivals: ['back'], restoring: ['back'], lastCompleted: 'old' },
  },
  {
    fact: 'a rival that is new, or below 100%, or paused, brings nothing back',
    rollouts: [
      rollout('old', '1.9.0', 'completed', createdAt(1)),
      rollout('part', '1.9.0', 'active', { ...createdAt(4), percentage: 50 }),
      rollout('new', '2.1.0', 'active', { ...createdAt(3), percentage: 100 }),
    ],
    gives: { rivals: ['part', 'new'], lastCompleted: 'old' },
  },
  {
    fact: 'a rival that is paused at 100% brings nothing back',
    rollouts: [
      rollout('old', '1.9.0', 'completed', createdAt(1)),
      rollout('back', '1.9.0', 'paused', { ...createdAt(3), percentage: 100 }),
    ],
    gives: { rivals: ['back'], lastCompleted: 'old' },
  },
  {
    fact: 'a rival whose version was completed only later brings nothing back',
    rollouts: [
      rollout('a', '1.9.0', 'active', { ...createdAt(1), percentage: 100 }),
      rollout('later', '1.9.0', 'completed', createdAt(2)),
    ],
    gives: { rivals: ['a'], lastCompleted: 'later' },
  },
  {
    fact: 'one version is certain without any order',
    rollouts: [rollout('a', '1.9.0', 'completed'), rollout('b', '1.9.0', 'completed', createdAt(3))],
    gives: { lastCompleted: 'a' },
  },
  {
    fact: 'versions that were never completed make nothing uncertain',
    rollouts: [rollout('a', '1.8.0', 'rolled_back'), rollout('b', '1.9.0', 'completed', createdAt(3))],
    gives: { lastCompleted: 'b' },
  },
];

describe('of what ended', () => {
  it.each(RECORDS)('$fact', ({ rollouts, gives }) => {
    expect(survey(rollouts)).toEqual({ ...NOTHING, ...gives });
  });
});
