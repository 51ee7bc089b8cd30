/** Two ways to run the action in a cell of the fault matrix: in process in virtual time, or the bundle for real. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { InputKey } from '../../src/action/io-keys.ts';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { createWallClock } from '../../src/emulator/wall-clock.ts';
import { withEmulator } from './emulated-run.ts';
import { inputDefaults } from './manifest.ts';
import type { Attempt } from './matrix-promises.ts';
import { type MatrixSetting, type Pace, planOf } from './matrix-setting.ts';
import { API_KEY, ROOT } from './rehearsal.ts';

/** One world in which the action may be started several times. */
export interface MatrixWorld {
  readonly emulator: Emulator;
  readonly pace: Pace;
  /** Starts the action and resolves when it has ended. */
  act(inputs: Readonly<Partial<Record<InputKey, string>>>): Promise<Attempt>;
  /** Kills the action with SIGKILL where it is a process of its own. */
  kill(): void;
  /** Lets time pass to `at`, epoch milliseconds. */
  passTo(at: number): Promise<void>;
}

/** Opens a world, hands it to `use`, and closes it. */
export type OpenWorld = (setting: MatrixSetting, use: (world: MatrixWorld) => Promise<void>) => Promise<void>;

const VIRTUAL_PACE: Pace = { soak: '10m', soakMs: 600_000, maxWait: '30m' };
const REAL_PACE: Pace = { soak: '2s', soakMs: 2_000, maxWait: '20s' };

/** The action in this process over real HTTP, in virtual time. */
export const inVirtualTime: OpenWorld = (setting, use) =>
  withEmulator({ requestsPerHour: 240, ...setting.options }, ({ emulator, clock, run }) =>
    use({
      emulator,
      pace: VIRTUAL_PACE,
      async act(inputs) {
        const plan = planOf(setting, VIRTUAL_PACE);
        const { exitCode, outcome, reason, shell } = await run({ plan, 'poll-interval': '6m', ...inputs });
        const nextLookAt = timeIn(shell.outputs['next-look-at']);
        return { exitCode, outcome, reason, nextLookAt, log: shell.lines };
      },
      kill: () => {
        throw new Error('the action runs in this process and cannot be killed alone');
      },
      passTo: (at) => clock.sleepUntil(at),
    }),
  );

/** The committed bundle as a process of its own, in real time. */
export function asProcess(node: string): OpenWorld {
  return async (setting, use) => {
    const clock = createWallClock({ startAt: null, timeScale: 1 }, Date.now);
    const fleet = { requestsPerHour: 120_000, syncMs: 200, seed: 7 };
    const emulator = await startEmulator({ ...fleet, ...setting.options, clock });
    const directory = await mkdtemp(join(tmpdir(), 'rollout-matrix-'));
    const children: ChildProcess[] = [];
    const kill = (): void => void children.at(-1)?.kill('SIGKILL');
    try {
      await use({
        emulator,
        pace: REAL_PACE,
        act(inputs) {
          const plan = planOf(setting, REAL_PACE);
          const given = {
            'api-url': emulator.url,
            plan,
            'poll-interval': '2s',
            'rate-limit': '1000',
            ...inputs,
          };
          const child = spawn(node, [join(ROOT, 'dist/index.js')], {
            cwd: directory,
            env: environmentOf(given, directory),
            stdio: ['ignore', 'pipe', 'pipe'],
          });
          children.push(child);
          return ended(child);
        },
        kill,
        passTo: (at) => new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now()))),
      });
    } finally {
      kill();
      await emulator.close();
      await rm(directory, { recursive: true, force: true });
    }
  };
}

function environmentOf(
  inputs: Readonly<Record<string, string>>,
  directory: string,
): Readonly<Record<string, string>> {
  const all = { ...inputDefaults(), 'api-key': API_KEY, ...inputs };
  const named = Object.entries(all).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  return { ...Object.fromEntries(named), RUNNER_TEMP: directory, GITHUB_WORKSPACE: directory };
}

/** Without the runner's files, the toolkit writes outputs to standard output as workflow commands. */
const OUTPUT = /^::set-output name=([a-z-]+)::(.*)$/;

function ended(child: ChildProcess): Promise<Attempt> {
  const log: string[] = [];
  const outputs = new Map<string, string>();
  for (const input of [child.stdout, child.stderr]) {
    if (input === null) continue;
    createInterface({ input }).on('line', (line) => {
      log.push(line);
      const [, name, value] = OUTPUT.exec(line) ?? [];
      if (name !== undefined) outputs.set(name, value ?? '');
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      const outcome = exitCode === null ? 'killed' : (outputs.get('outcome') ?? '');
      const reason = outputs.get('reason-code') ?? '';
      resolve({ exitCode, outcome, reason, nextLookAt: timeIn(outputs.get('next-look-at')), log });
    });
  });
}

function timeIn(text: string | undefined): number | null {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? null : at;
}
