/** Every workflow that the repository runs or shows is valid, and gives this action inputs that it has. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from '@actions/languageservice';
import { describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { readManifest } from '../../scripts/stand-in-runner.mjs';
import { ROOT } from '../support/source-tree.ts';
import { findWorkflows, snippetsOf, type WorkflowText } from '../support/workflow-snippets.ts';

const manifestText = readFileSync(join(ROOT, 'action.yml'), 'utf8');
const manifest = readManifest(manifestText);

/** This action as a workflow sees it: a required input has no default. */
const metadata = {
  name: manifest.name,
  description: manifest.description,
  inputs: Object.fromEntries(
    Object.entries(manifest.inputs).map(([name, { description, required, default: value }]) => [
      name,
      required ? { description, required } : { description, required, default: value },
    ]),
  ),
};
let files = 0;

/** Returns what GitHub's own language service has to say, as `place:line: message`. */
async function problemsOf({ place, text }: WorkflowText, name = 'x.yml'): Promise<readonly string[]> {
  files += 1;
  // A fresh address each time, because the service remembers what it parsed.
  const uri = `file:///${files}/${name === 'action.yml' ? name : `.github/workflows/${name}`}`;
  const problems = await validate(TextDocument.create(uri, 'yaml', 1, text), {
    actionsMetadataProvider: {
      fetchActionMetadata: async ({ owner, name: action }) =>
        owner === 'octomil' && action === 'rollout-action' ? metadata : { name: action, description: '' },
    },
  });
  return problems.map(({ range, message }) => `${place}:${range.start.line + 1}: ${message}`);
}

describe('the workflows', () => {
  const workflows = findWorkflows(ROOT);

  it.each(workflows)('$place is valid', async (workflow) => {
    expect(await problemsOf(workflow)).toEqual([]);
  });

  it('include the quick start of the README and the checks of this repository', () => {
    const places = workflows.map(({ place }) => place);
    expect(places.filter((place) => place.startsWith('README.md:')).length).toBeGreaterThan(0);
    expect(places).toEqual(
      expect.arrayContaining(['.github/workflows/ci.yml', '.github/workflows/check-dist.yml']),
    );
  });

  const own = readdirSync(join(ROOT, '.github/workflows')).filter((path) => path.endsWith('.yml'));

  it.each(own)('%s gives no permission by default, pins by hash, and ends', (path) => {
    const text = readFileSync(join(ROOT, '.github/workflows', path), 'utf8');
    const uses = [...text.matchAll(/uses: (?<action>\S+)(?<note>.*)/g)].map(({ groups }) => groups);
    const unpinned = uses.filter((use) => !/^(\.\/|.+@[0-9a-f]{40}$)/.test(use?.['action'] ?? ''));
    const unnamed = uses.filter(
      (use) => use?.['action'] !== './' && !/ # v\d+\.\d+\.\d+$/.test(use?.['note'] ?? ''),
    );
    expect({ unpinned, unnamed }).toEqual({ unpinned: [], unnamed: [] });
    expect(text).toMatch(/^permissions: \{\}$/m);
    const jobs = [...text.matchAll(/^ {4}runs-on:/gm)].length;
    expect([...text.matchAll(/^ {4}timeout-minutes:/gm)]).toHaveLength(jobs);
    const checkouts = [...text.matchAll(/uses: actions\/checkout@/g)].length;
    expect([...text.matchAll(/persist-credentials: false/g)]).toHaveLength(checkouts);
  });
});

describe('action.yml', () => {
  it('is valid', async () => {
    expect(await problemsOf({ place: 'action.yml', text: manifestText }, 'action.yml')).toEqual([]);
  });

  it('names bundles that are committed', () => {
    const { main, post } = manifest.runs;
    const named = post === undefined ? [main] : [main, post];
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe('the check', () => {
  const job = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n';
  const rows = [
    { text: `${job}      - uses: octomil/rollout-action@v1\n        with: { command: plan }\n`, says: null },
    { text: `${job}      - uses: actions/checkout@v7\n        with: { anything: 1 }\n`, says: null },
    {
      text: `${job}      - uses: octomil/rollout-action@v1\n        with: { comand: plan }\n`,
      says: "x:7: Invalid action input 'comand'",
    },
    { text: `${job}      - run: echo "\${{ nothing.here }}"\n`, says: 'x:6: Unrecognized named-value' },
    { text: 'on: push\njobs:\n  a:\n    runs-on: x\n    step: []\n', says: 'x:5: Unexpected value' },
  ];

  it.each(rows)('says $says', async ({ text, says }) => {
    const problems = await problemsOf({ place: 'x', text });
    if (says === null) expect(problems).toEqual([]);
    else expect(problems.join('\n')).toContain(says);
  });

  it('takes whole workflows and steps out of documents, and leaves plans alone', () => {
    const markdown = [
      '# Title',
      '```yaml',
      'stages: [5%]',
      '```',
      '1. a list',
      '   ```yaml',
      '   - uses: octomil/rollout-action@v1',
      '     with: { nope: 1 }',
      '   ```',
      '```yml',
      'jobs: {}',
      '```',
    ].join('\n');
    expect(snippetsOf('a.md', markdown)).toEqual([
      {
        place: 'a.md:6',
        text: expect.stringContaining('      - uses: octomil/rollout-action@v1\n        with:'),
      },
      { place: 'a.md:10', text: 'on: push\njobs: {}\n' },
    ]);
  });
});
