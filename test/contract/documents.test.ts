/** The generated documents say what the product declares. UPDATE_DOCUMENTS=1 writes them anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readManifest } from '../../scripts/stand-in-runner.mjs';
import {
  renderInputs,
  renderOutputs,
  renderReasonCodes,
  replaceBetweenMarkers,
} from '../support/documents.ts';
import { ROOT } from '../support/source-tree.ts';

const manifest = readManifest(readFileSync(join(ROOT, 'action.yml'), 'utf8'));

/** Compares a document with what it should be, or writes it when that was asked for. */
function check(path: string, render: (current: string) => string): void {
  const file = join(ROOT, path);
  if (process.env['UPDATE_DOCUMENTS'] === '1') writeFileSync(file, render(readOrEmpty(file)));
  const current = readOrEmpty(file);
  expect(current, `${path} is out of date; run \`npm run docs\``).toBe(render(current));
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

describe('generated documents', () => {
  it('the README lists the inputs and outputs of action.yml', () => {
    check('README.md', (text) =>
      replaceBetweenMarkers(
        replaceBetweenMarkers(text, 'inputs', renderInputs(manifest)),
        'outputs',
        renderOutputs(manifest),
      ),
    );
  });

  it('docs/reason-codes.md lists every outcome with its exit code and every reason with its sentences', () => {
    check('docs/reason-codes.md', renderReasonCodes);
  });
});

describe('rendering', () => {
  it('shows a default as code and escapes what would break a cell', () => {
    const one = { description: 'a | b', required: false };
    const table = renderInputs({
      ...manifest,
      inputs: { mode: { ...one, default: 'run' }, key: { ...one, default: '' } },
    });
    expect(table.split('\n').slice(2)).toEqual(['| `mode` | `run` | a \\| b |', '| `key` | – | a \\| b |']);
  });

  it('gives 0 to success alone', () => {
    const text = renderReasonCodes();
    expect(text).toContain('| `completed` | 0 |');
    expect(text).toContain('| `rolled_back` | 1 |');
    expect(text).toMatch(/^\| `no_data` \| .+ \| .+ \|$/m);
  });

  it.each([
    {
      text: 'a\n<!-- x:start -->\nold\n<!-- x:end -->\nb',
      gives: 'a\n<!-- x:start -->\nnew\n<!-- x:end -->\nb',
    },
    { text: '<!-- x:start -->', throws: 'expected <!-- x:start --> and <!-- x:end -->' },
    { text: '<!-- x:end --><!-- x:start -->', throws: 'in this order' },
  ])('replaces what stands between the markers of $text', ({ text, gives, throws }) => {
    const replace = (): string => replaceBetweenMarkers(text, 'x', 'new');
    if (throws === undefined) expect(replace()).toBe(gives);
    else expect(replace).toThrow(throws);
  });
});
