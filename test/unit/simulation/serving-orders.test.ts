import { describe, expect, it } from 'vitest';
import { followedRules } from '../../../src/simulation/serving-orders.ts';
import { candidateAt, fleetWith, ordersWith } from '../../support/simulated-fleet.ts';

const followers = (followed: Int16Array, rule: number): readonly number[] =>
  [...followed.keys()].filter((device) => followed[device] === rule);

describe('followedRules', () => {
  const fleet = fleetWith({ groups: [{ name: 'beta', count: 20 }] });

  it('only adds devices when the percentage is raised', () => {
    let before: readonly number[] = [];
    for (const percentage of [1, 5, 10, 10.5, 40, 99, 100]) {
      const now = followers(followedRules(fleet, ordersWith([candidateAt(percentage)]).rules), 0);
      expect(now).toEqual(expect.arrayContaining([...before]));
      expect(now).toHaveLength(Math.round(1.24 * percentage));
      before = now;
    }
  });

  it('reaches the devices of the group only, and its percentage of them', () => {
    const reached = followers(followedRules(fleet, ordersWith([candidateAt(50, 0)]).rules), 0);
    expect(reached).toHaveLength(10);
    expect(reached.every((device) => fleet.groupOf[device] === 0)).toBe(true);
  });

  it('lets the newest rollout decide', () => {
    const newest = { ...candidateAt(100), rolloutId: 'newest', version: '3.0.0' };
    const followed = followedRules(fleet, ordersWith([newest, candidateAt(40)]).rules);
    expect(followers(followed, 0)).toHaveLength(124);
  });

  it('leaves devices that no rollout reaches alone', () => {
    expect(followers(followedRules(fleet, [candidateAt(10)]), -1)).toHaveLength(112);
  });
});
