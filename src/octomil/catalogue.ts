/** What the organisation has: models, versions and groups. */
import type { DeviceGroup, Model } from '../core/ports.ts';
import type { ReasonCode } from '../core/reason-codes.ts';
import { oneLine } from '../runtime/untrusted-text.ts';
import type { Connection } from './connection.ts';
import { ApiError, isAbsent, OctomilError } from './errors.ts';
import { nearestNames, orList } from './nearest-names.ts';
import { readList } from './paging.ts';
import {
  groupPageSchema,
  type ModelVersion,
  modelPageSchema,
  modelSchema,
  modelVersionsSchema,
  versionPageSchema,
  versionSchema,
} from './wire-catalogue.ts';
import { parseAnswer } from './wire-parse.ts';

/** The organisation whose things are looked up: its id where the user gives it, else the key's own. */
export type OrgId = string | null;

const NEWEST_SHOWN = 5;

/**
 * Resolves with the model of an exact name, else of an exact id, else of the name before a `:`.
 *
 * Every page of the list is read: octomil-python reads only the first and misses models. A model that is
 * not listed is asked for by its id.
 * Errors: OctomilError `model_not_found` with the nearest names, `model_ambiguous` with the ids.
 */
export async function findModel(connection: Connection, orgId: OrgId, nameOrId: string): Promise<Model> {
  const models = await readList(connection, {
    route: '/models',
    query: orgQuery(orgId),
    paged: true,
    page: modelPageSchema,
    idOf: (model) => model.id,
  });
  const [family = nameOrId] = nameOrId.split(':');
  const found =
    theOnly(
      models.filter((model) => model.name === nameOrId),
      nameOrId,
    ) ??
    models.find((model) => model.id === nameOrId) ??
    theOnly(
      models.filter((model) => model.name === family),
      nameOrId,
    );
  if (found !== null && found !== undefined) return found;
  const unlisted = await readUnlistedModel(connection, nameOrId);
  if (unlisted !== null) return unlisted;
  const names = models.flatMap((model) => (model.name === null ? [] : [model.name]));
  throw notFound('model_not_found', 'model', { given: nameOrId, near: nearestNames(nameOrId, names) });
}

function theOnly(models: readonly Model[], given: string): Model | null {
  if (models.length < 2) return models[0] ?? null;
  const ids = models.slice(0, NEWEST_SHOWN).map((model) => oneLine(model.id, 80));
  throw new OctomilError(
    `${models.length} models are named "${oneLine(given, 80)}": ${ids.join(', ')}; expected one.`,
    { reasonCode: 'model_ambiguous' },
  );
}

async function readUnlistedModel(connection: Connection, id: string): Promise<Model | null> {
  if (id === '' || id === '.' || id === '..') return null;
  try {
    return parseAnswer(
      modelSchema,
      await connection.call({ method: 'GET', route: '/models/{model_id}', params: { model_id: id } }),
    );
  } catch (error) {
    if (isAbsent(error) || isMalformedId(error)) return null;
    throw error;
  }
}

/**
 * Resolves with one version of a model.
 *
 * Errors: OctomilError `version_not_found` with the newest five, also for an alias such as `latest`: a
 * rollout of an alias could not be told from another one later.
 */
export async function findVersion(
  connection: Connection,
  modelId: string,
  version: string,
): Promise<ModelVersion> {
  const found = await readVersion(connection, modelId, version);
  if (found?.version === version) return found;
  if (found !== null) {
    throw new OctomilError(
      `"${oneLine(version, 80)}" is another name of version ${oneLine(found.version, 80)}; expected the version itself.`,
      { reasonCode: 'version_not_found', advice: `Set \`version\` to ${oneLine(found.version, 80)}.` },
    );
  }
  const versions = await listVersions(connection, modelId);
  const listed = versions.find((one) => one.version === version);
  if (listed !== undefined) return listed;
  const newest = versions.slice(0, NEWEST_SHOWN).map((one) => oneLine(one.version, 80));
  throw notFound('version_not_found', 'version', { given: version, near: newest });
}

async function readVersion(
  connection: Connection,
  modelId: string,
  version: string,
): Promise<ModelVersion | null> {
  try {
    const answer = await connection.call({
      method: 'GET',
      route: '/models/{model_id}/versions/{version}',
      params: { model_id: modelId, version },
    });
    return parseAnswer(versionSchema, answer);
  } catch (error) {
    if (isAbsent(error) || isMalformedId(error)) return null;
    throw error;
  }
}

/**
 * Resolves with every version of a model, newest first as the API lists them; where it has no such list,
 * with the versions that the model's own object names.
 */
export async function listVersions(
  connection: Connection,
  modelId: string,
): Promise<readonly ModelVersion[]> {
  try {
    return await readList(connection, {
      route: '/models/{model_id}/versions',
      params: { model_id: modelId },
      paged: true,
      page: versionPageSchema,
      idOf: (version) => version.version,
    });
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  const model = await connection.call({
    method: 'GET',
    route: '/models/{model_id}',
    params: { model_id: modelId },
  });
  return parseAnswer(modelVersionsSchema, model);
}

/**
 * Resolves with the device group of an exact name, else of an exact id.
 *
 * Errors: OctomilError `group_not_found` with the nearest names, also when several groups have the name.
 */
export async function findGroup(
  connection: Connection,
  orgId: OrgId,
  nameOrId: string,
): Promise<DeviceGroup> {
  const groups = await readList(connection, {
    route: '/device-groups',
    query: orgQuery(orgId),
    paged: true,
    page: groupPageSchema,
    idOf: (group) => group.id,
  });
  const named = groups.filter((group) => group.name === nameOrId);
  if (named.length > 1) {
    const ids = named.slice(0, NEWEST_SHOWN).map((group) => oneLine(group.id, 80));
    throw new OctomilError(
      `${named.length} groups are named "${oneLine(nameOrId, 80)}": ${ids.join(', ')}.`,
      {
        reasonCode: 'group_not_found',
        advice: "Use the group's id.",
      },
    );
  }
  const found = named[0] ?? groups.find((group) => group.id === nameOrId);
  if (found !== undefined) return found;
  const near = nearestNames(
    nameOrId,
    groups.map((group) => group.name),
  );
  throw notFound('group_not_found', 'device group', { given: nameOrId, near });
}

/** Returns the query that names the organisation, where it is given. */
export function orgQuery(orgId: OrgId): Readonly<Record<string, string>> {
  return orgId === null ? {} : { org_id: orgId };
}

// A server that expects a uuid or a whole number in the path refuses a name instead of not finding it.
function isMalformedId(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 400 || error.status === 422);
}

function notFound(
  reasonCode: ReasonCode,
  what: string,
  it: { readonly given: string; readonly near: readonly string[] },
): OctomilError {
  const known = it.near.length === 0 ? `the API lists none` : `the API has ${orList(it.near)}`;
  return new OctomilError(`there is no ${what} "${oneLine(it.given, 80)}"; ${known}.`, { reasonCode });
}
