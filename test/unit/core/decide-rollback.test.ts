import { describe, expect, it } from 'vitest';
import type { RemoteRollout } from '../../../src/core/rollout.ts';
import { MINUTE_MS } from '../../../src/core/units.ts';
import { aDeviceCount, aRemoteRollout } from '../../support/core-builders.ts';
import { decideAfter, failed, type RollbackLook, rolledBack, waits } from '../../support/rollback-looks.ts';

const COUNTED: readonly RollbackLook[] = [
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

const UNCOUNTED: readonly RollbackLook[] = [
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

describe('INV-7: with devices counted, a rollback is', () => {
  it.each(COUNTED)('$fact', (row) => {
    expect(decideAfter(row)).toEqual({ ...row.gives, verdicts: [], odds: null });
  });
});

describe('INV-7: without devices counted, a rollback is', () => {
  it.each(UNCOUNTED)('$fact', (row) => {
    expect(decideAfter(row)).toEqual({ ...row.gives, verdicts: [], odds: null });
  });

  it.each(NO_COUNT)('confirmed by status alone when $fact', ({ devices }) => {
    const gives = rolledBack('gate_failed_unconfirmed_devices', BY_STATUS);
    expect(decideAfter({ look: { devices, restoring: COMPLETED } })).toMatchObject(gives);
  });

  it.each(NO_COUNT)('open when $fact and no status confirms it', ({ devices }) => {
    const gives = waits(2 * MINUTE_MS, 'confirming_rollback', 'the API says active');
    expect(decideAfter({ look: { devices } })).toMatchObject(gives);
  });
});
