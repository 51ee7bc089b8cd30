import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/core/decide.ts';
import type { Look } from '../../../src/core/look.ts';
import type { ReasonCode } from '../../../src/core/reason-codes.ts';
import type { RollbackCause, RollingBack, RolloutStatus } from '../../../src/core/rollout.ts';
import { MINUTE_MS, SECOND_MS } from '../../../src/core/units.ts';
import { aDeviceCount, aLook, aPlan, aRemoteRollout, aRollingBack, T0 } from '../../support/core-builders.ts';
import { decideAfter, failed, type RollbackLook, waits } from '../../support/rollback-looks.ts';

function refused(afterMs: number): Partial<RollingBack> {
  return { acceptedAt: null, lastRefusal: { at: T0 + afterMs, why: 'HTTP 404' } };
}

const ASK: RollbackLook['gives'] = {
  command: { kind: 'roll_back', cause: 'gate_failed', toVersion: '1.9.0' },
  reason: 'gate_failed',
  detail: null,
};

const ASKING: readonly RollbackLook[] = [
  { fact: 'asked for at once', state: { acceptedAt: null }, gives: ASK },
  {
    fact: 'asked for with its own cause',
    state: { acceptedAt: null, cause: 'rolled_back_by_request', toVersion: '1.8.0' },
    gives: {
      command: { kind: 'roll_back', cause: 'rolled_back_by_request', toVersion: '1.8.0' },
      reason: 'rolled_back_by_request',
      detail: null,
    },
  },
  {
    fact: 'not asked for again within ten seconds of a refusal',
    afterMs: 19 * SECOND_MS,
    state: refused(10 * SECOND_MS),
    gives: waits(20 * SECOND_MS, 'rollback_refused', 'HTTP 404'),
  },
  {
    fact: 'asked for again ten seconds after a refusal',
    afterMs: 20 * SECOND_MS,
    state: refused(10 * SECOND_MS),
    gives: { ...ASK, detail: 'HTTP 404' },
  },
  {
    fact: 'asked for until its time is over',
    afterMs: 30 * MINUTE_MS,
    state: refused(0),
    gives: { ...ASK, detail: 'HTTP 404' },
  },
  {
    fact: 'given up, with what the API said, when its time is over',
    afterMs: 30 * MINUTE_MS + 1,
    state: refused(0),
    gives: failed('rollback_refused', 'HTTP 404'),
  },
  {
    fact: 'given up when its time is over and nothing was said',
    afterMs: 30 * MINUTE_MS + 1,
    state: { acceptedAt: null },
    gives: failed('rollback_refused', null),
  },
  {
    fact: 'given up at once without a version to return to',
    state: { acceptedAt: null, toVersion: null },
    gives: failed('no_rollback_target', null),
  },
];

const FOLLOWED: RollbackLook['gives'] = {
  command: { kind: 'follow_rollback' },
  reason: 'rolled_back_by_server',
  detail: 'the API shows it rolled back',
};
const GONE: RollbackLook['gives'] = {
  command: { kind: 'finish', outcome: 'superseded' },
  reason: 'rollout_gone',
  detail: 'rollout r2 is gone before the rollback was accepted',
};

const FOLLOWED_GONE: RollbackLook['gives'] = {
  command: { kind: 'follow_rollback' },
  reason: 'confirming_rollback',
  detail: 'the rollout is gone after a rollback was asked for',
};
const GONE_LOOK: Partial<Look> = { server: { kind: 'gone' } };

function shown(status: RolloutStatus): Partial<Look> {
  return { server: { kind: 'rollout', rollout: aRemoteRollout({ status }) } };
}

const BY_OTHERS: readonly RollbackLook[] = [
  { fact: 'followed when it has happened', look: shown('rolled_back'), gives: FOLLOWED },
  { fact: 'followed while it happens', look: shown('rolling_back'), gives: FOLLOWED },
  {
    fact: 'followed after its time as well',
    afterMs: 31 * MINUTE_MS,
    look: shown('rolled_back'),
    gives: FOLLOWED,
  },
  {
    fact: 'followed when the rollout is gone: it may be our own deletion',
    look: GONE_LOOK,
    gives: FOLLOWED_GONE,
  },
  { fact: 'followed when the rollout is cancelled', look: shown('cancelled'), gives: FOLLOWED_GONE },
  {
    fact: 'asked for again while somebody pauses it',
    look: shown('paused'),
    gives: { ...ASK, detail: 'HTTP 404' },
  },
  {
    fact: 'asked for again although the rollout is completed',
    look: shown('completed'),
    gives: { ...ASK, detail: 'HTTP 404' },
  },
  {
    fact: 'asked for again while the API is not readable',
    look: { server: { kind: 'unreadable', why: 'HTTP 503' } },
    gives: { ...ASK, detail: 'HTTP 404' },
  },
];

const COMPLETED = aRemoteRollout({ version: '1.9.0', status: 'completed' });

describe('a rollback that is not accepted is', () => {
  it.each(ASKING)('$fact', (row) => {
    expect(decideAfter(row)).toEqual({ ...row.gives, verdicts: [], odds: null });
  });
});

describe('a rollback that was never asked for', () => {
  it.each<{ fact: string; look: Partial<Look> }>([
    { fact: 'gone', look: GONE_LOOK },
    { fact: 'cancelled', look: shown('cancelled') },
    { fact: 'failed', look: shown('failed') },
  ])('is not asked for of a rollout that is $fact', ({ look }) => {
    const state = { acceptedAt: null, lastRefusal: null };
    expect(decideAfter({ state, look })).toEqual({ ...GONE, verdicts: [], odds: null });
  });
});

describe('a rollback is not confirmed by a rollout of another version', () => {
  it('however many devices run it', () => {
    const restoring = aRemoteRollout({ version: '0.1.0', status: 'completed', percentage: 100 });
    const { command, detail } = decideAfter({ look: { restoring, devices: aDeviceCount() } });
    expect(command.kind).toBe('wait');
    expect(detail).toBe('the API shows a rollout of 0.1.0 where 1.9.0 is to be restored');
  });
});

describe('a rollback that was refused is', () => {
  it.each(BY_OTHERS)('$fact', (row) => {
    expect(decideAfter({ ...row, state: refused(0) })).toEqual({ ...row.gives, verdicts: [], odds: null });
  });
});

describe('a rollback whose rollout went away after it was asked for', () => {
  const away = { acceptedAt: T0, lastRefusal: { at: T0, why: 'HTTP 502' } };
  const again = { ...ASK, detail: 'the rollout is gone, and nothing restores 1.9.0' };
  it.each<RollbackLook>([
    {
      fact: 'waits a minute for the rollout that restores the version',
      afterMs: 59 * SECOND_MS,
      look: GONE_LOOK,
      gives: waits(59 * SECOND_MS + MINUTE_MS, 'confirming_rollback', 'the rollout is not readable'),
    },
    { fact: 'is then asked for again', afterMs: MINUTE_MS, look: GONE_LOOK, gives: again },
    {
      fact: 'is not while somebody has started a third version',
      afterMs: MINUTE_MS,
      look: { ...GONE_LOOK, rivalled: true },
      gives: waits(2 * MINUTE_MS, 'confirming_rollback', 'the rollout is not readable'),
    },
    {
      fact: 'also where the deletion left a trace',
      afterMs: MINUTE_MS,
      look: shown('cancelled'),
      gives: again,
    },
    {
      fact: 'is given up when its time is over',
      afterMs: 30 * MINUTE_MS + 1,
      look: GONE_LOOK,
      gives: failed('rollback_unconfirmed', 'the rollout is not readable'),
    },
  ])('$fact', (row) => {
    expect(decideAfter({ ...row, state: away })).toEqual({ ...row.gives, verdicts: [], odds: null });
  });

  it('is not asked for again once the restoring rollout shows', () => {
    const restoring = aRemoteRollout({ version: '1.9.0', status: 'active', percentage: 50 });
    const look = { ...GONE_LOOK, restoring };
    expect(decideAfter({ afterMs: 2 * MINUTE_MS, look, state: away }).command.kind).toBe('wait');
  });
});

describe('a confirmed rollback is reported by its cause', () => {
  it.each<{ cause: RollbackCause; uncounted: ReasonCode }>([
    { cause: 'gate_failed', uncounted: 'gate_failed_unconfirmed_devices' },
    {
      cause: 'deadline_passed_rolled_back',
      uncounted: 'deadline_passed_rolled_back_unconfirmed_devices',
    },
    { cause: 'rolled_back_by_request', uncounted: 'rolled_back_by_request_unconfirmed_devices' },
    { cause: 'rolled_back_by_server', uncounted: 'rolled_back_by_server_unconfirmed_devices' },
  ])('$cause', ({ cause, uncounted }) => {
    const reasonOf = (look: Partial<Look>) =>
      decide(aPlan(), aRollingBack({ cause }), aLook({ at: T0, ...look })).reason;
    expect(reasonOf({ devices: aDeviceCount() })).toBe(cause);
    expect(reasonOf({ restoring: COMPLETED })).toBe(uncounted);
  });
});

describe('devices are counted', () => {
  it('every five seconds at first and every half minute later', () => {
    const untilAfter = (afterMs: number) =>
      decide(
        aPlan(),
        aRollingBack({ decidedAt: T0 - MINUTE_MS }),
        aLook({ at: T0 + afterMs, poll: { kind: 'auto' } }),
      ).command;
    expect(untilAfter(0)).toEqual({ kind: 'wait', until: T0 + 5 * SECOND_MS });
    expect(untilAfter(20 * MINUTE_MS)).toEqual({ kind: 'wait', until: T0 + 20.5 * MINUTE_MS });
  });
});
