/** The routes of rollouts. Source: docs /api-reference/api-rollouts; octomil-python 3c7bad6. */
import { z } from 'zod';
import { jsonReply } from './exchange.ts';
import { bodyAs, knownModel, knownRollout } from './known-things.ts';
import { Refusal, RouteAbsent } from './refusal.ts';
import type { RolloutRecord } from './rollout-record.ts';
import { isUnfinished } from './rollout-record.ts';
import {
  advanceRollout,
  changePercentage,
  type Occasion,
  pauseRollout,
  resumeRollout,
  startRollout,
} from './rollout-transitions.ts';
import type { Handler, Route, RouteContext } from './route.ts';
import { rolloutListReply, verbReply, wireRollout } from './wire-rollout.ts';

const ROLLOUTS = '/models/{model_id}/rollouts';
const ROLLOUT = `${ROLLOUTS}/{rollout_id}`;

const percentage = z.number();
const versionName = z.union([z.string().min(1), z.number().int().transform(String)]);
const createBody = z.object({
  version: versionName,
  rollout_percentage: percentage,
  target_percentage: percentage.default(100),
  increment_step: percentage.default(10),
  start_immediately: z.boolean().default(false),
  group: z.string().min(1).nullish(),
});
const advanceBody = z.object({ custom_increment: percentage.positive().nullish() });
const updateBody = z.object({ percentage, reason: z.string().nullish() });
const rollbackBody = z.object({
  to_version: versionName,
  reason: z.string().nullish(),
  group: z.string().min(1).nullish(),
});

/** The routes, in the order in which they are tried. */
export const ROLLOUT_ROUTES: readonly Route[] = [
  { method: 'GET', pattern: '/rollouts/active', handler: activeEverywhere },
  { method: 'POST', pattern: ROLLOUTS, handler: create },
  { method: 'GET', pattern: ROLLOUTS, handler: list },
  { method: 'GET', pattern: `${ROLLOUTS}/active`, handler: activeOfModel },
  { method: 'GET', pattern: ROLLOUT, handler: read },
  { method: 'DELETE', pattern: ROLLOUT, handler: remove },
  { method: 'POST', pattern: `${ROLLOUT}/start`, handler: verb(startRollout) },
  { method: 'POST', pattern: `${ROLLOUT}/pause`, handler: verb(pauseRollout) },
  { method: 'POST', pattern: `${ROLLOUT}/resume`, handler: verb(resumeRollout) },
  { method: 'POST', pattern: `${ROLLOUT}/advance`, handler: advance },
  { method: 'POST', pattern: `${ROLLOUT}/update-percentage`, handler: updatePercentage },
  { method: 'POST', pattern: '/models/{model_id}/rollback', handler: rollback },
];

function activeEverywhere({ plane, settings }: RouteContext) {
  if (settings.switches['active-route'] === 'absent') throw new RouteAbsent();
  const active = plane.listRollouts().filter(isUnfinished);
  // Docs /api-reference/api-rollouts shows this list in its envelope, whatever the list of a model looks like.
  return jsonReply({ rollouts: active.map((rollout) => wireRollout(rollout, settings)) });
}

function activeOfModel(context: RouteContext) {
  knownModel(context);
  const { plane, settings } = context;
  if (settings.switches['active-route'] === 'absent') {
    throw new Refusal('not_found', 'rollout "active" does not exist');
  }
  return rolloutListReply(plane.listRollouts().filter(isUnfinished), settings);
}

function list(context: RouteContext) {
  knownModel(context);
  const { plane, settings, request } = context;
  const wanted = request.query.get('status_filter');
  const rollouts = plane.listRollouts().filter(({ status }) => wanted === null || status === wanted);
  return rolloutListReply(rollouts, settings);
}

function read(context: RouteContext) {
  return jsonReply(wireRollout(knownRollout(context), context.settings));
}

function create(context: RouteContext) {
  knownModel(context);
  const body = bodyAs(createBody, context);
  const rollout = context.plane.create({
    version: body.version,
    percentage: body.rollout_percentage,
    targetPercentage: body.target_percentage,
    incrementStep: body.increment_step,
    group: body.group ?? null,
    startImmediately: body.start_immediately,
  });
  return jsonReply(wireRollout(rollout, context.settings), 201);
}

function verb(change: (rollout: RolloutRecord, occasion: Occasion) => RolloutRecord): Handler {
  return (context) => {
    const { plane, settings } = context;
    const changed = change(knownRollout(context), { at: plane.world.now(), reason: null });
    return verbReply(plane.replace(changed), settings);
  };
}

function advance(context: RouteContext) {
  const { plane, settings } = context;
  const rollout = knownRollout(context);
  const increment = bodyAs(advanceBody, context).custom_increment ?? null;
  const occasion = { at: plane.world.now(), reason: null, policy: plane.policy };
  return verbReply(plane.replace(advanceRollout(rollout, increment, occasion)), settings);
}

function updatePercentage(context: RouteContext) {
  const { plane, settings } = context;
  const rollout = knownRollout(context);
  const body = bodyAs(updateBody, context);
  const occasion = { at: plane.world.now(), reason: body.reason ?? null, policy: plane.policy };
  return verbReply(plane.replace(changePercentage(rollout, body.percentage, occasion)), settings);
}

function remove(context: RouteContext) {
  const { plane, settings, request } = context;
  const rollout = knownRollout(context);
  const forced = request.query.get('force') === 'true';
  if (!forced && (rollout.status === 'active' || rollout.status === 'rolling_back')) {
    throw new Refusal('conflict', `a rollout that is ${rollout.status} is deleted only with force=true`);
  }
  // What devices that run it do then is not documented: they keep it. One that no device runs yet reaches none.
  const percentage = plane.countDevices(rollout).onVersion === 0 ? 0 : rollout.percentage;
  return verbReply(plane.replace({ ...rollout, percentage, deleted: true }), settings);
}

function rollback(context: RouteContext) {
  const { plane, settings } = context;
  if (settings.switches['rollback-route'] === 'absent') throw new RouteAbsent();
  knownModel(context);
  const body = bodyAs(rollbackBody, context);
  const order = { toVersion: body.to_version, reason: body.reason ?? null, group: body.group ?? null };
  const { restoring, from, affectedDevices } = plane.rollBack(order);
  const { status, ...rest } = wireRollout(restoring, settings);
  return jsonReply({
    [settings.switches['id-field']]: rest[settings.switches['id-field']],
    status: 'rolling_back',
    from_version: wireRollout(from, settings)['version'],
    to_version: rest['version'],
    affected_devices: affectedDevices,
  });
}
