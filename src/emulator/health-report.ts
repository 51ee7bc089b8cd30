/** Health of a rollout: both versions over a window of time. */
import type { Window } from '../core/evidence.ts';
import type { EpochMs } from '../core/units.ts';
import { inExperiment } from '../simulation/experiment-devices.ts';
import { reachableDevices } from '../simulation/fleet.ts';
import { valuesOf } from '../simulation/fleet-part.ts';
import type { WindowQuery } from '../simulation/observe-window.ts';
import type { World } from '../simulation/world.ts';
import { jsonReply } from './exchange.ts';
import { groupIndex } from './groups.ts';
import { knownRollout } from './known-things.ts';
import { Refusal, RouteAbsent } from './refusal.ts';
import type { RolloutRecord } from './rollout-record.ts';
import type { RouteContext } from './route.ts';
import { type ArmAssignment, wireArm } from './wire-arm.ts';
import { wireRolloutId, wireTime } from './wire-rollout.ts';

/**
 * Answers with what both versions of a rollout did within `from` and `to`: from its creation until now where they
 * are not given. Errors: Refusal `bad_request` for times that are none, RouteAbsent where there is no such route.
 */
export function readHealth(context: RouteContext) {
  const { plane, settings, request } = context;
  if (settings.switches['health-route'] === 'absent') throw new RouteAbsent();
  const rollout = knownRollout(context);
  const { world } = plane;
  const from = timeParam(request.query.get('from'), 'from') ?? rollout.createdAt;
  const to = timeParam(request.query.get('to'), 'to') ?? world.now();
  if (from > to) throw new Refusal('bad_request', `from ${wireTime(from)} is later than to ${wireTime(to)}`);
  const window = { from, to: Math.min(to, world.now() - settings.telemetryDelayMs) };
  const group = groupIndex(settings.groups, rollout.group);
  const query = { version: rollout.version, group, window };
  const seen = world.observe(query);
  const baseline = baselineOf(rollout, plane.listRollouts());
  const devices = devicesOf(rollout, context);
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
      wireArm({ role: 'candidate', version: rollout.version, totals: seen.candidate }, devices.own, context),
      ...(baseline === null
        ? []
        : [wireArm({ role: 'baseline', version: baseline, totals: seen.baseline }, devices.others, context)]),
      ...experimentArms({ group, window }, context),
    ],
    ...segmentsBy(context, { query, baseline }),
  });
}

interface Compared {
  readonly query: WindowQuery;
  readonly baseline: string | null;
}

/** The same for each value of each attribute that `by` names; nothing where none is asked for or can be told. */
function segmentsBy(context: RouteContext, { query, baseline }: Compared) {
  const { world } = context.plane;
  const { parts } = world.fleet;
  const names = context.request.query.get('by')?.split(',') ?? [];
  const segments = names.flatMap((by) => valuesOf(parts, by).map((value) => ({ by, value })));
  if (segments.length === 0) return {};
  const { version } = query;
  return {
    segments: segments.map(({ by, value }) => {
      const within = parts.flatMap(({ attributes }, index) => (attributes[by] === value ? index : []));
      const seen = world.observe({ ...query, parts: new Set(within) });
      return {
        by,
        value,
        versions: [
          wireArm({ role: 'candidate', version, totals: seen.candidate }, null, context),
          ...(baseline === null
            ? []
            : [wireArm({ role: 'baseline', version: baseline, totals: seen.baseline }, null, context)]),
        ],
      };
    }),
  };
}

function devicesOf(rollout: RolloutRecord, { plane, settings }: RouteContext) {
  const { assigned, reachable, total } = plane.countDevices(rollout);
  const { fleet } = plane.world;
  const group = groupIndex(settings.groups, rollout.group);
  const all = reachableDevices(fleet, group);
  const taken = experimentVersions(settings).map((version) => experimentDevices(plane.world, version, group));
  const sum = (of: (one: ArmAssignment) => number) => taken.reduce((total, one) => total + of(one), 0);
  return {
    own: { assigned, reachable },
    others: {
      assigned: total - assigned - sum((one) => one.assigned),
      reachable: all - reachable - sum((one) => one.reachable),
    },
  };
}

interface ExperimentScope {
  readonly group: number | null;
  readonly window: Window;
}

/** The arms of a running experiment, told apart from those of the rollout. */
function experimentArms({ group, window }: ExperimentScope, context: RouteContext) {
  const { plane, settings } = context;
  if (plane.experimentTraffic() === null) return [];
  return experimentVersions(settings).map((version) => {
    const { candidate: totals } = plane.world.observe({ version: inExperiment(version), group, window });
    const devices = experimentDevices(plane.world, version, group);
    return wireArm({ role: 'experiment', version, totals }, devices, context);
  });
}

function experimentVersions({ baseline, candidate }: RouteContext['settings']): readonly string[] {
  return [baseline, candidate];
}

/** Devices that run a version for the experiment. */
function experimentDevices(world: World, version: string, group: number | null): ArmAssignment {
  const { fleet } = world;
  const count = { assigned: 0, reachable: 0 };
  for (let device = 0; device < fleet.size; device += 1) {
    if (world.versionOf(device) !== inExperiment(version)) continue;
    if (group !== null && fleet.groupOf[device] !== group) continue;
    count.assigned += 1;
    count.reachable += fleet.offline[device] === 1 ? 0 : 1;
  }
  return count;
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
