/** The action against an API that gives no times and reasons back, beside a GitHub that may remember them. */
import type { InputKey } from '../../src/action/io-keys.ts';
import { MINUTE_MS } from '../../src/core/units.ts';
import type { EmulatorOptions } from '../../src/emulator/emulator-options.ts';
import { type EmulatedRun, type EmulatedWorld, START, withEmulator } from './emulated-run.ts';
import { GITHUB_TOKEN, type GitHubApi, type GitHubOptions, startGitHub } from './github-api.ts';

/** Two stages of an hour and a bake, watched by nothing. */
export const PLAN =
  'model: radiology-v1\nversion: 2.0.0\nstages: [10%, 50%, 100%]\nsoak: 1h\nbake: 30m\ngates: none\nunwatched: accepted\n';
/** The same with the usual gates. */
export const GATED = PLAN.replace('gates: none\nunwatched: accepted\n', '');
const FLEET: Partial<EmulatorOptions> = {
  profile: 'documented',
  devices: 1_000,
  requestsPerHour: 60,
  syncMs: 30_000,
};
/** A documented API that has a health route. */
export const HEALTH = { 'health-route': 'present' } as const;
/** Inputs that let GitHub remember. */
export const REMEMBERED = { environment: 'production', 'github-token': GITHUB_TOKEN };

/** An emulated world with a GitHub. */
export interface World extends EmulatedWorld {
  readonly github: GitHubApi;
}

/** Starts a world on the documented profile, hands it to `use`, and stops it whatever happens. */
export async function inWorld(
  use: (world: World) => Promise<void>,
  {
    fleet = {},
    github: how = {},
  }: { fleet?: Partial<EmulatorOptions>; github?: Partial<GitHubOptions> } = {},
): Promise<void> {
  await withEmulator({ ...FLEET, ...fleet }, async (world) => {
    const github = await startGitHub({ now: world.clock.now, ...how });
    try {
      await use({ ...world, github });
    } finally {
      await github.close();
    }
  });
}

/** Plays one tick at a minute after the world began; the first one creates, because it is no scheduled one. */
export async function tickAt(
  { run, clock, github }: World,
  minute: number,
  inputs: Readonly<Partial<Record<InputKey, string>>> = {},
): Promise<EmulatedRun> {
  await clock.sleepUntil(START + minute * MINUTE_MS);
  const scheduled = minute === 0 ? {} : { GITHUB_EVENT_NAME: 'schedule' };
  return run(
    { command: 'advance', plan: PLAN, ...REMEMBERED, ...inputs },
    { variables: { ...github.variables(), ...scheduled } },
  );
}

/** Plays ticks and returns how they ended. */
export async function ticks(
  world: World,
  minutes: readonly number[],
  inputs: Readonly<Partial<Record<InputKey, string>>> = {},
): Promise<readonly string[]> {
  const ends: string[] = [];
  for (const minute of minutes) ends.push(ended(await tickAt(world, minute, inputs)));
  return ends;
}

/** Returns how a run ended, as `outcome: reason`. */
export function ended({ outcome, reason }: EmulatedRun): string {
  return `${outcome}: ${reason}`;
}

/** Returns the percentages that were asked for, without repetitions. */
export function percentages({ emulator }: EmulatedWorld): readonly number[] {
  return emulator.requests
    .filter(({ path }) => path.endsWith('/update-percentage'))
    .map(({ body }) => (body as { percentage: number }).percentage)
    .filter((percentage, index, all) => percentage !== all[index - 1]);
}
