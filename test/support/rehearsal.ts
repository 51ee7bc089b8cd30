/** The committed bundles as their users start them: the emulator as a program, the action under the stand-in runner. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type RunOptions, type StepResult, startAction } from '../../scripts/stand-in-runner.mjs';

/** Folder of the repository: what `uses:` would check out. */
export const ROOT = join(import.meta.dirname, '../..');

/** A key in the vendor's shape; no log, output or report may contain it. */
export const API_KEY = 'edg_test_rehearsal_0123456789';

/** The emulator as a program of its own. */
export interface EmulatorProcess {
  readonly url: string;
  readonly origin: string;
  /** What the devices really run and what the rollouts really are. */
  state(): Promise<EmulatorState>;
  requests(): Promise<readonly EmulatorRequest[]>;
  control(path: string, body: object): Promise<void>;
  stop(): Promise<void>;
}

/** Ground truth of the simulated fleet. */
export interface EmulatorState {
  readonly devices: {
    readonly total: number;
    readonly reachable: number;
    readonly onVersion: Readonly<Record<string, number>>;
  };
  readonly rollouts: readonly {
    readonly rollout_id: string | number;
    readonly version: string;
    readonly status: string;
    readonly percentage: number;
  }[];
}

/** One request that the emulator answered. */
export interface EmulatorRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** Starts the committed emulator bundle; the promise resolves when it listens. */
export async function startEmulatorProcess(
  flags: readonly string[],
  node = process.execPath,
): Promise<EmulatorProcess> {
  const child = spawn(node, [join(ROOT, 'dist/emulator/index.js'), '--port', '0', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await firstUrl(child);
  const origin = new URL(url).origin;
  const get = async (path: string): Promise<unknown> => (await fetch(`${origin}${path}`)).json();
  return {
    url,
    origin,
    state: async () => (await get('/_emulator/state')) as EmulatorState,
    requests: async () => ((await get('/_emulator/requests')) as { requests: EmulatorRequest[] }).requests,
    control: async (path, body) => {
      const answer = await fetch(`${origin}/_emulator/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`emulator control ${path}: ${answer.status} ${await answer.text()}`);
    },
    stop: () => stopChild(child),
  };
}

function firstUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const { stdout } = child;
    if (stdout === null) throw new Error('the emulator has no standard output');
    createInterface({ input: stdout }).once('line', (line) => {
      resolve((JSON.parse(line) as { url: string }).url);
    });
    child.once('exit', (code) => reject(new Error(`the emulator ended with ${code} before it listened`)));
  });
}

function stopChild(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

/** What a rehearsal is made of. */
export interface Rehearsal {
  readonly emulator: EmulatorProcess;
  readonly node: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly options?: Partial<RunOptions>;
}

/** Runs the committed action bundle once against an emulator, in a workspace of its own. */
export async function rehearse({ emulator, node, inputs, options = {} }: Rehearsal): Promise<StepResult> {
  const directory = await mkdtemp(join(tmpdir(), 'rollout-rehearsal-'));
  try {
    const step = startAction({
      root: ROOT,
      workspace: join(directory, 'workspace'),
      temp: join(directory, 'temp'),
      node,
      inputs: {
        'api-key': API_KEY,
        'api-url': emulator.url,
        'poll-interval': '2s',
        'rate-limit': '1000',
        ...inputs,
      },
      secrets: [API_KEY],
      ...options,
    });
    return await step.result;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
