/** Runs of the action for events of a repository, against the emulator and the stand-in for pull requests. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmulatorOptions } from '../../src/emulator/server.ts';
import { type EmulatedRun, type EmulatedWorld, withEmulator } from './emulated-run.ts';
import { GITHUB_TOKEN } from './github-api.ts';
import {
  type PullRequestOptions,
  type PullRequestServer,
  startPullRequests,
} from './github-pull-requests.ts';

/** A plan of two stages. */
export const PLAN = 'model: radiology-v1\nversion: 2.0.0\nstages: [5%, 100%]\nsoak: 1h\nbake: 30m\n';

/** The line by which the comment on `PLAN` is found again. */
export const MARKER = '<!-- octomil-rollout:radiology-v1: -->';

/** The commit that the stand-in's runner is on. */
export const COMMIT = '0123456789abcdef0123456789abcdef01234567';

/** Payload of a pull request of a branch of the repository itself. */
export const OWN_BRANCH = JSON.stringify({
  pull_request: { number: 12, head: { repo: { id: 1 } }, base: { repo: { id: 1 } } },
});

/** Payload of a pull request from a fork. */
export const FORK = JSON.stringify({
  pull_request: { number: 12, head: { repo: { id: 2 } }, base: { repo: { id: 1 } } },
});

/** One run of the action. */
export interface Asking {
  readonly inputs?: Readonly<Record<string, string>>;
  /** By default `pull_request`. */
  readonly event?: string;
  /** Text of the event's payload; by default `OWN_BRANCH`. */
  readonly payload?: string;
  readonly signal?: AbortSignal;
}

/** A repository on GitHub and a fleet. */
export interface Place {
  readonly github: PullRequestServer;
  readonly world: EmulatedWorld;
  /** Runs the action for an event; by default a quick `plan`. */
  ask(asking?: Asking): Promise<EmulatedRun>;
}

/** What a test changes about the place. */
export interface PlaceOptions extends PullRequestOptions {
  readonly fleet?: Partial<EmulatorOptions>;
}

/** Starts a place, hands it to `use`, and stops it whatever happens. */
export async function inRepository(
  { fleet = {}, ...options }: PlaceOptions,
  use: (place: Place) => Promise<void>,
): Promise<void> {
  const github = await startPullRequests(options);
  const folder = await mkdtemp(join(tmpdir(), 'rollout-event-'));
  const eventPath = join(folder, 'event.json');
  try {
    await withEmulator({ devices: 1000, ...fleet }, async (world) => {
      const ask = async ({ inputs, event = 'pull_request', payload = OWN_BRANCH, signal }: Asking = {}) => {
        await writeFile(eventPath, payload);
        const given = { command: 'plan', plan: PLAN, 'github-token': GITHUB_TOKEN, ...inputs };
        const runner = { GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: eventPath };
        const variables = { ...github.variables(), ...runner };
        return world.run(given, { variables, ...(signal === undefined ? {} : { signal }) });
      };
      await use({ github, world, ask });
    });
  } finally {
    await github.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns what a run said in a way that people see, beside the summary. */
export function told({ shell }: EmulatedRun, kind: 'notice' | 'warn'): readonly string[] {
  return shell.lines.filter((line) => line.startsWith(`${kind} `));
}
