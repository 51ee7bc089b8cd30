/** The Octomil API as the action uses it: look-ups of the organisation, and the rollouts of one model. */

import type { RunningExperiment } from '../core/experiments.ts';
import type { OrgPolicy } from '../core/org-policy.ts';
import type { DeviceGroup, Model, RolloutApi } from '../core/ports.ts';
import type { EpochMs } from '../core/units.ts';
import { findGroup, findModel, findVersion, listVersions } from './catalogue.ts';
import { type Connection, type ConnectionOptions, createConnection } from './connection.ts';
import { createAlone } from './creation-race.ts';
import { ApiError } from './errors.ts';
import { countFleet, readSettings, runningExperiments } from './organisation.ts';
import { rollBack } from './rollback.ts';
import { countDevices, listRollouts, readHistory, readRollout } from './rollout-reading.ts';
import { pauseRollout, resumeRollout, setPercentage, startRollout } from './rollout-writing.ts';
import type { ModelVersion } from './wire-catalogue.ts';

/** What a client needs. */
export interface OctomilClientOptions extends ConnectionOptions {
  /** The organisation's id where the user gives it; null leaves it to the key. */
  readonly orgId: string | null;
}

/** What the API said on a path of the user's choosing: an answer, or a refusal that means something. */
export type JsonAnswer =
  | { readonly kind: 'json'; readonly body: unknown }
  | {
      readonly kind: 'refused';
      readonly status: number;
      /** True for the router's own "no such route"; false when the route answered for itself. */
      readonly routeUnknown: boolean;
      readonly message: string;
    };

/** The API of one organisation. Every method rejects with an OctomilError, or with an abort's reason. */
export interface OctomilClient {
  /** The server's time by its last answer; the local clock until there was one. */
  now(): EpochMs;
  /** Errors: `model_not_found`, `model_ambiguous`. */
  findModel(nameOrId: string): Promise<Model>;
  /** Errors: `version_not_found`. */
  findVersion(modelId: string, version: string): Promise<ModelVersion>;
  /** Newest first, as the API lists them. */
  listVersions(modelId: string): Promise<readonly ModelVersion[]>;
  /** Errors: `group_not_found`. */
  findGroup(nameOrId: string): Promise<DeviceGroup>;
  /** Resolves with null where the API does not count the fleet. */
  countFleet(): Promise<number | null>;
  /** Every rule is null that the API does not tell, and all without an organisation's id. */
  readSettings(): Promise<OrgPolicy>;
  /** Resolves with null where the API does not tell. */
  runningExperiments(modelId: string): Promise<readonly RunningExperiment[] | null>;
  forModel(modelId: string): RolloutApi;
  /**
   * Reads JSON from a path below the base address, query included. A 4xx or 501 is an answer of kind
   * `refused`; everything else that is not JSON rejects.
   */
  readJson(path: string, signal?: AbortSignal): Promise<JsonAnswer>;
}

/** Returns a client; nothing is sent yet. Errors: OctomilError `invalid_input` for a key that cannot be one. */
export function createOctomilClient(options: OctomilClientOptions): OctomilClient {
  const connection = createConnection(options);
  const { orgId } = options;
  return {
    now: () => connection.now(),
    findModel: (nameOrId) => findModel(connection, orgId, nameOrId),
    findVersion: (modelId, version) => findVersion(connection, modelId, version),
    listVersions: (modelId) => listVersions(connection, modelId),
    findGroup: (nameOrId) => findGroup(connection, orgId, nameOrId),
    countFleet: () => countFleet(connection, orgId),
    readSettings: () => readSettings(connection, orgId),
    runningExperiments: (modelId) => runningExperiments(connection, orgId, modelId),
    forModel: (modelId) => rolloutApi(connection, modelId),
    readJson: (path, signal) => readJson(connection, path, signal),
  };
}

function rolloutApi(connection: Connection, modelId: string): RolloutApi {
  const of = { connection, modelId };
  return {
    now: () => connection.now(),
    listRollouts: () => listRollouts(of),
    readRollout: (id) => readRollout(of, id),
    readHistory: (id) => readHistory(of, id),
    countDevices: (id) => countDevices(of, id),
    createRollout: (rollout) => createAlone(of, rollout),
    startRollout: (id) => startRollout(of, id),
    pauseRollout: (id) => pauseRollout(of, id),
    resumeRollout: (id) => resumeRollout(of, id),
    setPercentage: (id, percentage, reason) => setPercentage(of, id, { percentage, reason }),
    rollBack: (request) => rollBack(of, request),
  };
}

async function readJson(
  connection: Connection,
  path: string,
  signal: AbortSignal | undefined,
): Promise<JsonAnswer> {
  try {
    const answer = await connection.call({ method: 'GET', route: path, signal });
    return { kind: 'json', body: answer.json };
  } catch (error) {
    if (!(error instanceof ApiError) || error.reasonCode === 'api_unavailable') throw error;
    const { message, routeUnknown } = error;
    return { kind: 'refused', status: error.status ?? 0, routeUnknown, message };
  }
}
