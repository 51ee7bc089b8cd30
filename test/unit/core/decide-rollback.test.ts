import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/core/decide.ts';
import type { Decision, Look } from '../../../src/core/look.ts';
import type { Plan } from '../../../src/core/plan.ts';
import type { ReasonCode } from '../../../src/core/reason-codes.ts';
import type { RemoteRollout, RollbackCause, RollingBack } from '../../../src/core/rollout.ts';
import { MINUTE_MS, SECOND_MS } from '../../../src/core/units.ts';
import { aDeviceCount, aLook, aPlan, aRemoteRollout, aRollingBack, T0 } from '../../support/core-builders.ts';

interface Row {
  readonly fact: string;
  readonly afterMs?: number;
  readonly state?: Partial<RollingBack>;
  readonly look?: Partial<Look>;
  readonly plan?: Partial<Plan>;
  readonly gives: Omit<Decision, 'verdicts'>;
}

function decideAfter({ afterMs = MINUTE_MS, state, look, plan }: Row): Decision {
  return decide(aPlan(plan), aRollingBack(state), aLook({ at: T0 + afterMs, ...look }));
}

function waits(afterMs: number, reason: ReasonCode, detail: string | null): Row['gives'] {
  return { command: { kind: 'wait', until: T0 + afterMs }, reason, detail };
}

function failed(reason: ReasonCode, detail: string | null): Row['gives'] {
  return { command: { kind: 'finish', outcome: 'rollback_failed' }, reason, detail };
}

function rolledBack(reason: ReasonCode, detail: string): Row['gives'] {
  return { command: { kind: 'finish', outcome: 'rolled_back' }, reason, detail };
}

function refused(afterMs: number): Partial<RollingBack> {
  return { acceptedAt: null, lastRefusal: { at: T0 + afterMs, why: 'HTTP 404' } };
}

const ASK: Row['gives'] = {
  command: { kind: 'roll_back', cause: 'gate_failed', toVersion: '1.9.0' },
  reason: 'gate_failed',
  detail: null,
};

const ASKING: readonly Row[] = [
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

const COUNTED: readonly Row[] = [
  {
    fact: 'confirmed when enough reachable devices run the restored version',
    look: { devices: aDeviceCount({ onVersion: 95 }) },
    gives: rolledBack('gate_failed', '95 of 100 reachable devices run the restored version, 95% needed'),
  },
  {
    fact: 'not confirmed by one device less',
    look: { devices: aDeviceCount({ onVersion: 94 }) },
    gives: waits(
      2 * MINUTE_MS,
      'confirming_rollback',
      '94 of 100 reachable devices run the restored version, 95% needed',
    ),
  },
  {
    fact: "confirmed by the plan's own share",
    plan: { rollback: { to: null, confirmRatio: 0.5, timeoutMs: MINUTE_MS } },
    look: { devices: aDeviceCount({ onVersion: 700, reachable: 1400 }) },
    gives: rolledBack('gate_failed', '700 of 1 400 reachable devices run the restored version, 50% needed'),
  },
  {
    fact: 'not confirmed by a status that the devices contradict',
    look: {
      devices: aDeviceCount({ onVersion: 10 }),
      restoring: aRemoteRollout({ version: '1.9.0', status: 'completed' }),
    },
    gives: waits(
      2 * MINUTE_MS,
      'confirming_rollback',
      '10 of 100 reachable devices run the restored version, 95% needed',
    ),
  },
  {
    fact: 'failed when too few devices run the restored version in time',
    afterMs: 30 * MINUTE_MS + 1,
    look: { devices: aDeviceCount({ onVersion: 10 }) },
    gives: failed('rollback_unconfirmed', '10 of 100 reachable devices run the restored version, 95% needed'),
  },
  {
    fact: 'confirmed when enough devices do after its time, as nobody gave up before',
    afterMs: 31 * MINUTE_MS,
    look: { devices: aDeviceCount() },
    gives: rolledBack('gate_failed', '100 of 100 reachable devices run the restored version, 95% needed'),
  },
  {
    fact: 'still open at the last moment of its time',
    afterMs: 30 * MINUTE_MS,
    look: { devices: aDeviceCount({ onVersion: 10 }) },
    gives: waits(
      31 * MINUTE_MS,
      'confirming_rollback',
      '10 of 100 reachable devices run the restored version, 95% needed',
    ),
  },
  {
    fact: 'not confirmed by devices whose number is none',
    look: { devices: aDeviceCount({ onVersion: Number.NaN }) },
    gives: waits(
      2 * MINUTE_MS,
      'confirming_rollback',
      'unknown of 100 reachable devices run the restored version, 95% needed',
    ),
  },
];

const restoring = (over: Partial<RemoteRollout>): RemoteRollout =>
  aRemoteRollout({ version: '1.9.0', ...over });
const COMPLETED = restoring({ status: 'completed' });
const BY_STATUS = 'the rollout of 1.9.0 is completed; devices cannot be counted';

const UNCOUNTED: readonly Row[] = [
  {
    fact: 'confirmed when the restoring rollout is completed',
    look: { restoring: COMPLETED },
    gives: rolledBack('gate_failed_unconfirmed_devices', BY_STATUS),
  },
  {
    fact: 'confirmed when the restoring rollout is active at 100%',
    look: { restoring: restoring({ percentage: 100 }) },
    gives: rolledBack(
      'gate_failed_unconfirmed_devices',
      'the rollout of 1.9.0 is active; devices cannot be counted',
    ),
  },
  {
    fact: 'open while the restoring rollout is active below 100%',
    look: { restoring: restoring({ percentage: 99.9 }) },
    gives: waits(
      2 * MINUTE_MS,
      'confirming_rollback',
      'the rollout of 1.9.0 is active; devices cannot be counted',
    ),
  },
  {
    fact: 'open while the restoring rollout is paused at 100%',
    look: { restoring: restoring({ status: 'paused', percentage: 100 }) },
    gives: waits(
      2 * MINUTE_MS,
      'confirming_rollback',
      'the rollout of 1.9.0 is paused; devices cannot be counted',
    ),
  },
  {
    fact: "confirmed when the API calls our rollout rolled back, in the API's own word",
    look: {
      server: {
        kind: 'rollout',
        rollout: aRemoteRollout({ status: 'rolled_back', statusText: 'reverted' }),
      },
    },
    gives: rolledBack('gate_failed_unconfirmed_devices', 'the API says reverted; devices cannot be counted'),
  },
  {
    fact: 'open while the API is rolling back',
    look: { server: { kind: 'rollout', rollout: aRemoteRollout({ status: 'rolling_back' }) } },
    gives: waits(2 * MINUTE_MS, 'confirming_rollback', 'the API says rolling_back'),
  },
  {
    fact: 'open when our rollout is gone',
    look: { server: { kind: 'gone' } },
    gives: waits(2 * MINUTE_MS, 'confirming_rollback', 'the rollout is not readable'),
  },
  {
    fact: 'open while the API is not readable',
    look: { server: { kind: 'unreadable', why: 'HTTP 503' } },
    gives: waits(2 * MINUTE_MS, 'confirming_rollback', 'the rollout is not readable'),
  },
  {
    fact: 'failed when nothing confirms it in time',
    afterMs: 30 * MINUTE_MS + 1,
    look: { server: { kind: 'gone' } },
    gives: failed('rollback_unconfirmed', 'the rollout is not readable'),
  },
];

const NO_COUNT = [
  { fact: 'no device is reachable yet', devices: aDeviceCount({ onVersion: 0, reachable: 0 }) },
  { fact: 'reachable devices are not told', devices: aDeviceCount({ reachable: null }) },
  { fact: 'devices on the version are not told', devices: aDeviceCount({ onVersion: null }) },
];

describe('a rollback that is not accepted is', () => {
  it.each(ASKING)('$fact', (row) => {
    expect(decideAfter(row)).toEqual({ ...row.gives, verdicts: [] });
  });
});

describe('INV-7: with devices counted, a rollback is', () => {
  it.each(COUNTED)('$fact', (row) => {
    expect(decideAfter(row)).toEqual({ ...row.gives, verdicts: [] });
  });
});

describe('INV-7: without devices counted, a rollback is', () => {
  it.each(UNCOUNTED)('$fact', (row) => {
    expect(decideAfter(row)).toEqual({ ...row.gives, verdicts: [] });
  });

  it.each(NO_COUNT)('confirmed by status alone when $fact', ({ fact, devices }) => {
    const gives = rolledBack('gate_failed_unconfirmed_devices', BY_STATUS);
    expect(decideAfter({ fact, gives, look: { devices, restoring: COMPLETED } })).toMatchObject(gives);
  });

  it.each(NO_COUNT)('open when $fact and no status confirms it', ({ fact, devices }) => {
    const gives = waits(2 * MINUTE_MS, 'confirming_rollback', 'the API says active');
    expect(decideAfter({ fact, gives, look: { devices } })).toMatchObject(gives);
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
