/** `status`: what is running, on how many devices, and what can be rolled back to. Writes nothing. */
import { formatCount, formatPercent } from '../../core/format.ts';
import type { RemoteRollout } from '../../core/rollout.ts';
import type { RolloutLine, RunRecord } from '../../report/run-record.ts';
import type { ConnectedInvocation } from '../invocation.ts';
import { modelName } from '../model-name.ts';
import { countDevices } from '../observe.ts';

const MOST_ROLLOUTS = 10;

/** Returns what the record says about the rollouts of a model, newest first. Rejects with the API's errors. */
export async function reportStatus(invocation: ConnectedInvocation): Promise<Partial<RunRecord>> {
  const { inputs, connection, shell, around } = invocation;
  const { client } = connection;
  const model = await client.findModel(modelName(inputs, invocation.workspace));
  const api = client.forModel(model.id);
  const all = [...(await api.listRollouts())].sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
  const rollouts: RolloutLine[] = [];
  for (const rollout of all.slice(0, MOST_ROLLOUTS)) {
    const devices = isOver(rollout) ? null : await countDevices({ api, signal: around.signal }, rollout.id);
    const line = lineOf(rollout, devices?.onVersion ?? null, devices?.reachable ?? null);
    rollouts.push(line);
    shell.log.info(describe(line));
  }
  const newest = all[0] ?? null;
  const versions = await client.listVersions(model.id);
  return {
    outcome: 'done',
    reason: 'status_reported',
    detail: all.length === 0 ? 'no rollout of this model exists' : null,
    model: model.name ?? model.id,
    version: newest?.version ?? null,
    rolloutId: newest?.id ?? null,
    percentage: newest?.percentage ?? null,
    affectedDevices: rollouts[0]?.devicesOnVersion ?? null,
    fleetDevices: await client.countFleet(),
    rollouts,
    rollbackTargets: versions
      .filter((each) => !each.retired && each.version !== newest?.version)
      .map((each) => each.version),
    notes: lowAdoption(rollouts),
  };
}

function isOver({ status }: RemoteRollout): boolean {
  return status === 'rolled_back' || status === 'cancelled' || status === 'failed';
}

function lineOf(
  rollout: RemoteRollout,
  devicesOnVersion: number | null,
  devicesReachable: number | null,
): RolloutLine {
  const { id, version, statusText, percentage, createdAt } = rollout;
  return {
    id,
    version,
    statusText,
    percentage,
    group: rollout.group ?? null,
    createdAt,
    devicesOnVersion,
    devicesReachable,
  };
}

function describe({
  id,
  version,
  statusText,
  percentage,
  devicesOnVersion,
  devicesReachable,
}: RolloutLine): string {
  const devices =
    devicesOnVersion === null
      ? 'devices not counted'
      : `${formatCount(devicesOnVersion)} of ${devicesReachable === null ? '?' : formatCount(devicesReachable)} reachable devices`;
  return `${id} · ${version} · ${statusText} · ${formatPercent(percentage)} · ${devices}`;
}

function lowAdoption(rollouts: readonly RolloutLine[]): readonly string[] {
  const [newest] = rollouts;
  if (!newest || newest.devicesOnVersion === null || newest.devicesReachable === null) return [];
  const missing = newest.devicesReachable - newest.devicesOnVersion;
  if (missing <= 0) return [];
  return [
    `${formatCount(missing)} reachable devices of rollout ${newest.id} do not run ${newest.version} yet: they have not synced since, or the download failed`,
  ];
}
