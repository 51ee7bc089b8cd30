/** Finds nesting that no plan needs before anything recursive reads it. Pure. */
import { Lexer } from 'yaml';

/** A plan nests four levels deep; this leaves room for a clear message about a fifth. */
const MAX_LEVELS = 16;

/**
 * Returns the offset at which a text nests deeper than 16 levels, or null.
 *
 * The YAML composer recurses once per level, and a stack that is nearly full makes V8 end the process
 * while it compiles a regular expression, which nothing can catch. The lexer does not recurse.
 */
export function deepNestingAt(text: string): number | null {
  let offset = 0;
  let flowLevels = 0;
  let indicators = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') flowLevels += 1;
    if (token === ']' || token === '}') flowLevels = Math.max(0, flowLevels - 1);
    // Each `- `, `? ` or `: ` in a row opens a level inside the one before it.
    if (token === '-' || token === '?' || token === ':') indicators += 1;
    else if (endsRow(token, flowLevels)) indicators = 0;
    if (flowLevels > MAX_LEVELS || indicators > MAX_LEVELS) return offset;
    if (!isVirtual(token)) offset += token.length;
  }
  return null;
}

function endsRow(token: string, flowLevels: number): boolean {
  return (flowLevels === 0 && /^\r?\n/.test(token)) || token === ',' || /^[[\]{}]$/.test(token);
}

/** The lexer marks document, flow-error and scalar starts with single characters that are not in the text. */
function isVirtual(token: string): boolean {
  return token === '\u{2}' || token === '\u{18}' || token === '\u{1f}';
}
