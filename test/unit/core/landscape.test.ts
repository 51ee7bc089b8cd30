import { describe, expect, it } from 'vitest';
import { isLater } from '../../../src/core/landscape.ts';
import { type RemoteRollout, ROLLOUT_STATUSES, type RolloutStatus } from '../../../src/core/rollout.ts';
import { aRemoteRollout } from '../../support/core-builders.ts';
import { createdAt, NOTHING, rollout, survey } from '../../support/landscapes.ts';

const VERSION = '2.0.0';

interface Row {
  readonly fact: string;
  readonly rollouts: readonly RemoteRollout[];
  readonly groups?: readonly string[];
  readonly gives: Partial<ReturnType<typeof survey>>;
}

const ALONE: Readonly<Record<RolloutStatus, Row['gives']>> = {
  pending: { ours: 'a' },
  active: { ours: 'a' },
  paused: { ours: 'a' },
  completed: { ours: 'a' },
  rolling_back: { ours: 'a' },
  unknown: { ours: 'a' },
  rolled_back: { rolledBackBefore: 'a' },
  cancelled: { rolledBackBefore: 'a' },
  failed: {},
};

const OTHERS: Readonly<Record<RolloutStatus, Row['gives']>> = {
  pending: { rivals: ['a'] },
  active: { rivals: ['a'] },
  paused: { rivals: ['a'] },
  rolling_back: { rivals: ['a'] },
  unknown: { rivals: ['a'] },
  completed: { lastCompleted: 'a' },
  rolled_back: {},
  cancelled: {},
  failed: {},
};

describe('one rollout alone', () => {
  it.each(ROLLOUT_STATUSES)('of our version that is %s', (status) => {
    expect(survey([rollout('a', VERSION, status)])).toEqual({ ...NOTHING, ...ALONE[status] });
  });

  it.each(ROLLOUT_STATUSES)('of another version that is %s', (status) => {
    expect(survey([rollout('a', '1.9.0', status)])).toEqual({ ...NOTHING, ...OTHERS[status] });
  });
});

const OURS: readonly Row[] = [
  { fact: 'is nothing where there is nothing', rollouts: [], gives: {} },
  {
    fact: 'is the unfinished one and not a later completed one',
    rollouts: [
      rollout('old', VERSION, 'active', createdAt(1)),
      rollout('new', VERSION, 'completed', createdAt(2)),
    ],
    gives: { ours: 'old' },
  },
  {
    fact: 'is the newest of several unfinished ones',
    rollouts: [
      rollout('a', VERSION, 'paused', createdAt(1)),
      rollout('b', VERSION, 'active', createdAt(3)),
      rollout('c', VERSION, 'unknown', createdAt(2)),
    ],
    gives: { ours: 'b' },
  },
  {
    fact: 'is the newest of several completed ones',
    rollouts: [
      rollout('a', VERSION, 'completed', createdAt(1)),
      rollout('b', VERSION, 'completed', createdAt(2)),
    ],
    gives: { ours: 'b' },
  },
  {
    fact: 'is completed and stays in force after an earlier one of another version',
    rollouts: [
      rollout('old', '1.9.0', 'completed', createdAt(1)),
      rollout('a', VERSION, 'completed', createdAt(2)),
    ],
    gives: { ours: 'a', lastCompleted: 'old' },
  },
  {
    fact: 'is not the completed one that another version has overtaken',
    rollouts: [
      rollout('a', VERSION, 'completed', createdAt(1)),
      rollout('new', '2.1.0', 'completed', createdAt(2)),
    ],
    gives: { overtakenBy: 'new', lastCompleted: 'new' },
  },
  {
    fact: 'may be the completed one whose order to another version is not told',
    rollouts: [rollout('a', VERSION, 'completed'), rollout('other', '2.1.0', 'completed', createdAt(2))],
    gives: { ours: 'a', oursUncertain: true, lastCompleted: 'other' },
  },
  {
    fact: 'is certain when it is known to be later than every other',
    rollouts: [
      rollout('old', '1.8.0', 'completed', createdAt(1)),
      rollout('a', VERSION, 'completed', createdAt(2)),
    ],
    gives: { ours: 'a', lastCompleted: 'old' },
  },
  {
    fact: 'is certain when it runs beside a completed one of its own',
    rollouts: [
      rollout('a', VERSION, 'completed'),
      rollout('b', VERSION, 'active'),
      rollout('other', '2.1.0', 'completed', createdAt(2)),
    ],
    gives: { ours: 'b', lastCompleted: 'other' },
  },
  {
    fact: 'is the active one, although its predecessor was completed again',
    rollouts: [
      rollout('old', '1.9.0', 'completed', createdAt(1)),
      rollout('a', VERSION, 'active', createdAt(2)),
      rollout('back', '1.9.0', 'completed', createdAt(3)),
    ],
    gives: { ours: 'a', lastCompleted: 'back' },
  },
  {
    fact: 'is certain when it runs, whatever was completed',
    rollouts: [rollout('a', VERSION, 'active'), rollout('other', '2.1.0', 'completed', createdAt(2))],
    gives: { ours: 'a', lastCompleted: 'other' },
  },
  {
    fact: 'is not the completed one whose predecessor was completed again, which is undone',
    rollouts: [
      rollout('old', '1.9.0', 'completed', createdAt(1)),
      rollout('a', VERSION, 'completed', createdAt(2)),
      rollout('back', '1.9.0', 'completed', createdAt(3)),
    ],
    gives: { rolledBackBefore: 'a', overtakenBy: 'back', lastCompleted: 'back' },
  },
  {
    fact: 'is not the completed one that a newer version followed, which is not undone',
    rollouts: [
      rollout('old', '1.9.0', 'completed', createdAt(1)),
      rollout('a', VERSION, 'completed', createdAt(2)),
      rollout('new', '2.1.0', 'completed', createdAt(3)),
    ],
    gives: { overtakenBy: 'new', lastCompleted: 'new' },
  },
  {
    fact: 'is not the paused one that another version has overtaken, which is undone',
    rollouts: [
      rollout('a', VERSION, 'paused', createdAt(1)),
      rollout('new', '2.1.0', 'completed', createdAt(2)),
    ],
    gives: { rolledBackBefore: 'a', lastCompleted: 'new' },
  },
  {
    fact: 'is the paused one after an earlier completed one of another version',
    rollouts: [
      rollout('old', '1.9.0', 'completed', createdAt(1)),
      rollout('a', VERSION, 'paused', createdAt(2)),
    ],
    gives: { ours: 'a', lastCompleted: 'old' },
  },
  {
    fact: 'is the paused one that was followed by a completed one of the same version',
    rollouts: [
      rollout('a', VERSION, 'paused', createdAt(1)),
      rollout('b', VERSION, 'completed', createdAt(2)),
    ],
    gives: { ours: 'a' },
  },
  {
    fact: 'is the active one, however late another version was completed',
    rollouts: [
      rollout('a', VERSION, 'active', createdAt(1)),
      rollout('new', '2.1.0', 'completed', createdAt(2)),
    ],
    gives: { ours: 'a', lastCompleted: 'new' },
  },
];

const RIVALS: readonly Row[] = [
  {
    fact: 'are listed newest first, those without a time last',
    rollouts: [
      rollout('none', '1.6.0', 'active'),
      rollout('old', '1.7.0', 'active', createdAt(1)),
      rollout('new', '1.8.0', 'pending', createdAt(3)),
      rollout('mid', '1.9.0', 'unknown', createdAt(2)),
    ],
    gives: { rivals: ['new', 'mid', 'old', 'none'] },
  },
  {
    fact: 'are no longer rivals when they are paused and overtaken',
    rollouts: [
      rollout('a', '1.8.0', 'paused', createdAt(1)),
      rollout('b', '1.9.0', 'completed', createdAt(2)),
    ],
    gives: { lastCompleted: 'b' },
  },
  {
    fact: 'stay rivals when they are paused and not overtaken',
    rollouts: [
      rollout('a', '1.9.0', 'completed', createdAt(1)),
      rollout('b', '1.8.0', 'paused', createdAt(2)),
    ],
    gives: { rivals: ['b'], lastCompleted: 'a' },
  },
  {
    fact: 'are not asked for by a rollout of our own version',
    rollouts: [rollout('a', VERSION, 'active', createdAt(1))],
    gives: { ours: 'a' },
  },
];

describe('the rollout in force of our version', () => {
  it.each(OURS)('$fact', ({ rollouts, gives }) => {
    expect(survey(rollouts)).toEqual({ ...NOTHING, ...gives });
    expect(survey(rollouts.toReversed())).toEqual({ ...NOTHING, ...gives });
  });
});

describe('rollouts of other versions', () => {
  it.each(RIVALS)('$fact', ({ rollouts, gives }) => {
    expect(survey(rollouts)).toEqual({ ...NOTHING, ...gives });
    expect(survey(rollouts.toReversed())).toEqual({ ...NOTHING, ...gives });
  });
});

describe('one rollout is later than another', () => {
  it.each([
    { fact: 'when it was created later', a: 2, b: 1, gives: true },
    { fact: 'not when it was created earlier', a: 1, b: 2, gives: false },
    { fact: 'not when it was created at the same time', a: 2, b: 2, gives: false },
    { fact: 'not when its own time is not told', a: null, b: 1, gives: false },
    { fact: "not when the other's time is not told", a: 2, b: null, gives: false },
    {
      fact: 'not when the other was created before 1970 and its own time is not told',
      a: null,
      b: -1,
      gives: false,
    },
  ])('$fact', ({ a, b, gives }) => {
    expect(isLater(aRemoteRollout({ createdAt: a }), aRemoteRollout({ createdAt: b }))).toBe(gives);
  });
});
