/** The reason with which this product aborts its own work. */

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
