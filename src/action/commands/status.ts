/** `status`: what is running, on how many devices, and what can be rolled back to. Writes nothing. */
import { formatCount, formatPercent } from '../../core/format.ts';
import { surveyRollouts } from '../../core/landscape.ts';
import type { DeviceCount, RemoteRollout } from '../../core/rollout.ts';
import type { Ratio } from '../../core/units.ts';
import type { RolloutLine, RunRecord } from '../../report/run-record.ts';
import type { ConnectedInvocation } from '../invocation.ts';
import { modelName } from '../model-name.ts';
import { servedOf } from '../nothing-to-advance.ts';
import { countDevices } from '../observe.ts';

const MOST_ROLLOUTS = 10;
/** Below this share of its devices, a version does not serve them all. */
const CONFIRMED_RATIO: Ratio = 0.95;

/** Returns what the record says about the rollouts of a model, newest first. Rejects with the API's errors. */
export async function reportStatus(invocation: ConnectedInvocation): Promise<Partial<RunRecord>> {
  const { inputs, connection, shell, around } = invocation;
  const { client } = connection;
  const model = await client.findModel(modelName(inputs, invocation.workspace));
  const api = client.forModel(model.id);
  const all = [...(await api.listRollouts())].sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
  const rollouts: RolloutLine[] = [];
  let newestDevices: DeviceCount | null = null;
  for (const rollout of all.slice(0, MOST_ROLLOUTS)) {
    const devices = isOver(rollout) ? null : await countDevices({ api, signal: around.signal }, rollout.id);
    const line = lineOf(rollout, devices?.onVersion ?? null, devices?.reachable ?? null);
    newestDevices = rollouts.length === 0 ? devices : newestDevices;
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
      .filter(({ version, retired }) => !retired && version !== newest?.version && hasServed(version, all))
      .map((each) => each.version),
    notes: [...lowAdoption(rollouts), ...leftBehind(newest, newestDevices)],
  };
}

/** Nobody has seen a version serve the fleet that was never completed; one that was rolled back has been seen to fail. */
function hasServed(version: string, all: readonly RemoteRollout[]): boolean {
  const wasCompleted = all.some((each) => each.version === version && each.status === 'completed');
  return wasCompleted && surveyRollouts(all, version, []).rolledBackBefore === null;
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

/** What was completed last serves everybody, unless a rollout after it was deleted before its devices came back. */
function leftBehind(newest: RemoteRollout | null, devices: DeviceCount | null): readonly string[] {
  if (newest?.status !== 'completed' || newest.percentage < 100 || devices === null) return [];
  const served = servedOf(devices, CONFIRMED_RATIO);
  if (served === null) return [];
  const { version } = newest;
  return [
    `${version}, completed at 100%, serves only ${served}; where a deleted rollout has left the others on another version, \`command: rollback\` with that \`version\` and \`to-version: ${version}\` brings them back`,
  ];
}
