/** Diagrams as mermaid text that draws on GitHub, in its light and its dark style. Pure. */
import { cut, oneLine } from './sanitise.ts';

const MAX_LABEL_CHARS = 40;

/**
 * Returns `text` as words for the label of a diagram, at most `maxChars` long; may be empty.
 *
 * Never throws. Only letters, digits, spaces and `. - _ ( ) % / +` stay: everything else is syntax in one
 * diagram or another. A label must not stand first on its line, where words such as `section` are syntax.
 */
export function forDiagram(text: string, maxChars: number = MAX_LABEL_CHARS): string {
  const words = oneLine(text, 4 * maxChars)
    .replace(/[^\p{L}\p{M}\p{N} ._()%/+-]/gu, ' ')
    .replace(/%{2,}/g, '%')
    .replace(/-{2,}/g, '-')
    .replace(/ +/g, ' ')
    .trim();
  return cut(words, maxChars);
}

/** Returns a fenced diagram; `lines` are safe already. Never throws. */
export function diagram(lines: readonly string[]): string {
  return ['```mermaid', ...lines, '```'].join('\n');
}

/** Returns a time as `gantt` reads it: its digits are UTC, and so they are shown wherever they are read. */
export function ganttTime(at: number): string {
  return new Date(Math.floor(at / 1_000) * 1_000).toISOString().slice(0, 19);
}
