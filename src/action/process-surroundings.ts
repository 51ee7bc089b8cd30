/** What the process of a job gives to the action: its clock, chance, and the runner's signals. */
import { CancelledError } from '../runtime/abort.ts';
import { systemClock } from '../runtime/clock.ts';
import type { Surroundings } from './connection.ts';

/**
 * Returns the surroundings of this process, and takes its SIGINT and SIGTERM from here on: they end it no longer,
 * and abort `signal` with a CancelledError that names them.
 */
export function processSurroundings(): Surroundings {
  const cancellation = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => cancellation.abort(new CancelledError(name)));
  }
  return { clock: systemClock(), random: Math.random, signal: cancellation.signal };
}
