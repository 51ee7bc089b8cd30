/** What can be read about a rollout: history, devices, health. */
import type { EpochMs } from '../core/units.ts';
import { LATENCY_EDGES_MS } from '../simulation/latency-profile.ts';
import type { ArmTotals } from '../simulation/observe-window.ts';
import { jsonReply } from './exchange.ts';
import { groupIndex } from './groups.ts';
import { knownRollout } from './known-things.ts';
import { Refusal, RouteAbsent } from './refusal.ts';
import type { RolloutRecord } from './rollout-record.ts';
import type { Route, RouteContext } from './route.ts';
import { wireRolloutId, wireTime, wireVersion } from './wire-rollout.ts';

const ROLLOUT = '/models/{model_id}/rollouts/{rollout_id}';

/** The routes, in the order in which they are tried. */
export const ROLLOUT_REPORT_ROUTES: readonly Route[] = [
  { method: 'GET', pattern: `${ROLLOUT}/status-history`, handler: history },
  { method: 'GET', pattern: `${ROLLOUT}/affected-devices`, handler: affectedDevices },
  { method: 'GET', pattern: `${ROLLOUT}/health`, handler: health },
];

function history(context: RouteContext) {
  const { switches } = context.settings;
  if (switches.history === 'absent') throw new RouteAbsent();
  const lines = knownRollout(context).history;
  if (switches.history === 'bare') return jsonReply(lines.map(({ status }) => ({ status })));
  return jsonReply({
    history: lines.map(({ status, percentage, reason, at }) => ({
      status,
      percentage,
      reason,
      created_at: wireTime(at),
    })),
  });
}

function affectedDevices(context: RouteContext) {
  const { plane, settings } = context;
  const shape = settings.switches['affected-devices'];
  if (shape === 'absent') throw new RouteAbsent();
  const rollout = knownRollout(context);
  const { assigned, onVersion, reachable, total } = plane.countDevices(rollout);
  if (shape === 'count') return jsonReply({ count: assigned });
  if (shape === 'list') {
    const { fleet, rolloutOf } = plane.world;
    const all = Array.from({ length: fleet.size }, (_, device) => device);
    const reached = all.filter((device) => rolloutOf(device) === String(rollout.sequence));
    return jsonReply({ devices: reached.map((device) => ({ id: fleet.idOf(device) })) });
  }
  return jsonReply({ affected_devices: assigned, on_version: onVersion, reachable, total });
}

function health(context: RouteContext) {
  const { plane, settings, request } = context;
  if (settings.switches['health-route'] === 'absent') throw new RouteAbsent();
  const rollout = knownRollout(context);
  const { world } = plane;
  const from = timeParam(request.query.get('from'), 'from') ?? rollout.createdAt;
  const to = timeParam(request.query.get('to'), 'to') ?? world.now();
  if (from > to) throw new Refusal('bad_request', `from ${wireTime(from)} is later than to ${wireTime(to)}`);
  const window = { from, to: Math.min(to, world.now() - settings.telemetryDelayMs) };
  const group = groupIndex(settings.groups, rollout.group);
  const seen = world.observe({ version: rollout.version, group, window });
  const baseline = baselineOf(rollout, plane.listRollouts());
  return jsonReply({
    rollout_id: wireRolloutId(rollout.sequence, settings),
    model_id: settings.modelId,
    window: {
      from: wireTime(from),
      to: wireTime(to),
      covered_from: wireTime(seen.covered.from),
      covered_to: wireTime(seen.covered.to),
    },
    versions: [
      wireArm(
        { role: 'candidate', version: rollout.version, totals: seen.candidate },
        devicesOf(rollout, context),
        context,
      ),
      ...(baseline === null
        ? []
        : [
            wireArm(
              { role: 'baseline', version: baseline, totals: seen.baseline },
              otherDevices(rollout, context),
              context,
            ),
          ]),
    ],
  });
}

interface Arm {
  readonly role: 'candidate' | 'baseline';
  readonly version: string;
  readonly totals: ArmTotals;
}

interface ArmDevices {
  readonly assigned: number;
  readonly reachable: number;
}

function wireArm(
  { role, version, totals }: Arm,
  { assigned, reachable }: ArmDevices,
  { settings }: RouteContext,
) {
  let cumulative = 0;
  const buckets = LATENCY_EDGES_MS.map((le, bucket) => {
    cumulative += totals.latency[bucket] ?? 0;
    return { le, count: cumulative };
  });
  return {
    version: wireVersion(version, settings),
    role,
    devices: {
      assigned,
      reachable,
      active: totals.activeDevices,
      crashed: totals.crashedDevices,
      out_of_memory: 0,
    },
    requests: {
      total: totals.requests,
      failed: totals.failed,
      devices_with_failures: totals.devicesWithFailures,
    },
    latency_ms: { buckets },
    quality: { sum: Math.round(totals.qualitySum * 10) / 10, count: totals.qualityCount },
  };
}

function devicesOf(rollout: RolloutRecord, { plane }: RouteContext): ArmDevices {
  return plane.countDevices(rollout);
}

function otherDevices(rollout: RolloutRecord, { plane, settings }: RouteContext): ArmDevices {
  const { fleet, rolloutOf } = plane.world;
  const group = groupIndex(settings.groups, rollout.group);
  let assigned = 0;
  let reachable = 0;
  for (let device = 0; device < fleet.size; device += 1) {
    if (group !== null && fleet.groupOf[device] !== group) continue;
    if (rolloutOf(device) === String(rollout.sequence)) continue;
    assigned += 1;
    if (fleet.offline[device] === 0) reachable += 1;
  }
  return { assigned, reachable };
}

// The version that the rest runs: what it was before, or what took its place.
function baselineOf(rollout: RolloutRecord, newestFirst: readonly RolloutRecord[]): string | null {
  const other = newestFirst.find(
    ({ version, status }) => status === 'completed' && version !== rollout.version,
  );
  return rollout.previousVersion ?? other?.version ?? null;
}

function timeParam(text: string | null, name: string): EpochMs | null {
  if (text === null) return null;
  const at = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text);
  if (!Number.isFinite(at)) {
    throw new Refusal('bad_request', `${name} "${text}": expected ISO 8601 or epoch milliseconds`);
  }
  return at;
}
