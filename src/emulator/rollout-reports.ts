/** What can be read about a rollout: history, devices, health. */
import { jsonReply } from './exchange.ts';
import { readHealth } from './health-report.ts';
import { knownRollout } from './known-things.ts';
import { RouteAbsent } from './refusal.ts';
import type { Route, RouteContext } from './route.ts';
import { wireTime } from './wire-rollout.ts';

const ROLLOUT = '/models/{model_id}/rollouts/{rollout_id}';

/** The routes, in the order in which they are tried. */
export const ROLLOUT_REPORT_ROUTES: readonly Route[] = [
  { method: 'GET', pattern: `${ROLLOUT}/status-history`, handler: history },
  { method: 'GET', pattern: `${ROLLOUT}/affected-devices`, handler: affectedDevices },
  { method: 'GET', pattern: `${ROLLOUT}/health`, handler: readHealth },
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
