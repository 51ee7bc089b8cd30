/** Shows untrusted text of a plan or an input inside a message. Pure. */

const MAX_SHOWN_CHARS = 60;

/**
 * Returns text in double quotes, on one line, at most 60 characters long.
 *
 * Never throws. Control, format and unpaired surrogate characters are written as `\u{…}`, so that a value
 * cannot end a line, start a workflow command, hide or reorder the message around it.
 */
export function quote(text: string): string {
  return `"${showInline(text)}"`;
}

/** Returns text as `quote` does, without the quotes. */
export function showInline(text: string): string {
  const chars = Array.from(text.slice(0, MAX_SHOWN_CHARS * 2));
  const kept = chars.length > MAX_SHOWN_CHARS ? [...chars.slice(0, MAX_SHOWN_CHARS - 1), '…'] : chars;
  return kept.map(escapeChar).join('');
}

function escapeChar(char: string): string {
  if (!/[\p{C}\p{Zl}\p{Zp}]/u.test(char)) return char;
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}
