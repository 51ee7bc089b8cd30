/** No untrusted text is a command, markup, a mention or a link on any surface. */
import { describe, expect, it } from 'vitest';
import {
  codeBlock,
  cut,
  forAnnotation,
  forCode,
  forLog,
  forMarkdown,
  forOutput,
  forProse,
} from '../../../src/report/sanitise.ts';
import { HOSTILE_TEXTS } from '../../support/hostile-text.ts';

const corpus = Object.entries(HOSTILE_TEXTS);
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/u;

function expectSafeLine(line: string): void {
  expect(line).not.toContain('::');
  expect(line).not.toContain('##[');
  expect(line).not.toMatch(UNSEEN);
}

/** What stays when the escapes that Markdown understands are taken out: nothing in it may be markup. */
function withoutEscapes(markdown: string): string {
  return markdown.replace(/&(?:amp|lt|gt|#\d+);/g, '¤').replace(/\\[\\*_[\]~+=#.)-]/g, '¤');
}

function expectInert(markdown: string): void {
  const rest = withoutEscapes(markdown);
  expect(rest).not.toMatch(/[<>|`$*_[\]~\\\n]/);
  expect(rest).not.toMatch(/&(?!amp;)/);
  expect(rest).not.toMatch(/^(?:[-+=#]|\d+[.)](?:\s|$))/);
  expect(rest).not.toMatch(/@\w/);
  expect(rest).not.toMatch(/#\d/);
  expect(rest).not.toMatch(/\bGH-\d/i);
  expect(rest).not.toMatch(/:\/\//);
  expect(rest).not.toMatch(/\bwww\./i);
  expect(rest).not.toMatch(/:[a-z+-][\w+-]*:/i);
}

describe('a hostile text', () => {
  it('is tried in at least sixty ways', () => {
    expect(corpus.length).toBeGreaterThanOrEqual(60);
  });

  it.each(corpus)('is one harmless line in the log: %s', (_what, text) => {
    expectSafeLine(forLog(text));
    expect(forLog(text).length).toBeLessThanOrEqual(2_000);
  });

  it.each(corpus)('is harmless on every line of an annotation: %s', (_what, text) => {
    const message = forAnnotation(text);
    for (const line of message.split('\n')) {
      expectSafeLine(line);
      expect(line).toBe(line.trim());
    }
    expect(message.length).toBeLessThanOrEqual(4_096);
  });

  it.each(corpus)('is one line of an output, and all of it: %s', (_what, text) => {
    expect(forOutput(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}]/u);
    expect(forOutput(text)).toHaveLength(text.length);
  });

  it.each(corpus)('is plain words in Markdown: %s', (_what, text) => {
    expectInert(forMarkdown(text));
    expect(forMarkdown(text, 100).length).toBeLessThanOrEqual(100 * 7 + 10);
  });

  it.each(corpus)('is nothing but words and inline code in prose: %s', (_what, text) => {
    const outside = forProse(text).replace(/`[^`\n]+`/g, '');
    expect(forProse(text)).not.toContain('\n');
    expect(outside).not.toMatch(/[<>|`]/);
    expect(outside).not.toMatch(/@\w|:\/\//);
  });

  it.each(corpus)('does not leave its inline code or its table cell: %s', (_what, text) => {
    const [, fence = '', inner = ''] = /^(`+)([\s\S]*?)\1$/.exec(forCode(text)) ?? [];
    expect(fence).not.toBe('');
    expect(inner).not.toMatch(/[|\n]/);
    for (const run of inner.match(/`+/g) ?? []) expect(run.length).toBeLessThan(fence.length);
    expect(forCode(text)).not.toMatch(UNSEEN);
  });

  it.each(corpus)('does not leave its fenced block: %s', (_what, text) => {
    const lines = codeBlock(text, 'text').split('\n');
    const fence = (lines[0] ?? '').replace(/text$/, '');
    expect(fence).toMatch(/^`{3,}$/);
    expect(lines.at(-1)).toBe(fence);
    for (const line of lines.slice(1, -1)) {
      expect(line).not.toContain(fence);
      expect(line).not.toMatch(UNSEEN);
    }
  });
});

describe('an ordinary text', () => {
  const unchanged = [
    'error rate 19.8% (97 of 490 requests), limit 5%',
    'stage 2/3 · 25% · next look 10:05:00Z',
    'rollout.yml:4:10: soak: expected a unit',
    'größer, 日本語, 🚀',
  ];

  it.each(unchanged)('stays as it is in the log: %s', (text) => {
    expect(forLog(text)).toBe(text);
  });

  it.each(unchanged)('stays as it is in Markdown: %s', (text) => {
    expect(forMarkdown(text)).toBe(text);
  });

  it.each([...unchanged, ' 1.0.0+b::x ', '${{ x }}', 'a\u200db'])(
    'stays as it is in an output: %s',
    (text) => {
      expect(forOutput(text)).toBe(text);
    },
  );

  it('keeps its indentation in the log, so that a block can be pasted from there', () => {
    expect(forLog('    command: rollback')).toBe('    command: rollback');
    expect(forLog('  ::error::x')).toBe('  : :error: :x');
  });

  it('loses its colours and keeps its words', () => {
    expect(forLog(HOSTILE_TEXTS['colours'] ?? '')).toBe('red link');
  });

  it('shows characters that Markdown would take for markup', () => {
    expect(forMarkdown('a | b < c & d_e')).toBe('a &#124; b &lt; c &amp; d\\_e');
  });

  it('keeps its line breaks in an annotation and in a block', () => {
    expect(forAnnotation('one\r\n\r\ntwo')).toBe('one\ntwo');
    expect(codeBlock('a:\n  b: 1\n', 'yaml')).toBe('```yaml\na:\n  b: 1\n```');
  });

  it('shows the words between backticks as code in prose, and a lone backtick as itself', () => {
    expect(forProse('set `force: retry` and `reason`')).toBe('set `force: retry` and `reason`');
    expect(forProse('`a` and ` b')).toBe('`a` and &#96; b');
  });

  it('is cut with an ellipsis and never through a character', () => {
    expect(cut('abcdef', 4)).toBe('abc…');
    expect(cut('a🚀🚀', 3)).toBe('a…');
    expect(cut('abcd', 4)).toBe('abcd');
  });
});
