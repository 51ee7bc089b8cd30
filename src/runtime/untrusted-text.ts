/** Makes text from a server safe to put into a message. Pure. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to go
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/g;

/**
 * Returns `text` on one line, without control and direction characters, at most `maxChars` long; a cut is
 * marked with an ellipsis.
 */
export function oneLine(text: string, maxChars: number): string {
  const line = text.replace(UNPRINTABLE, ' ').replace(/ {2,}/g, ' ').trim();
  return line.length <= maxChars ? line : `${line.slice(0, maxChars - 1)}…`;
}

/** Returns `text` with every occurrence of `secret` replaced, also where it was percent-encoded. */
export function withoutSecret(text: string, secret: string): string {
  if (secret === '') return text;
  return text.replaceAll(secret, '***').replaceAll(encodeURIComponent(secret), '***');
}
