/** The committed bundles under the stand-in runner, for the cells of the fault matrix. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningAction, startAction } from '../../scripts/stand-in-runner.mjs';
import type { InputKey } from '../../src/action/io-keys.ts';
import type { Attempt } from './matrix-promises.ts';
import { API_KEY, ROOT } from './rehearsal.ts';

/** Starts the bundles with the same inputs again and again. */
export interface BundleRunner {
  /** Starts the action and resolves when it and its post step have ended. */
  act(
    inputs: Readonly<Partial<Record<InputKey, string>>>,
    variables: Readonly<Record<string, string>>,
  ): Promise<Attempt>;
  /** Kills the present start with SIGKILL; a lost machine runs no post step either. */
  kill(isLost: boolean): void;
  /** Removes what the runs left on disk. */
  close(): Promise<void>;
}

/** Returns a runner of the bundles on a Node binary; inputs of a single start win over these. */
export function createBundleRunner(node: string, common: Readonly<Record<string, string>>): BundleRunner {
  let directory: string | null = null;
  let running: RunningAction | null = null;
  return {
    async act(inputs, variables) {
      directory ??= await mkdtemp(join(tmpdir(), 'rollout-matrix-'));
      running = startAction({
        root: ROOT,
        workspace: join(directory, 'workspace'),
        temp: join(directory, 'temp'),
        node,
        inputs: { 'api-key': API_KEY, ...common, ...inputs },
        env: variables,
      });
      const step = await running.result;
      return {
        exitCode: step.exitCode,
        outcome: step.exitCode === null ? 'killed' : (step.outputs['outcome'] ?? ''),
        reason: step.outputs['reason-code'] ?? '',
        nextLookAt: timeIn(step.outputs['next-look-at']),
        log: [...step.log, ...(step.post?.log ?? [])],
        postExitCode: step.post?.exitCode ?? null,
      };
    },
    kill(isLost) {
      if (isLost) running?.lose();
      else running?.kill();
    },
    async close() {
      if (directory !== null) await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Returns the time that a text says, epoch milliseconds; null where it says none. */
export function timeIn(text: string | undefined): number | null {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? null : at;
}
