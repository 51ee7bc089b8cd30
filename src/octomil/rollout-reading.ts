/** Reads rollouts of one model: list, single, history, devices. */
import type { DeviceCount, HistoryEntry, RemoteRollout } from '../core/rollout.ts';
import type { Connection } from './connection.ts';
import { ApiError, isAbsent, ProtocolError } from './errors.ts';
import { readList } from './paging.ts';
import { deviceCountSchema } from './wire-devices.ts';
import { historySchema, oldestFirst } from './wire-history.ts';
import { pageSchema } from './wire-page.ts';
import { detailsOf, parseAnswer } from './wire-parse.ts';
import { rolloutSchema } from './wire-rollout.ts';

/** The rollouts of one model at one connection. */
export interface ModelRollouts {
  readonly connection: Connection;
  readonly modelId: string;
}

/** The route of one rollout, without its verb. */
export const ROLLOUT_ROUTE = '/models/{model_id}/rollouts/{rollout_id}';

/**
 * Resolves with the model's rollouts; where the API has no such list, with those that it calls active, of
 * the model or, filtered by model, of the organisation.
 */
export async function listRollouts(of: ModelRollouts): Promise<readonly RemoteRollout[]> {
  try {
    return await readRolloutList(of, '/models/{model_id}/rollouts');
  } catch (error) {
    if (!isAbsent(error)) throw error;
    return listActiveRollouts(of, error);
  }
}

async function listActiveRollouts(of: ModelRollouts, missing: ApiError): Promise<readonly RemoteRollout[]> {
  try {
    return await readRolloutList(of, '/models/{model_id}/rollouts/active');
  } catch (error) {
    // Without this route `active` is taken for a rollout's id: not found, or malformed.
    if (!isAbsent(error) && !isMalformed(error)) throw error;
  }
  try {
    const all = await readRolloutList({ connection: of.connection, modelId: '' }, '/rollouts/active');
    return all.filter((rollout) => rollout.modelId === of.modelId);
  } catch (error) {
    throw isAbsent(error) ? missing : error;
  }
}

function readRolloutList(of: ModelRollouts, route: string): Promise<readonly RemoteRollout[]> {
  return readList(of.connection, {
    route,
    ...(route.includes('{') ? { params: { model_id: of.modelId } } : {}),
    paged: false,
    page: pageSchema(['rollouts'], rolloutSchema(of.modelId)),
    idOf: (rollout) => rollout.id,
  });
}

/**
 * Resolves with one rollout, or null when there is no such one (any more).
 *
 * Errors: ProtocolError when the API answers with another rollout than the one asked for.
 */
export async function readRollout(of: ModelRollouts, id: string): Promise<RemoteRollout | null> {
  const answer = await orAbsent(() =>
    of.connection.call({ method: 'GET', route: ROLLOUT_ROUTE, params: paramsOf(of, id) }),
  );
  if (answer === null) return null;
  const rollout = parseAnswer(rolloutSchema(of.modelId), answer);
  if (rollout.id === id) return rollout;
  throw new ProtocolError(
    answer.where,
    { field: "the rollout's id", got: rollout.id, expected: id },
    detailsOf(answer),
  );
}

/** Resolves with a rollout's history, oldest first; an empty list where the API keeps none. */
export async function readHistory(of: ModelRollouts, id: string): Promise<readonly HistoryEntry[]> {
  const answer = await orAbsent(() =>
    of.connection.call({ method: 'GET', route: `${ROLLOUT_ROUTE}/status-history`, params: paramsOf(of, id) }),
  );
  return answer === null ? [] : oldestFirst(parseAnswer(historySchema, answer).items);
}

/** Resolves with the devices of a rollout, or null where the API cannot count them. */
export async function countDevices(of: ModelRollouts, id: string): Promise<DeviceCount | null> {
  const answer = await orAbsent(() =>
    of.connection.call({
      method: 'GET',
      route: `${ROLLOUT_ROUTE}/affected-devices`,
      params: paramsOf(of, id),
    }),
  );
  return answer === null ? null : parseAnswer(deviceCountSchema, answer);
}

/** Returns the ids that the routes of one rollout need. */
export function paramsOf(of: ModelRollouts, rolloutId: string): Readonly<Record<string, string>> {
  return { model_id: of.modelId, rollout_id: rolloutId };
}

async function orAbsent<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

function isMalformed(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 400 || error.status === 422);
}
