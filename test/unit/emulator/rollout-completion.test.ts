import { describe, expect, it } from 'vitest';
import { isComplete } from '../../../src/emulator/rollout-completion.ts';
import { draftRollout } from '../../../src/emulator/rollout-transitions.ts';

const ROLLOUT = draftRollout(
  {
    version: '2.0.0',
    percentage: 100,
    targetPercentage: 100,
    incrementStep: 10,
    group: null,
    previousVersion: '1.0.0',
    reason: null,
  },
  1,
  { status: 'active', at: 0 },
);
const devices = (onVersion: number) => () => ({ assigned: 100, reachable: 80, onVersion, total: 100 });

describe('a rollout', () => {
  it.each([
    { title: 'at 100%, synced', changes: {}, completed: 'when-synced', onVersion: 76, gives: true },
    { title: 'at 100%, not yet synced', changes: {}, completed: 'when-synced', onVersion: 75, gives: false },
    { title: 'at 100%, at its target', changes: {}, completed: 'at-target', onVersion: 0, gives: true },
    {
      title: 'at 100%, of a server that never completes',
      changes: {},
      completed: 'never',
      onVersion: 80,
      gives: false,
    },
    { title: 'below 100%', changes: { percentage: 99 }, completed: 'at-target', onVersion: 80, gives: false },
    {
      title: 'that is paused',
      changes: { status: 'paused' },
      completed: 'at-target',
      onVersion: 80,
      gives: false,
    },
    {
      title: 'that is deleted',
      changes: { deleted: true },
      completed: 'at-target',
      onVersion: 80,
      gives: false,
    },
    {
      title: 'that restores a version, synced',
      changes: { status: 'rolling_back' },
      completed: 'never',
      onVersion: 76,
      gives: true,
    },
    {
      title: 'that restores a version, not yet synced',
      changes: { status: 'rolling_back' },
      completed: 'at-target',
      onVersion: 75,
      gives: false,
    },
  ] as const)('$title is complete: $gives', ({ changes, completed, onVersion, gives }) => {
    expect(isComplete({ ...ROLLOUT, ...changes }, completed, devices(onVersion))).toBe(gives);
  });
});
