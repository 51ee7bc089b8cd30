/** Makes untrusted text harmless on each surface that people look at: log, Markdown, code and annotations. Pure. */

const DEFAULT_LOG_CHARS = 2_000;
const DEFAULT_MARKDOWN_CHARS = 500;
const DEFAULT_CODE_CHARS = 200;
const DEFAULT_BLOCK_CHARS = 4_000;

/** GitHub cuts the message of an annotation here (actions/runner ExecutionContext.cs). */
export const MAX_ANNOTATION_CHARS = 4_096;

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal sequences are what has to go
const TERMINAL = /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]/g;
const INVISIBLE = /\p{Cf}/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;
const CONTROL_OR_SPACE = /[\p{Cc}\p{Zs}\p{Zl}\p{Zp}]+/gu;
const CONTROL_BUT_NEWLINE = /[\p{Cc}\p{Zl}\p{Zp}]/gu;
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}]/gu;
const NEWLINE = /\r\n?|[\n\u0085\u2028\u2029]/g;

/**
 * Returns `text` as one line that no runner takes for a workflow command, at most `maxChars` long.
 *
 * Never throws. Terminal sequences, control, direction and zero-width characters are gone; `::` and `##[`
 * are broken with a space everywhere, because the runner reads stdout and stderr alike, trims before `::`
 * and finds `##[` in the middle of a line. Source: actions/runner ActionCommand.cs.
 */
export function oneLine(text: string, maxChars: number = DEFAULT_LOG_CHARS): string {
  return cut(withoutCommands(visible(text, maxChars)), maxChars);
}

/** Returns what `oneLine` returns with the indentation kept, so that a block in the log can be pasted. Never throws. */
export function forLog(text: string, maxChars: number = DEFAULT_LOG_CHARS): string {
  const [indentation = ''] = /^ {0,40}/.exec(text) ?? [];
  const line = oneLine(text, maxChars - indentation.length);
  return line === '' ? '' : `${indentation}${line}`;
}

/**
 * Returns `text` as the message of an annotation: safe lines, no blank ones, at most `maxChars` in all.
 *
 * Never throws.
 */
export function forAnnotation(text: string, maxChars: number = MAX_ANNOTATION_CHARS): string {
  const lines = cut(text, 4 * maxChars)
    .replace(NEWLINE, '\n')
    .split('\n')
    .map((line) => oneLine(line, maxChars))
    .filter((line) => line !== '');
  return cut(lines.join('\n'), maxChars);
}

/**
 * Returns `text` as Markdown that renders as plain words on one line, at most `maxChars` before escaping.
 *
 * Never throws. Safe in paragraphs, list items, table cells, block quotes and headings: no markup, HTML,
 * math, emoji, mention, issue reference or link can come out of it. A zero-width space is what keeps
 * `@name`, `#123` and `://` from being recognised after the Markdown was rendered.
 */
export function forMarkdown(text: string, maxChars: number = DEFAULT_MARKDOWN_CHARS): string {
  return escapeMarkdown(oneLine(text, maxChars));
}

/**
 * Returns `text` as Markdown in which only words between backticks are markup: they become inline code.
 *
 * Never throws. For sentences that name inputs and versions; safe wherever `forMarkdown` is.
 */
export function forProse(text: string, maxChars: number = DEFAULT_MARKDOWN_CHARS): string {
  const parts = oneLine(text, maxChars).split('`');
  return parts
    .map((part, index) => {
      if (index % 2 === 0) return escapeMarkdown(part);
      const isClosed = index < parts.length - 1;
      if (isClosed && part.trim() !== '') return forCode(part, maxChars);
      return escapeMarkdown(isClosed ? `\`${part}\`` : `\`${part}`);
    })
    .join('');
}

/**
 * Returns `text` as inline code on one line, at most `maxChars` long; nothing in it is markup.
 *
 * Never throws. A `|` becomes `¦`, because it ends a table cell even inside code.
 */
export function forCode(text: string, maxChars: number = DEFAULT_CODE_CHARS): string {
  const line = oneLine(text, maxChars).replaceAll('|', '¦');
  if (line === '') return '`–`';
  const fence = '`'.repeat(longestRun(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/**
 * Returns `text` as a fenced block, ready to paste, at most `maxChars` long; its line breaks are kept.
 *
 * Never throws. The fence is longer than any run of backticks in the text.
 */
export function codeBlock(text: string, language: string, maxChars: number = DEFAULT_BLOCK_CHARS): string {
  const shown = cut(text, maxChars)
    .replace(TERMINAL, '')
    .replace(NEWLINE, '\n')
    .replace(INVISIBLE, '')
    .replace(LONE_SURROGATE, '\ufffd')
    .replace(CONTROL_BUT_NEWLINE, (character) => (character === '\n' ? character : ' '))
    .trimEnd();
  const fence = '`'.repeat(Math.max(3, longestRun(shown) + 1));
  return `${fence}${language}\n${shown}\n${fence}`;
}

/**
 * Returns `text` as the value of an output: one line that means the same to whoever reads it next.
 *
 * Never throws. Line breaks, control characters, line separators and lone surrogates each become U+FFFD, which no
 * id or version contains, so that what was changed is never taken for the name of something else. All else stays
 * as it is: a later step compares and uses it.
 */
export function forOutput(text: string): string {
  return text.replace(UNPRINTABLE, '\ufffd');
}

/** Returns `text` cut to `maxChars` with an ellipsis, never through the middle of a character. */
export function cut(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  return `${text.slice(0, Math.max(0, maxChars - 1)).replace(/[\ud800-\udbff]$/, '')}…`;
}

function visible(text: string, maxChars: number): string {
  return cut(text, 4 * maxChars)
    .replace(TERMINAL, '')
    .replace(INVISIBLE, '')
    .replace(LONE_SURROGATE, '\ufffd')
    .replace(CONTROL_OR_SPACE, ' ')
    .trim();
}

function withoutCommands(line: string): string {
  return line.replace(/:(?=:)/g, ': ').replace(/##(?=\[)/g, '## ');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '|': '&#124;',
  '`': '&#96;',
  $: '&#36;',
};
const BREAK = '&#8203;';

function escapeMarkdown(line: string): string {
  return line
    .replace(/[&<>|`$]/g, (character) => ENTITIES[character] ?? '')
    .replace(/[\\*_[\]~]/g, '\\$&')
    .replace(/:(?=\/\/)/g, `:${BREAK}`)
    .replace(/\bwww(?=\.)/gi, `$&${BREAK}`)
    .replace(/@(?=\S)/g, `@${BREAK}`)
    .replace(/(?<!&)#(?=\d)/g, `#${BREAK}`)
    .replace(/\bGH-(?=\d)/gi, `$&${BREAK}`)
    .replace(/:(?=(?:[+-]\w*|\d*[a-z\\][\w\\+-]*|100|1234):)/gi, `:${BREAK}`)
    .replace(/^[-+=#]/, '\\$&')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2');
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
}
