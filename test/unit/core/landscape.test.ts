import { describe, expect, it } from 'vitest';
import { isLater, surveyRollouts } from '../../../src/core/landscape.ts';
import { type RemoteRollout, ROLLOUT_STATUSES, type RolloutStatus } from '../../../src/core/rollout.ts';
import { aRemoteRollout } from '../../support/core-builders.ts';

const VERSION = '2.0.0';

/** A rollout named by its id: version, status and time of creation are what matters here. */
function rollout(id: string, version: string, status: RolloutStatus, over: Partial<RemoteRollout> = {}) {
  return aRemoteRollout({ id, version, status, createdAt: null, ...over });
}

function at(createdAt: number): Partial<RemoteRollout> {
  return { createdAt };
}

function survey(rollouts: readonly RemoteRollout[], groupNames: readonly string[] = []) {
  const found = surveyRollouts(rollouts, VERSION, groupNames);
  return {
    ours: found.ours?.id ?? null,
    rivals: found.rivals.map((each) => each.id),
    rolledBackBefore: found.rolledBackBefore?.id ?? null,
    lastCompleted: found.lastCompleted?.id ?? null,
    uncertain: found.lastCompletedUncertain,
  };
}

const NOTHING = { ours: null, rivals: [], rolledBackBefore: null, lastCompleted: null, uncertain: false };

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
    rollouts: [rollout('old', VERSION, 'active', at(1)), rollout('new', VERSION, 'completed', at(2))],
    gives: { ours: 'old' },
  },
  {
    fact: 'is the newest of several unfinished ones',
    rollouts: [
      rollout('a', VERSION, 'paused', at(1)),
      rollout('b', VERSION, 'active', at(3)),
      rollout('c', VERSION, 'unknown', at(2)),
    ],
    gives: { ours: 'b' },
  },
  {
    fact: 'is the newest of several completed ones',
    rollouts: [rollout('a', VERSION, 'completed', at(1)), rollout('b', VERSION, 'completed', at(2))],
    gives: { ours: 'b' },
  },
  {
    fact: 'is completed and stays in force after an earlier one of another version',
    rollouts: [rollout('old', '1.9.0', 'completed', at(1)), rollout('a', VERSION, 'completed', at(2))],
    gives: { ours: 'a', lastCompleted: 'old' },
  },
  {
    fact: 'is not the completed one that another version has overtaken',
    rollouts: [rollout('a', VERSION, 'completed', at(1)), rollout('new', '2.1.0', 'completed', at(2))],
    gives: { lastCompleted: 'new' },
  },
  {
    fact: 'is not the completed one whose order to another version is not told',
    rollouts: [rollout('a', VERSION, 'completed'), rollout('other', '2.1.0', 'completed', at(2))],
    gives: { lastCompleted: 'other' },
  },
  {
    fact: 'is not the paused one that another version has overtaken, which is undone',
    rollouts: [rollout('a', VERSION, 'paused', at(1)), rollout('new', '2.1.0', 'completed', at(2))],
    gives: { rolledBackBefore: 'a', lastCompleted: 'new' },
  },
  {
    fact: 'is the paused one after an earlier completed one of another version',
    rollouts: [rollout('old', '1.9.0', 'completed', at(1)), rollout('a', VERSION, 'paused', at(2))],
    gives: { ours: 'a', lastCompleted: 'old' },
  },
  {
    fact: 'is the paused one that was followed by a completed one of the same version',
    rollouts: [rollout('a', VERSION, 'paused', at(1)), rollout('b', VERSION, 'completed', at(2))],
    gives: { ours: 'a' },
  },
  {
    fact: 'is the active one, however late another version was completed',
    rollouts: [rollout('a', VERSION, 'active', at(1)), rollout('new', '2.1.0', 'completed', at(2))],
    gives: { ours: 'a', lastCompleted: 'new' },
  },
];

const RECORDS: readonly Row[] = [
  {
    fact: 'the newest undone rollout of our version is the one that counts',
    rollouts: [
      rollout('a', VERSION, 'rolled_back', at(1)),
      rollout('b', VERSION, 'cancelled', at(3)),
      rollout('c', VERSION, 'rolled_back', at(2)),
    ],
    gives: { rolledBackBefore: 'b' },
  },
  {
    fact: 'the newest completed rollout of another version is what the fleet runs',
    rollouts: [
      rollout('a', '1.8.0', 'completed', at(1)),
      rollout('b', '1.9.0', 'completed', at(3)),
      rollout('c', '1.7.0', 'completed', at(2)),
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
    rollouts: [rollout('a', '1.8.0', 'completed'), rollout('b', '1.9.0', 'completed', at(3))],
    gives: { lastCompleted: 'a', uncertain: true },
  },
  {
    fact: 'one version is certain without any order',
    rollouts: [rollout('a', '1.9.0', 'completed'), rollout('b', '1.9.0', 'completed', at(3))],
    gives: { lastCompleted: 'a' },
  },
  {
    fact: 'versions that were never completed make nothing uncertain',
    rollouts: [rollout('a', '1.8.0', 'rolled_back'), rollout('b', '1.9.0', 'completed', at(3))],
    gives: { lastCompleted: 'b' },
  },
];

const RIVALS: readonly Row[] = [
  {
    fact: 'are listed newest first, those without a time last',
    rollouts: [
      rollout('none', '1.6.0', 'active'),
      rollout('old', '1.7.0', 'active', at(1)),
      rollout('new', '1.8.0', 'pending', at(3)),
      rollout('mid', '1.9.0', 'unknown', at(2)),
    ],
    gives: { rivals: ['new', 'mid', 'old', 'none'] },
  },
  {
    fact: 'are no longer rivals when they are paused and overtaken',
    rollouts: [rollout('a', '1.8.0', 'paused', at(1)), rollout('b', '1.9.0', 'completed', at(2))],
    gives: { lastCompleted: 'b' },
  },
  {
    fact: 'stay rivals when they are paused and not overtaken',
    rollouts: [rollout('a', '1.9.0', 'completed', at(1)), rollout('b', '1.8.0', 'paused', at(2))],
    gives: { rivals: ['b'], lastCompleted: 'a' },
  },
  {
    fact: 'are not asked for by a rollout of our own version',
    rollouts: [rollout('a', VERSION, 'active', at(1))],
    gives: { ours: 'a' },
  },
];

const beta = { group: 'beta' } as const;

const GROUPS: readonly Row[] = [
  {
    fact: 'a rollout of a group is not the fleet-wide one',
    rollouts: [rollout('a', VERSION, 'active', beta)],
    gives: {},
  },
  {
    fact: 'a fleet-wide rollout is not that of a group',
    rollouts: [rollout('a', VERSION, 'active')],
    groups: ['g1', 'beta'],
    gives: {},
  },
  {
    fact: 'a group is known by any of its names',
    rollouts: [rollout('a', VERSION, 'active', beta)],
    groups: ['g1', 'beta'],
    gives: { ours: 'a' },
  },
  {
    fact: 'a rollout whose group is not told counts for a group',
    rollouts: [rollout('a', VERSION, 'active', { group: undefined })],
    groups: ['g1', 'beta'],
    gives: { ours: 'a' },
  },
  {
    fact: 'a rollout whose group is not told counts for the fleet',
    rollouts: [rollout('a', VERSION, 'active', { group: undefined })],
    gives: { ours: 'a' },
  },
  {
    fact: 'another version in a group is a rival of a fleet-wide rollout',
    rollouts: [rollout('a', '1.9.0', 'active', beta)],
    gives: { rivals: ['a'] },
  },
  {
    fact: 'another version on the whole fleet is a rival in a group',
    rollouts: [rollout('a', '1.9.0', 'active')],
    groups: ['g1', 'beta'],
    gives: { rivals: ['a'] },
  },
  {
    fact: 'another version in a group that is not told is a rival in any group',
    rollouts: [rollout('a', '1.9.0', 'active', { group: undefined })],
    groups: ['g1', 'beta'],
    gives: { rivals: ['a'] },
  },
  {
    fact: 'another version in another group is no rival',
    rollouts: [rollout('a', '1.9.0', 'active', { group: 'gamma' })],
    groups: ['g1', 'beta'],
    gives: {},
  },
  {
    fact: 'what another group completed is not what this one runs',
    rollouts: [rollout('a', '1.9.0', 'completed', { group: 'gamma' })],
    groups: ['g1', 'beta'],
    gives: {},
  },
];

describe('the rollout in force of our version', () => {
  it.each(OURS)('$fact', ({ rollouts, gives }) => {
    expect(survey(rollouts)).toEqual({ ...NOTHING, ...gives });
    expect(survey(rollouts.toReversed())).toEqual({ ...NOTHING, ...gives });
  });
});

describe('of what ended', () => {
  it.each(RECORDS)('$fact', ({ rollouts, gives }) => {
    expect(survey(rollouts)).toEqual({ ...NOTHING, ...gives });
  });
});

describe('rollouts of other versions', () => {
  it.each(RIVALS)('$fact', ({ rollouts, gives }) => {
    expect(survey(rollouts)).toEqual({ ...NOTHING, ...gives });
    expect(survey(rollouts.toReversed())).toEqual({ ...NOTHING, ...gives });
  });
});

describe('among groups', () => {
  it.each(GROUPS)('$fact', ({ rollouts, groups, gives }) => {
    expect(survey(rollouts, groups)).toEqual({ ...NOTHING, ...gives });
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
