/** Builds a throw-away action of a few lines and runs it through the stand-in runner. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type RunningAction, type RunOptions, startAction } from '../../scripts/stand-in-runner.mjs';

/** An action given by the text of its files. */
export interface TinyAction extends Omit<Partial<RunOptions>, 'root' | 'workspace' | 'manifest'> {
  /** JavaScript of the main stage; `write(variable, text)` appends to a command file. */
  readonly main: string;
  /** JavaScript of the post stage; without it the manifest has none. */
  readonly post?: string;
  /** The `inputs:` part of action.yml. */
  readonly declares?: string;
  readonly postIf?: string;
}

const PREAMBLE = `import { appendFileSync } from 'node:fs';
const write = (variable, text) => appendFileSync(process.env[variable], text);
`;

/** Writes the action into a folder that the test's end removes, and starts it. */
export async function startTinyAction(action: TinyAction): Promise<RunningAction> {
  const { main, post, declares = '', postIf, ...options } = action;
  const home = await mkdtemp(join(tmpdir(), 'tiny-action-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const root = join(home, 'action');
  await mkdir(root);
  await writeFile(join(root, 'main.mjs'), PREAMBLE + main);
  if (post !== undefined) await writeFile(join(root, 'post.mjs'), PREAMBLE + post);
  const runs = [
    'using: node24',
    'main: main.mjs',
    ...(post === undefined ? [] : ['post: post.mjs']),
    ...(postIf === undefined ? [] : [`post-if: ${postIf}`]),
  ];
  const manifest = `name: tiny\n${declares}\nruns:\n${runs.map((line) => `  ${line}\n`).join('')}`;
  await writeFile(join(root, 'action.yml'), manifest);
  return startAction({ ...options, root, workspace: join(home, 'workspace'), temp: join(home, 'temp') });
}
