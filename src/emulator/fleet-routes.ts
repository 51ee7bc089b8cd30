/** The routes of devices and device groups. Source: docs /api-reference/api-devices, /api-reference/api-device-groups. */
import { DAY_MS } from '../core/units.ts';
import { jsonReply } from './exchange.ts';
import { groupId, groupIndex, groupNamed } from './groups.ts';
import { Refusal } from './refusal.ts';
import { pageOf, param, type Route, type RouteContext } from './route.ts';
import { wireTime, wireVersion } from './wire-rollout.ts';

const PAGE = { usual: 100, max: 1_000 } as const;

/** The routes, in the order in which they are tried. */
export const FLEET_ROUTES: readonly Route[] = [
  { method: 'GET', pattern: '/devices', handler: listDevices },
  { method: 'GET', pattern: '/devices/{device_id}', handler: readDevice },
  { method: 'GET', pattern: '/device-groups', handler: listGroups },
  { method: 'GET', pattern: '/device-groups/{group_id}', handler: readGroup },
  { method: 'GET', pattern: '/device-groups/{group_id}/devices', handler: listGroupDevices },
];

function listDevices(context: RouteContext) {
  const { plane, request } = context;
  const wanted = request.query.get('status');
  const { fleet } = plane.world;
  const devices = inOrganisation(context)
    ? allDevices(context).filter((device) => wanted === null || statusOf(fleet.offline, device) === wanted)
    : [];
  return devicePage(devices, context);
}

function readDevice(context: RouteContext) {
  const asked = param(context, 'device_id');
  const { fleet } = context.plane.world;
  const found = allDevices(context).find((device) => fleet.idOf(device) === asked);
  if (found === undefined) throw new Refusal('not_found', `device "${asked}" does not exist`);
  return jsonReply(wireDevice(found, context));
}

function listGroups(context: RouteContext) {
  const { settings, request } = context;
  const names = inOrganisation(context) ? settings.groups.map(({ name }) => name) : [];
  const { items, paging } = pageOf(names, request, PAGE);
  return jsonReply({ groups: items.map((name) => wireGroup(name, context)), ...paging });
}

function readGroup(context: RouteContext) {
  return jsonReply(wireGroup(groupNamed(context.settings.groups, param(context, 'group_id')), context));
}

function listGroupDevices(context: RouteContext) {
  const { plane, settings } = context;
  const group = groupIndex(settings.groups, groupNamed(settings.groups, param(context, 'group_id')));
  return devicePage(
    allDevices(context).filter((device) => plane.world.fleet.groupOf[device] === group),
    context,
  );
}

function devicePage(devices: readonly number[], context: RouteContext) {
  const { items, paging } = pageOf(devices, context.request, PAGE);
  return jsonReply({ devices: items.map((device) => wireDevice(device, context)), ...paging });
}

function wireDevice(device: number, { plane, settings }: RouteContext) {
  const { world } = plane;
  const version = world.versionOf(device);
  const status = statusOf(world.fleet.offline, device);
  return {
    id: world.fleet.idOf(device),
    device_identifier: world.fleet.idOf(device),
    org_id: settings.orgId,
    platform: device % 2 === 0 ? 'ios' : 'android',
    status,
    last_seen_at: wireTime(
      status === 'online' ? world.now() : (world.ticks[0]?.from ?? world.now()) - DAY_MS,
    ),
    model_version: version === null ? null : wireVersion(version, settings),
  };
}

function wireGroup(name: string, { plane, settings }: RouteContext) {
  const size = settings.groups.find((group) => group.name === name)?.count ?? 0;
  return {
    id: groupId(name),
    org_id: settings.orgId,
    name,
    description: null,
    group_type: 'static',
    tags: [],
    device_count: size,
    created_at: wireTime(plane.versions.list().at(-1)?.createdAt ?? 0),
  };
}

function inOrganisation({ request, settings }: RouteContext): boolean {
  const asked = request.query.get('org_id');
  return asked === null || asked === settings.orgId;
}

function allDevices({ plane }: RouteContext): readonly number[] {
  return Array.from({ length: plane.world.fleet.size }, (_, device) => device);
}

function statusOf(offline: Uint8Array, device: number): 'online' | 'offline' {
  return offline[device] === 1 ? 'offline' : 'online';
}
