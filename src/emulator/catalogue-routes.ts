/** The routes of models and versions. Source: docs /api-reference/api-models; octomil-python 3c7bad6. */
import { jsonReply } from './exchange.ts';
import { knownModel } from './known-things.ts';
import { pageOf, param, type Route, type RouteContext } from './route.ts';
import type { VersionRecord } from './versions.ts';
import { wireTime, wireVersion } from './wire-rollout.ts';

const VERSIONS = '/models/{model_id}/versions';

/** The routes, in the order in which they are tried. */
export const CATALOGUE_ROUTES: readonly Route[] = [
  { method: 'GET', pattern: '/models', handler: listModels },
  { method: 'GET', pattern: '/models/{model_id}', handler: readModel },
  { method: 'GET', pattern: VERSIONS, handler: listVersions },
  { method: 'GET', pattern: `${VERSIONS}/latest`, handler: readLatest },
  { method: 'GET', pattern: `${VERSIONS}/{version}`, handler: readVersion },
];

interface ModelName {
  readonly id: string;
  readonly name: string;
}

function listModels({ plane, settings, request }: RouteContext) {
  const asked = request.query.get('org_id');
  const fillers = Array.from({ length: settings.modelCount - 1 }, (_, index): ModelName => {
    const name = `other-model-${index + 1}`;
    return { id: `mdl_other_${index + 1}`, name };
  });
  const ours = { id: settings.modelId, name: settings.model };
  const models = asked === null || asked === settings.orgId ? [...fillers, ours] : [];
  const { items, paging } = pageOf(models, request, { usual: 20, max: 100 });
  return jsonReply({ models: items.map((model) => wireModel(model, { plane, settings })), ...paging });
}

function readModel(context: RouteContext) {
  knownModel(context);
  const { settings } = context;
  return jsonReply(wireModel({ id: settings.modelId, name: settings.model }, context));
}

function wireModel({ id, name }: ModelName, { plane, settings }: Pick<RouteContext, 'plane' | 'settings'>) {
  const versions = plane.versions.list();
  const ours = id === settings.modelId;
  return {
    id,
    name,
    org_id: settings.orgId,
    framework: 'onnx',
    use_case: 'image-classification',
    version_count: ours ? versions.length : 1,
    created_at: wireTime(versions.at(-1)?.createdAt ?? 0),
    updated_at: wireTime(versions[0]?.createdAt ?? 0),
  };
}

function listVersions(context: RouteContext) {
  knownModel(context);
  const { plane, request } = context;
  const wanted = request.query.get('status');
  const versions = plane.versions.list().filter(({ status }) => wanted === null || status === wanted);
  const { items, paging } = pageOf(versions, request, { usual: 100, max: 1_000 });
  return jsonReply({ versions: items.map((version) => wireVersionRecord(version, context)), ...paging });
}

function readLatest(context: RouteContext) {
  knownModel(context);
  const latest = context.plane.versions.list()[0];
  return jsonReply(latest === undefined ? {} : wireVersionRecord(latest, context));
}

function readVersion(context: RouteContext) {
  knownModel(context);
  const found = context.plane.versions.find(param(context, 'version'));
  return jsonReply({ model_id: context.settings.modelId, ...wireVersionRecord(found, context) });
}

function wireVersionRecord({ version, status, createdAt }: VersionRecord, { settings }: RouteContext) {
  return { version: wireVersion(version, settings), status, created_at: wireTime(createdAt) };
}
