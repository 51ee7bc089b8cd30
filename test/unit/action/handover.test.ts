/** What survives the main step: what is read back, what is refused, and what is owed then. */
import { describe, expect, it } from 'vitest';
import { type Duty, dutyAfter } from '../../../src/action/duty.ts';
import { type Ended, type Handover, readHandover } from '../../../src/action/handover.ts';
import type { StateKey } from '../../../src/action/io-keys.ts';

const HANDOVER: Handover = {
  schemaVersion: 1,
  model: 'radiology-v1',
  modelId: 'mdl_1',
  version: '2.0.0',
  group: null,
  previousVersion: '1.0.0',
  planDigest: '4f2a',
  stagesTotal: 3,
  onCancel: 'pause',
  onTimeout: 'leave',
  rolloutId: 'rol_1',
  stageIndex: 1,
  intent: null,
  settled: false,
};
const CANCELLED: Ended = { outcome: 'cancelled', reason: 'signalled' };

const stateOf = (values: Partial<Record<StateKey, string>>) => (key: StateKey) => values[key] ?? '';

describe('readHandover', () => {
  const rollout = JSON.stringify(HANDOVER);
  const ended = JSON.stringify(CANCELLED);
  it.each([
    { name: 'nothing', state: {}, gives: { kind: 'nothing' } },
    { name: 'an end without a rollout', state: { ended }, gives: { kind: 'nothing' } },
    {
      name: 'a rollout without an end',
      state: { rollout },
      gives: { kind: 'rollout', handover: HANDOVER, ended: null },
    },
    {
      name: 'a rollout with its end',
      state: { rollout, ended },
      gives: { kind: 'rollout', handover: HANDOVER, ended: CANCELLED },
    },
    {
      name: 'half a rollout',
      state: { rollout: rollout.slice(0, 90) },
      gives: { kind: 'unreadable', ended: null },
    },
    {
      name: 'a rollout of a newer schema',
      state: { rollout: JSON.stringify({ ...HANDOVER, schemaVersion: 2 }), ended },
      gives: { kind: 'unreadable', ended: CANCELLED },
    },
    {
      name: 'a policy that does not exist',
      state: { rollout: JSON.stringify({ ...HANDOVER, onCancel: 'delete' }) },
      gives: { kind: 'unreadable', ended: null },
    },
    {
      name: 'an end that is no outcome',
      state: { rollout, ended: '{"outcome":"fine"}' },
      gives: { kind: 'unreadable', ended: null },
    },
    { name: 'a damaged end alone', state: { ended: '{' }, gives: { kind: 'unreadable', ended: null } },
  ])('reads $name', ({ state, gives }) => {
    expect(readHandover(stateOf(state))).toEqual(gives);
  });
});

describe('dutyAfter', () => {
  const pause = { kind: 'pause', mark: 'cancel' } as const;
  const held = { kind: 'pause', mark: 'gate' } as const;
  const back = { kind: 'roll_back', toVersion: '1.0.0' } as const;
  const none: Duty = { kind: 'none' };
  const apply = (wish: Extract<Duty, { kind: 'apply' }>['wish']): Duty => ({ kind: 'apply', wish });
  const verify = (wish: Extract<Duty, { kind: 'verify' }>['wish']): Duty => ({ kind: 'verify', wish });

  it.each<{
    readonly ended: Ended['outcome'] | null;
    readonly left: Partial<Handover>;
    readonly gives: Duty;
  }>([
    { ended: null, left: {}, gives: apply(pause) },
    { ended: null, left: { onCancel: 'leave' }, gives: apply({ kind: 'leave' }) },
    { ended: null, left: { onCancel: 'rollback' }, gives: apply(back) },
    { ended: null, left: { intent: back }, gives: apply(back) },
    { ended: null, left: { intent: back, settled: true }, gives: verify(back) },
    { ended: null, left: { intent: held, settled: true }, gives: verify(held) },
    { ended: 'cancelled', left: {}, gives: apply(pause) },
    { ended: 'cancelled', left: { intent: pause }, gives: apply(pause) },
    { ended: 'cancelled', left: { intent: pause, settled: true }, gives: verify(pause) },
    { ended: 'cancelled', left: { intent: back }, gives: apply(back) },
    { ended: 'timed_out', left: {}, gives: apply({ kind: 'leave' }) },
    { ended: 'timed_out', left: { onTimeout: 'pause' }, gives: apply({ kind: 'pause', mark: 'timeout' }) },
    { ended: 'held', left: { intent: held }, gives: apply(held) },
    { ended: 'held', left: { intent: held, settled: true }, gives: none },
    { ended: 'held', left: {}, gives: none },
    { ended: 'rollback_failed', left: { intent: back }, gives: apply(back) },
    { ended: 'rollback_failed', left: { intent: back, settled: true }, gives: verify(back) },
    { ended: 'rolling_back', left: { intent: back, settled: true }, gives: verify(back) },
    { ended: 'error', left: { intent: back }, gives: apply(back) },
    { ended: 'error', left: {}, gives: none },
    { ended: 'superseded', left: { intent: back }, gives: none },
    { ended: 'rolled_back', left: { intent: back }, gives: none },
    { ended: 'completed', left: { intent: back }, gives: none },
  ])('owes $gives after $ended with $left', ({ ended, left, gives }) => {
    const end = ended === null ? null : { outcome: ended, reason: 'internal_error' };
    expect(dutyAfter({ ...HANDOVER, ...left }, end)).toEqual(gives);
  });
});
