/** Restores an earlier version where the API has no rollback of its own: pause, roll the old version out at 100%. */
import type { NewRollout, RollbackReceipt, RollbackRequest } from '../core/ports.ts';
import type { ReasonCode } from '../core/reason-codes.ts';
import type { RemoteRollout } from '../core/rollout.ts';
import { type DurationMs, SECOND_MS } from '../core/units.ts';
import { findVersion } from './catalogue.ts';
import { ApiError, OctomilError } from './errors.ts';
import { refusedRollback, type Trail } from './rollback-refused.ts';
import { createRollout, groupIs } from './rollout-creation.ts';
import { listRollouts, type ModelRollouts, readRollout } from './rollout-reading.ts';
import {
  deleteRollout,
  pauseRollout,
  resumeRollout,
  setPercentage,
  startRollout,
} from './rollout-writing.ts';
import { isLive } from './wire-rollout.ts';

const PASSING: readonly ReasonCode[] = ['api_unavailable', 'api_protocol'];
const MAX_CREATE_ATTEMPTS = 4;
const CREATE_AGAIN_MS: DurationMs = SECOND_MS;

/**
 * Pauses the candidate, rolls `toVersion` out at 100% and resolves with that rollout.
 *
 * On a 409 the candidate's rollout is deleted, but only once the API has shown that the old version can be
 * served: deleting first could leave the fleet without either. A rollback of a group never becomes one of
 * the fleet: without a sign that the API limits rollouts to groups, it stops at the pause.
 * Errors: OctomilError `rollback_refused`.
 */
export async function restoreByRollout(
  of: ModelRollouts,
  request: RollbackRequest,
  trail: Trail,
): Promise<RollbackReceipt> {
  const candidate = await pauseCandidate(of, request, trail);
  if (request.group !== null && !groupIs(candidate?.group, request.group)) {
    trail.tried.push('nothing further: the API does not show that it limits a rollout to the group');
    throw refusedRollback(request, trail);
  }
  try {
    const created = await createOldVersion(of, request, { candidate, trail });
    const restoring = await reachEveryDevice(of, request, created);
    return { via: 'rollout', restoringRolloutId: restoring.id, acceptedAt: of.connection.now() };
  } catch (error) {
    if (!(error instanceof OctomilError) || error.reasonCode === 'rollback_refused') throw error;
    throw failed(request, trail, error);
  }
}

async function pauseCandidate(
  of: ModelRollouts,
  request: RollbackRequest,
  trail: Trail,
): Promise<RemoteRollout | null> {
  try {
    const candidate = await findCandidate(of, request);
    if (candidate === null) return null;
    trail.serves = servesNow(request, candidate);
    if (!isLive(candidate) || candidate.status === 'paused') return candidate;
    const paused = await pauseRollout(of, candidate.id);
    trail.serves = servesNow(request, paused);
    return paused;
  } catch (error) {
    if (!(error instanceof OctomilError)) throw error;
    trail.tried.push(error.message);
    trail.lastError = error;
    return readQuietly(of, request);
  }
}

async function readQuietly(of: ModelRollouts, request: RollbackRequest): Promise<RemoteRollout | null> {
  try {
    return await findCandidate(of, request);
  } catch (error) {
    if (error instanceof OctomilError) return null;
    throw error;
  }
}

async function findCandidate(of: ModelRollouts, request: RollbackRequest): Promise<RemoteRollout | null> {
  if (request.rolloutId !== null) return readRollout(of, request.rolloutId);
  const live = (await listRollouts(of)).filter((one) => one.version === request.fromVersion && isLive(one));
  return live.length === 1 ? (live[0] ?? null) : null;
}

interface Attempt {
  readonly candidate: RemoteRollout | null;
  readonly trail: Trail;
}

async function createOldVersion(
  of: ModelRollouts,
  request: RollbackRequest,
  { candidate, trail }: Attempt,
): Promise<RemoteRollout> {
  const rollout: NewRollout = {
    version: request.toVersion,
    percentage: 100,
    targetPercentage: 100,
    incrementStep: 100,
    group: request.group,
  };
  try {
    return await createRollout(of, rollout);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409 || candidate === null) throw error;
    trail.tried.push(error.message);
  }
  const old = await findVersion(of.connection, of.modelId, request.toVersion);
  if (old.retired) {
    trail.tried.push(
      `nothing further: ${request.toVersion} is retired, so the rollout in its way was not deleted`,
    );
    throw refusedRollback(request, trail);
  }
  await deleteRollout(of, candidate.id);
  trail.serves = `the rollout of ${request.fromVersion} was deleted, and devices that have it may keep it`;
  return insistOn(of, rollout);
}

/**
 * Creates the rollout, also when the API's answers make no sense for a while: the candidate's rollout is gone
 * by now, so nothing on the server would tell a later look that something is still to be restored.
 */
async function insistOn(of: ModelRollouts, rollout: NewRollout): Promise<RemoteRollout> {
  const { clock, signal } = of.connection;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await createRollout(of, rollout);
    } catch (error) {
      const mayPass = error instanceof OctomilError && PASSING.includes(error.reasonCode);
      if (!mayPass || attempt >= MAX_CREATE_ATTEMPTS) throw error;
    }
    await clock.sleepUntil(clock.now() + CREATE_AGAIN_MS * attempt, signal);
  }
}

async function reachEveryDevice(
  of: ModelRollouts,
  request: RollbackRequest,
  created: RemoteRollout,
): Promise<RemoteRollout> {
  if (request.group !== null && !groupIs(created.group, request.group)) {
    await pauseRollout(of, created.id);
    throw new OctomilError(
      `rollout ${created.id} of ${created.version} is not limited to the group ${request.group.name}, so it was paused`,
      { reasonCode: 'api_refused' },
    );
  }
  let restoring = created;
  if (restoring.status === 'pending') restoring = await startRollout(of, restoring.id);
  if (restoring.status === 'paused') restoring = await resumeRollout(of, restoring.id);
  if (restoring.percentage >= 100) return restoring;
  restoring = await setPercentage(of, restoring.id, { percentage: 100, reason: request.reason });
  if (restoring.percentage >= 100) return restoring;
  throw new OctomilError(
    `rollout ${restoring.id} of ${restoring.version} stays at ${restoring.percentage}%`,
    {
      reasonCode: 'rollback_refused',
    },
  );
}

function failed(request: RollbackRequest, trail: Trail, error: OctomilError): OctomilError {
  trail.tried.push(error.message);
  trail.lastError = error;
  return refusedRollback(request, trail);
}

function servesNow(request: RollbackRequest, candidate: RemoteRollout): string {
  const { id, percentage, statusText } = candidate;
  return `${request.fromVersion} still serves ${percentage}% in rollout ${id} (${statusText})`;
}
