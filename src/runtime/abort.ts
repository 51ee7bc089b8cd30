/** The reason with which this product aborts its own work. */
import { formatDuration } from '../core/format.ts';
import type { DurationMs } from '../core/units.ts';

/** The work was cancelled from outside: a signal of the process, or a budget that is used up. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  /** What cancelled it, for example `SIGINT`. */
  readonly by: string;

  /** Creates the reason to abort with; `by` names who cancelled. */
  constructor(by: string) {
    super(`cancelled by ${by}`);
    this.by = by;
  }
}

/** Returns one signal that is aborted as soon as either is, or undefined where there is none. */
export function eitherSignal(
  one: AbortSignal | undefined,
  other: AbortSignal | undefined,
): AbortSignal | undefined {
  if (one === undefined || other === undefined || one === other) return one ?? other;
  return AbortSignal.any([one, other]);
}

/**
 * Returns a signal that is aborted after `lastMs` milliseconds, with a reason that says so.
 *
 * It keeps no process alive.
 */
export function timeLimit(lastMs: DurationMs): AbortSignal {
  const limit = new AbortController();
  const says = `the API did not answer within ${formatDuration(lastMs)}`;
  setTimeout(() => limit.abort(new Error(says)), lastMs).unref();
  return limit.signal;
}
