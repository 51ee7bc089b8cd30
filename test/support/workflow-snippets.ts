/** Finds every workflow that the repository shows or runs. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** One workflow, action manifest or list of steps, made whole so that it can be validated. */
export interface WorkflowText {
  /** Path from the root, with the line for a snippet of a document. */
  readonly place: string;
  readonly text: string;
}

const FOLDERS = ['.github/workflows', 'examples', 'docs', 'docs/adr'];

/**
 * Returns the workflows of .github/workflows/ and examples/, and those in the YAML blocks of README.md,
 * CONTRIBUTING.md, SECURITY.md and docs/. A block that only lists steps is put into a job; a block
 * without `jobs:` and `uses:` is not a workflow.
 */
export function findWorkflows(root: string): readonly WorkflowText[] {
  const inFolders = FOLDERS.flatMap((folder) => listFiles(root, folder));
  const documents = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...inFolders];
  return documents.flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    if (extname(path) === '.md') return snippetsOf(path, text);
    return ['.yml', '.yaml'].includes(extname(path)) ? [{ place: path, text }] : [];
  });
}

/** Returns the workflows in the YAML blocks of a Markdown text. */
export function snippetsOf(path: string, markdown: string): readonly WorkflowText[] {
  const blocks = markdown.matchAll(/^(?<indent> *)```ya?ml\n(?<body>[\s\S]*?)^ *```$/gm);
  return [...blocks].flatMap(({ index, groups }) => {
    const body = (groups?.['body'] ?? '').replaceAll(new RegExp(`^${groups?.['indent'] ?? ''}`, 'gm'), '');
    const line = markdown.slice(0, index).split('\n').length;
    const text = toWorkflow(body);
    return text === null ? [] : [{ place: `${path}:${line}`, text }];
  });
}

function toWorkflow(body: string): string | null {
  if (/^jobs:/m.test(body)) return /^on:/m.test(body) ? body : `on: push\n${body}`;
  if (!/^\s*(- )?uses: /m.test(body)) return null;
  const steps = /^- /m.test(body) ? body : body.replace(/^ *uses: /m, '- $&');
  const indented = steps.replaceAll(/^(?=.)/gm, '      ');
  return `on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n${indented}`;
}

function listFiles(root: string, folder: string): readonly string[] {
  try {
    const entries = readdirSync(join(root, folder), { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => `${folder}/${entry.name}`);
  } catch {
    return [];
  }
}
