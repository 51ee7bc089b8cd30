/** Puts a name or version into a PromQL string, whatever quotes the query has around it. Pure. */
import type { PlaceholderStyle } from '../placeholders.ts';

/**
 * Returns a value so that it cannot end the string that it stands in.
 *
 * Quotes, backticks and control characters become `\xNN`, which the quoted strings of PromQL read back; in a
 * raw string (backticks) such a value matches nothing, and outside of a string it is a syntax error.
 * Source: Prometheus documentation, "PromQL literals".
 */
function escapePromql(value: string): string {
  return [...value].map(escapeCharacter).join('');
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === '\\') return '\\\\';
  const ends = character === '"' || character === "'" || character === '`';
  return ends || code < 0x20 || code === 0x7f ? `\\x${code.toString(16).padStart(2, '0')}` : character;
}

/** How placeholders are filled in PromQL. */
export const PROMQL_STYLE: PlaceholderStyle = { escape: escapePromql, times: 'epoch-seconds', groups: true };
