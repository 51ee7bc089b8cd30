/** Repeats a write that has no idempotency key: its effect is looked for before it is sent again. */
import type { Connection } from './connection.ts';
import { ApiError, isAbsent, OctomilError, TransportFailure } from './errors.ts';
import { type Failure, nextTry } from './retry-policy.ts';

/** A write and the way to find out whether it has taken effect. */
export interface ReadBackWrite<T> {
  /** Sends the write once. */
  send(): Promise<T>;
  /** Resolves with the effect where it can be seen, else with null. */
  find(): Promise<T | null>;
  /** True when a route that is not there may only not be there yet; it is asked at most twice more. */
  readonly coldStart?: boolean;
}

/**
 * Resolves with what `send` brought or `find` found.
 *
 * After a failure that may pass, the effect is looked for first; only when it is not there is the write
 * sent again. Errors: the write's own error when it is final, when its tries are used up, or when it
 * cannot be told whether it took effect.
 */
export async function sendWithReadBack<T>(connection: Connection, write: ReadBackWrite<T>): Promise<T> {
  const startedAt = connection.clock.now();
  let waitedMs = 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write.send();
    } catch (error) {
      if (!(error instanceof OctomilError)) throw error;
      const failure = failureIn(error, write.coldStart === true);
      const found = error.uncertain ? await findOrRethrow(write, error) : null;
      if (found !== null) return found;
      if (failure === null) throw error;
      const next = nextTry({
        call: 'absolute_write',
        failure,
        attempt,
        waitedMs,
        elapsedMs: connection.clock.now() - startedAt,
        nowMs: connection.now(),
        random: connection.random(),
      });
      if (next === 'give_up') throw error;
      waitedMs += next.retryAfterMs;
      await connection.clock.sleepUntil(connection.clock.now() + next.retryAfterMs, connection.signal);
    }
  }
}

async function findOrRethrow<T>(write: ReadBackWrite<T>, sent: OctomilError): Promise<T | null> {
  try {
    return await write.find();
  } catch (error) {
    // Not knowing is no reason to send it twice; the write's error says more than the read's.
    throw error instanceof OctomilError ? sent : error;
  }
}

function failureIn(error: OctomilError, coldStart: boolean): Failure | null {
  if (error instanceof TransportFailure) return { kind: 'transport', error: error.kind };
  if (!(error instanceof ApiError) || error.status === null) return null;
  if (coldStart && isAbsent(error)) {
    return { kind: 'status', status: 404, retryAfter: null, routeUnknown: true };
  }
  const { status, retryAfter, routeUnknown } = error;
  return { kind: 'status', status, retryAfter, routeUnknown };
}
