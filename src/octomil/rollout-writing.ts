/** Changes one rollout: percentage, pause, resume, start; every change is read back. */
import type { RemoteRollout } from '../core/rollout.ts';
import { type DurationMs, type Percent, SECOND_MS } from '../core/units.ts';
import type { Call } from './connection.ts';
import { isAbsent, OctomilError } from './errors.ts';
import { sendWithReadBack } from './read-back.ts';
import { type ModelRollouts, paramsOf, ROLLOUT_ROUTE, readRollout } from './rollout-reading.ts';
import { isLive } from './wire-rollout.ts';

/** A replica may show a write late; it is given two more looks before its answer is taken as it is. */
const READS_AFTER_WRITE = 3;
const READ_AGAIN_MS: DurationMs = SECOND_MS;

/**
 * Sets the percentage and resolves with the rollout as the API shows it afterwards, which need not be the
 * percentage asked for.
 *
 * The percentage is absolute, so that the write is safe to repeat; the API's relative `advance` is never
 * used. Errors: OctomilError, `advance_refused` for a refusal; RangeError for a percentage out of 0..100.
 */
export async function setPercentage(
  of: ModelRollouts,
  id: string,
  change: { readonly percentage: Percent; readonly reason: string },
): Promise<RemoteRollout> {
  const { percentage, reason } = change;
  if (!(percentage >= 0 && percentage <= 100)) throw new RangeError(`${percentage}%: expected 0 to 100`);
  const took = (rollout: RemoteRollout): boolean => rollout.percentage === percentage;
  try {
    const call = changeCall(of, id, 'update-percentage');
    await of.connection.call({ ...call, kind: 'absolute_write', body: { percentage, reason } });
  } catch (error) {
    // A clear refusal stands even when the percentage is there already: the reason was not recorded.
    if (!(error instanceof OctomilError) || !error.uncertain) throw error;
    return effectOrRethrow(of, id, { took, failed: error });
  }
  return readAfterWrite(of, id, took);
}

/** Pauses a rollout; one that is paused already is a success. Errors: OctomilError. */
export async function pauseRollout(of: ModelRollouts, id: string): Promise<RemoteRollout> {
  return changeState(of, id, { verb: 'pause', took: (rollout) => rollout.status === 'paused' });
}

/** Resumes a rollout; one that runs already is a success. Errors: OctomilError. */
export async function resumeRollout(of: ModelRollouts, id: string): Promise<RemoteRollout> {
  return changeState(of, id, { verb: 'resume', took: isRunning });
}

/** Starts a pending rollout; one that runs already is a success. Errors: OctomilError. */
export async function startRollout(of: ModelRollouts, id: string): Promise<RemoteRollout> {
  return changeState(of, id, { verb: 'start', took: isRunning });
}

/**
 * Resolves with the rollout once `took` holds, or as it is after three reads.
 *
 * Errors: OctomilError `rollout_gone` when it cannot be found.
 */
export async function readAfterWrite(
  of: ModelRollouts,
  id: string,
  took: (rollout: RemoteRollout) => boolean,
): Promise<RemoteRollout> {
  const { clock, signal } = of.connection;
  for (let read = 1; ; read += 1) {
    const rollout = await readRollout(of, id);
    if (rollout !== null && (took(rollout) || read >= READS_AFTER_WRITE)) return rollout;
    if (read >= READS_AFTER_WRITE) {
      throw new OctomilError(`rollout ${id} cannot be found after it was written`, {
        reasonCode: 'rollout_gone',
      });
    }
    await clock.sleepUntil(clock.now() + READ_AGAIN_MS, signal);
  }
}

interface StateChange {
  readonly verb: 'pause' | 'resume' | 'start';
  took(rollout: RemoteRollout): boolean;
}

async function changeState(of: ModelRollouts, id: string, change: StateChange): Promise<RemoteRollout> {
  try {
    await sendWithReadBack(of.connection, {
      send: async () => {
        await of.connection.call({ ...changeCall(of, id, change.verb), kind: 'once' });
        return true;
      },
      // A resume that is repeated blindly could undo a pause that somebody made in between.
      find: async () => {
        const rollout = await readRollout(of, id);
        return rollout !== null && change.took(rollout) ? true : null;
      },
    });
  } catch (error) {
    if (!(error instanceof OctomilError)) throw error;
    return effectOrRethrow(of, id, { took: change.took, failed: error });
  }
  return readAfterWrite(of, id, change.took);
}

async function effectOrRethrow(
  of: ModelRollouts,
  id: string,
  write: { readonly took: (rollout: RemoteRollout) => boolean; readonly failed: OctomilError },
): Promise<RemoteRollout> {
  try {
    const rollout = await readRollout(of, id);
    if (rollout !== null && write.took(rollout)) return rollout;
  } catch (error) {
    if (!(error instanceof OctomilError)) throw error;
  }
  throw write.failed;
}

function changeCall(of: ModelRollouts, id: string, verb: string): Call {
  return {
    method: 'POST',
    route: `${ROLLOUT_ROUTE}/${verb}`,
    params: paramsOf(of, id),
    refusedAs: 'advance_refused',
  };
}

function isRunning(rollout: RemoteRollout): boolean {
  return rollout.status === 'active' || rollout.status === 'completed';
}

/** Deletes a rollout, whatever its status; one that is gone already is a success. Errors: OctomilError. */
export async function deleteRollout(of: ModelRollouts, id: string): Promise<void> {
  try {
    await of.connection.call({
      method: 'DELETE',
      route: ROLLOUT_ROUTE,
      params: paramsOf(of, id),
      query: { force: 'true' },
      kind: 'absolute_write',
    });
  } catch (error) {
    if (isAbsent(error)) return;
    if (!(error instanceof OctomilError) || !error.uncertain) throw error;
    const left = await readRollout(of, id);
    if (left !== null && isLive(left)) throw error;
  }
}
