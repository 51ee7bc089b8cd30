import { describe, expect, it } from 'vitest';
import type { RemoteRollout } from '../../../src/core/rollout.ts';
import { NOTHING, rollout, survey } from '../../support/landscapes.ts';

const VERSION = '2.0.0';

interface Row {
  readonly fact: string;
  readonly rollouts: readonly RemoteRollout[];
  readonly groups?: readonly string[];
  readonly gives: Partial<ReturnType<typeof survey>>;
}

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
    gives: { beyondGroup: 'a' },
  },
  {
    fact: 'a fleet-wide rollout that ended reaches nobody beyond the group',
    rollouts: [rollout('a', VERSION, 'rolled_back'), rollout('b', VERSION, 'cancelled')],
    groups: ['g1', 'beta'],
    gives: {},
  },
  {
    fact: 'a fleet-wide rollout that was completed at once reaches beyond the group',
    rollouts: [rollout('a', VERSION, 'completed')],
    groups: ['g1', 'beta'],
    gives: { beyondGroup: 'a' },
  },
  {
    fact: 'a completed fleet-wide rollout that another version followed reaches nobody any more',
    rollouts: [
      rollout('a', VERSION, 'completed', { createdAt: 1 }),
      rollout('b', '1.9.0', 'completed', { createdAt: 2 }),
    ],
    groups: ['g1', 'beta'],
    gives: {},
  },
  {
    fact: 'a completed fleet-wide rollout is in force in a group that another one was completed for',
    rollouts: [
      rollout('a', VERSION, 'completed', { createdAt: 1 }),
      rollout('b', '1.9.0', 'completed', { createdAt: 2, group: 'gamma' }),
    ],
    groups: ['g1', 'beta'],
    gives: { beyondGroup: 'a' },
  },
  {
    fact: 'a fleet-wide rollout reaches nobody beyond the fleet',
    rollouts: [rollout('a', VERSION, 'active')],
    gives: { ours: 'a' },
  },
  {
    fact: 'the newest fleet-wide rollout is the one beyond the group',
    rollouts: [
      rollout('a', VERSION, 'active', { createdAt: 1 }),
      rollout('b', VERSION, 'active', { createdAt: 2 }),
    ],
    groups: ['g1', 'beta'],
    gives: { beyondGroup: 'b' },
  },
  {
    fact: 'completed versions of groups that are not told are uncertain in a group',
    rollouts: [
      rollout('a', '1.8.0', 'completed', { createdAt: 1, group: undefined }),
      rollout('b', '1.9.0', 'completed', { createdAt: 2, ...beta }),
    ],
    groups: ['g1', 'beta'],
    gives: { lastCompleted: 'b', uncertain: true },
  },
  {
    fact: 'completed versions of groups that are told are certain in a group',
    rollouts: [
      rollout('a', '1.8.0', 'completed', { createdAt: 1, ...beta }),
      rollout('b', '1.9.0', 'completed', { createdAt: 2, ...beta }),
    ],
    groups: ['g1', 'beta'],
    gives: { lastCompleted: 'b' },
  },
  {
    fact: 'completed versions of groups that are not told are certain for the whole fleet',
    rollouts: [
      rollout('a', '1.8.0', 'completed', { createdAt: 1, group: undefined }),
      rollout('b', '1.9.0', 'completed', { createdAt: 2, group: undefined }),
    ],
    gives: { lastCompleted: 'b' },
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

describe('among groups', () => {
  it.each(GROUPS)('$fact', ({ rollouts, groups, gives }) => {
    expect(survey(rollouts, groups)).toEqual({ ...NOTHING, ...gives });
  });
});
