/** Turns whatever was thrown into an `Error`. Pure. */

/**
 * Returns `thrown` itself when it is an Error, else an Error that says what was thrown and keeps it as its
 * `cause`. Never throws, not even for values that cannot be printed.
 */
export function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new Error(`something that is not an error was thrown: ${describe(thrown)}`, { cause: thrown });
}

function describe(thrown: unknown): string {
  try {
    return typeof thrown === 'string' ? thrown : (JSON.stringify(thrown) ?? String(thrown));
  } catch {
    return typeof thrown;
  }
}
