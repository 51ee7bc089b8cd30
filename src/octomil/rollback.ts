/** Takes a model back to an earlier version: by the API's own route, else by a rollout of that version. */
import type { DeviceGroup, RollbackReceipt, RollbackRequest } from '../core/ports.ts';
import type { RemoteRollout } from '../core/rollout.ts';
import { type DurationMs, type EpochMs, SECOND_MS } from '../core/units.ts';
import type { Connection } from './connection.ts';
import { ApiError, OctomilError } from './errors.ts';
import { sendWithReadBack } from './read-back.ts';
import { restoreByRollout } from './restore-by-rollout.ts';
import { refusedRollback, type Trail } from './rollback-refused.ts';
import { groupMayBe } from './rollout-creation.ts';
import { listRollouts, type ModelRollouts, readRollout } from './rollout-reading.ts';
import { isLive } from './wire-rollout.ts';

/** Server times are cut to the second, and a skew below 2 s is not corrected. */
const CREATED_TOLERANCE_MS: DurationMs = 5 * SECOND_MS;

/**
 * Rolls back and resolves with what the API accepted; devices are not waited for.
 *
 * `POST /models/{id}/rollback` first (docs /operate/rollback; no public SDK calls it). Where that route is
 * not there after a cold start's time, or does not accept, the candidate is paused and the earlier version
 * is rolled out at 100%, as octomil-python does. An uncertain answer is read back before anything is
 * repeated. No call waits for the rate limit.
 * Errors: OctomilError `rollback_refused` that says what was tried and what still serves.
 */
export async function rollBack(of: ModelRollouts, request: RollbackRequest): Promise<RollbackReceipt> {
  const urgent: ModelRollouts = { ...of, connection: withoutWaiting(of.connection) };
  const trail: Trail = { tried: [], lastError: null, serves: null };
  if (request.toVersion === request.fromVersion) {
    trail.tried.push(`nothing: ${request.toVersion} is the version to roll back from`);
    throw refusedRollback(request, trail);
  }
  const startedAt = urgent.connection.clock.now();
  if (!(await askRoute(urgent, request, trail))) return restoreByRollout(urgent, request, trail);
  // By the server's clock, which may only be known since it answered.
  const askedAt = urgent.connection.now() - (urgent.connection.clock.now() - startedAt);
  return {
    via: 'endpoint',
    restoringRolloutId: await findRestoring(urgent, request, askedAt),
    acceptedAt: urgent.connection.now(),
  };
}

async function askRoute(of: ModelRollouts, request: RollbackRequest, trail: Trail): Promise<boolean> {
  const isAccepted = async (): Promise<true | null> =>
    (await isRollingBack(of, request.rolloutId)) ? true : null;
  const send = async (): Promise<true> => {
    await of.connection.call({
      method: 'POST',
      route: '/models/{model_id}/rollback',
      params: { model_id: of.modelId },
      kind: 'once',
      body: {
        to_version: request.toVersion,
        reason: request.reason,
        ...(request.group === null ? {} : { group: request.group.id }),
      },
    });
    return true;
  };
  try {
    return await sendWithReadBack(of.connection, { send, find: isAccepted, coldStart: true });
  } catch (error) {
    if (!(error instanceof OctomilError)) throw error;
    trail.tried.push(error.message);
    trail.lastError = error;
    // A refused key is refused everywhere; trying on would only take time.
    if (error.status === 401) throw refusedRollback(request, trail);
    return error instanceof ApiError && error.status === 409 && (await isRollingBack(of, request.rolloutId));
  }
}

async function isRollingBack(of: ModelRollouts, rolloutId: string | null): Promise<boolean> {
  if (rolloutId === null) return false;
  try {
    const candidate = await readRollout(of, rolloutId);
    return candidate?.status === 'rolling_back' || candidate?.status === 'rolled_back';
  } catch (error) {
    // Asking again is safe: the version to return to is absolute.
    if (error instanceof OctomilError) return false;
    throw error;
  }
}

async function findRestoring(
  of: ModelRollouts,
  request: RollbackRequest,
  askedAt: EpochMs,
): Promise<string | null> {
  try {
    const restoring = (await listRollouts(of))
      .filter((one) => restores(one, request, request.group) && isSince(one, askedAt))
      .sort((one, other) => (other.createdAt ?? 0) - (one.createdAt ?? 0));
    return restoring[0]?.id ?? null;
  } catch (error) {
    // The rollback is accepted; which rollout shows it can still be found at the next look.
    if (error instanceof OctomilError) return null;
    throw error;
  }
}

function restores(rollout: RemoteRollout, request: RollbackRequest, group: DeviceGroup | null): boolean {
  return (
    rollout.id !== request.rolloutId &&
    rollout.version === request.toVersion &&
    groupMayBe(rollout.group, group) &&
    (isLive(rollout) || rollout.status === 'completed')
  );
}

// Without a creation time, a completed rollout may be the one that served before the candidate.
function isSince(rollout: RemoteRollout, askedAt: EpochMs): boolean {
  if (rollout.createdAt === null) return isLive(rollout);
  return rollout.createdAt >= askedAt - CREATED_TOLERANCE_MS;
}

function withoutWaiting(connection: Connection): Connection {
  return { ...connection, call: (call) => connection.call({ ...call, urgent: true }) };
}
