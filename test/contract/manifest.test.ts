/** The stand-in's own reader of action.yml sees what a YAML library sees. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readManifest } from '../../scripts/stand-in-runner.mjs';

const text = readFileSync(new URL('../../action.yml', import.meta.url), 'utf8');

const manifestSchema = z.object({
  name: z.string(),
  description: z.string(),
  inputs: z.record(
    z.string(),
    z
      .object({
        description: z.string(),
        required: z.boolean().default(false),
        default: z.coerce.string().default(''),
      })
      .strip(),
  ),
  outputs: z.record(z.string(), z.object({ description: z.string() })),
  runs: z
    .object({
      using: z.string(),
      main: z.string(),
      post: z.string().optional(),
      'post-if': z.string().optional(),
    })
    .transform(({ post, 'post-if': postIf = 'always()', ...runs }) =>
      post === undefined ? runs : { ...runs, post, postIf },
    ),
});

describe('readManifest', () => {
  it('reads the action.yml of this action as a YAML library does', () => {
    const manifest = readManifest(text);
    expect(manifest).toEqual(manifestSchema.parse(parse(text)));
    expect(Object.keys(manifest.inputs)).toContain('api-key');
  });

  const runs = "runs:\n  using: node24\n  main: 'dist/index.js'\n";
  const styles = [
    { yaml: "'it''s: # 5'", gives: "it's: # 5" },
    { yaml: '"a\\n\\"b\\""', gives: 'a\n"b"' },
    { yaml: 'plain: text # comment', gives: 'plain: text' },
    { yaml: '>-\n  one\n  two', gives: 'one two' },
    { yaml: '|\n  one\n    two', gives: 'one\n  two\n' },
    { yaml: '[a, b]', throws: 'action.yml:1: expected a plain or quoted value on one line' },
    { yaml: "'a'b", throws: 'action.yml:1: expected a plain or quoted value on one line' },
    { yaml: '\n  - a', throws: 'action.yml:2: expected `key: value`' },
  ] as const;

  it.each(styles)('reads $yaml', (row) => {
    const read = () => readManifest(`description: ${row.yaml}\n${runs}`).description;
    if ('throws' in row) expect(read).toThrow(row.throws);
    else expect(read()).toBe(row.gives);
  });

  it('wants to know what to run', () => {
    expect(() => readManifest('name: x\n')).toThrow('expected `runs.using` and `runs.main`');
  });
});
