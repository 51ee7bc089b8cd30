/** An input that says where a server is, or what to show it, cannot be used. */

/** The message names the input, what was got, what is expected and what to do; it repeats no secret. */
export class ConnectionInputError extends Error {
  override readonly name = 'ConnectionInputError';
}

/**
 * Returns a secret without blanks at its ends.
 *
 * Errors: ConnectionInputError for a character that no header can carry; it is not repeated.
 */
export function usableSecret(text: string, input: string): string {
  const secret = text.trim();
  if (/^[\x20-\x7e]*$/.test(secret)) return secret;
  throw new ConnectionInputError(
    `${input} contains a line break or another character that no header can carry; paste it again.`,
  );
}
