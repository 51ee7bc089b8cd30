/** The ways to run the action in a cell of the fault matrix: in process in virtual time, or the bundles for real. */
import type { InputKey } from '../../src/action/io-keys.ts';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { createWallClock } from '../../src/emulator/wall-clock.ts';
import { withEmulator } from './emulated-run.ts';
import { GITHUB_TOKEN, startGitHub } from './github-api.ts';
import { createBundleRunner, timeIn } from './matrix-bundle.ts';
import type { Attempt } from './matrix-promises.ts';
import { type MatrixSetting, type Pace, planOf } from './matrix-setting.ts';

/** How one start of the action differs from others. */
export interface Start {
  /** Whether a kill is to come; only a process of its own can be killed. */
  readonly isKilled: boolean;
  readonly variables: Readonly<Record<string, string>>;
}

/** One world in which the action may be started several times. */
export interface MatrixWorld {
  readonly emulator: Emulator;
  readonly pace: Pace;
  /** The world's time, epoch milliseconds. */
  now(): number;
  /** Starts the action and resolves when it, and its post step where it is a process, have ended. */
  act(inputs: Readonly<Partial<Record<InputKey, string>>>, start: Start): Promise<Attempt>;
  /** Kills the action with SIGKILL; a lost machine runs no post step either. */
  kill(isLost: boolean): void;
  /** Lets time pass to `at`, epoch milliseconds. */
  passTo(at: number): Promise<void>;
}

/** Opens a world, hands it to `use`, and closes it. */
export type OpenWorld = (setting: MatrixSetting, use: (world: MatrixWorld) => Promise<void>) => Promise<void>;

const VIRTUAL_PACE: Pace = { soak: '10m', soakMs: 600_000, maxWait: '30m' };
const REAL_PACE: Pace = { soak: '2s', soakMs: 2_000, maxWait: '20s' };

/** The action in this process over real HTTP, in virtual time; only a start that is killed is the bundle. */
export function inVirtualTime(node: string): OpenWorld {
  return (setting, use) =>
    withEmulator({ requestsPerHour: 240, ...setting.options }, async ({ emulator, clock, run }) => {
      const plan = planOf(setting, VIRTUAL_PACE);
      const github = setting.remembered === true ? await startGitHub({ now: clock.now }) : null;
      const memory = github === null ? {} : { environment: 'production', 'github-token': GITHUB_TOKEN };
      const common = { plan, 'poll-interval': '6m', ...setting.inputs, ...memory };
      const bundle = createBundleRunner(node, { 'api-url': emulator.url, ...common });
      try {
        await use({
          emulator,
          pace: VIRTUAL_PACE,
          now: clock.now,
          async act(inputs, { isKilled, variables: ofStart }) {
            const variables = { ...github?.variables(), ...ofStart };
            if (isKilled) return bundle.act(inputs, variables);
            const { exitCode, outcome, reason, shell } = await run({ ...common, ...inputs }, { variables });
            const nextLookAt = timeIn(shell.outputs['next-look-at']);
            return { exitCode, outcome, reason, nextLookAt, log: shell.lines, postExitCode: null };
          },
          kill: bundle.kill,
          passTo: (at) => clock.sleepUntil(at),
        });
      } finally {
        await bundle.close();
        await github?.close();
      }
    });
}

/** The committed bundles as processes of their own, in real time. */
export function asProcess(node: string): OpenWorld {
  return async (setting, use) => {
    const clock = createWallClock({ startAt: null, timeScale: 1 }, Date.now);
    const fleet = { requestsPerHour: 120_000, syncMs: 200, seed: 7 };
    const emulator = await startEmulator({ ...fleet, ...setting.options, clock });
    const bundle = createBundleRunner(node, {
      'api-url': emulator.url,
      plan: planOf(setting, REAL_PACE),
      'poll-interval': '2s',
      'rate-limit': '1000',
      ...setting.inputs,
    });
    try {
      await use({
        emulator,
        pace: REAL_PACE,
        now: Date.now,
        act: (inputs, { variables }) => bundle.act(inputs, variables),
        kill: bundle.kill,
        passTo: (at) => new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now()))),
      });
    } finally {
      await bundle.close();
      await emulator.close();
    }
  };
}
