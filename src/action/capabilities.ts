/** Finds out what the API can do, without writing, and what each answer means for a rollout. */
import { formatCount } from '../core/format.ts';
import type { HistoryEntry, RemoteRollout } from '../core/rollout.ts';
import type { Capability } from '../report/run-record.ts';
import { toError } from '../runtime/to-error.ts';
import type { Connection } from './connection.ts';
import { gatesOfOctomil } from './plan-health.ts';
import type { Fleet, Standing } from './prepare.ts';

/**
 * Returns the capabilities that matter to a rollout, each found by a read or from what the API shows.
 *
 * Never rejects for a capability that is missing; a read that fails makes it `unknown`. What only a write
 * could tell is `unknown` until a run uses it.
 */
export async function findCapabilities(
  fleet: Fleet,
  { landscape }: Standing,
  connection: Connection,
): Promise<readonly Capability[]> {
  const known = landscape.ours ?? landscape.lastCompleted;
  return [
    await healthRoute(fleet, connection, known),
    ...(await ofKnownRollout(fleet, known)),
    fleetSize(fleet),
    autoRollback(fleet),
    policyTold(fleet),
    {
      name: 'rollback route',
      available: 'unknown',
      how: 'only a rollback can tell',
      consequence: 'without it, the previous version is rolled out at 100% instead',
    },
    {
      name: 'rollout at 0%',
      available: 'unknown',
      how: 'only creating one can tell',
      consequence: 'a shadow stage ends before any device is touched where it is refused',
    },
  ];
}

async function healthRoute(
  fleet: Fleet,
  connection: Connection,
  known: RemoteRollout | null,
): Promise<Capability> {
  const measuresItself = Object.keys(fleet.plan.metrics).length > 0;
  if (measuresItself && gatesOfOctomil(fleet.plan).length === 0) {
    return {
      name: 'health by version',
      available: 'unknown',
      how: 'not asked: the plan measures its gates itself',
      consequence: 'its own series judge every gate',
    };
  }
  const probe = await connection.health(fleet.model.id).probe(known?.id ?? null);
  const available = { available: 'yes', missing: 'no', error: 'unknown' } as const;
  return {
    name: 'health by version',
    available: available[probe.kind],
    how: probe.detail,
    consequence:
      probe.kind === 'available'
        ? 'gates are judged by it'
        : 'no gate can be judged; a plan needs `gates: none` and `unwatched: accepted`',
  };
}

async function ofKnownRollout(fleet: Fleet, known: RemoteRollout | null): Promise<readonly Capability[]> {
  const names = [
    'device counts',
    'history with times',
    'history with reasons',
    'group named by the API',
  ] as const;
  if (known === null) {
    const how = 'no rollout to look at';
    return names.map((name) => ({ name, available: 'unknown', how, consequence: 'found out while running' }));
  }
  const devices = await attempt(() => fleet.api.countDevices(known.id));
  const history = await attempt(() => fleet.api.readHistory(known.id));
  const counts = devices.ok ? devices.value !== null && devices.value.onVersion !== null : null;
  return [
    {
      name: names[0],
      available: answer(counts),
      how: devices.ok ? `affected-devices of rollout ${known.id}` : devices.why,
      consequence: counts
        ? 'completion and rollback are counted'
        : 'reason codes end in `_unconfirmed_devices`',
    },
    historyCapability(
      names[1],
      history,
      (entry) => entry.at !== null,
      'a re-run continues the soak',
      'a re-run starts the soak again',
    ),
    historyCapability(
      names[2],
      history,
      (entry) => entry.reason !== null,
      'a re-run knows the recorded version',
      'a re-run uses the last completed version',
    ),
    {
      name: names[3],
      available: known.group === undefined ? 'no' : 'yes',
      how: `field of rollout ${known.id}`,
      consequence:
        known.group === undefined
          ? 'a group is confirmed by its device count'
          : 'a group is confirmed by its name',
    },
  ];
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

function historyCapability(
  name: string,
  history: Attempt<readonly HistoryEntry[]>,
  has: (entry: HistoryEntry) => boolean,
  ...[whenYes, whenNo]: readonly [string, string]
): Capability {
  const available = history.ok ? history.value.some(has) : null;
  const how = history.ok ? `${history.value.length} entries in status-history` : history.why;
  return { name, available: answer(available), how, consequence: available ? whenYes : whenNo };
}

function fleetSize({ devices }: Fleet): Capability {
  return {
    name: 'fleet size',
    available: devices === null ? 'no' : 'yes',
    how: devices === null ? 'the API gives no total' : `${formatCount(devices)} devices`,
    consequence:
      devices === null ? 'presets are not adapted to small fleets' : 'stages are checked against it',
  };
}

function autoRollback(fleet: Fleet): Capability {
  return {
    name: "organisation's auto-rollback",
    available: answer(fleet.policy.autoRollback),
    how:
      fleet.policy.autoRollback === null
        ? 'settings not readable; org-id may be missing'
        : 'organisation settings',
    consequence: fleet.policy.autoRollback ? 'Octomil watches too' : 'only this action watches',
  };
}

function policyTold({ policy }: Fleet): Capability {
  const told = policy.minAdvanceMs !== null || policy.maxStep !== null;
  return {
    name: "organisation's least time and largest step",
    available: told ? 'yes' : 'no',
    how: told ? 'organisation settings' : 'not in the organisation settings',
    consequence: told
      ? 'raises wait and are split as it asks'
      : 'a refused raise is asked for again after growing pauses',
  };
}

function answer(available: boolean | null): Capability['available'] {
  if (available === null) return 'unknown';
  return available ? 'yes' : 'no';
}

async function attempt<T>(read: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await read() };
  } catch (thrown) {
    return { ok: false, why: toError(thrown).message };
  }
}
