/** Plays the cells of the fault matrix: one request of a rollout's life meets one fault, and nothing may be lost. */
import type { MatrixFault } from './matrix-faults.ts';
import { type Attempt, brokenPromises, isSettled, unsettled } from './matrix-promises.ts';
import type { MatrixSetting } from './matrix-setting.ts';
import type { MatrixWorld, OpenWorld } from './matrix-worlds.ts';

/** A cell that kept its promises has no `broken`. */
export interface CellResult {
  readonly request: number;
  /** True when the request was sent. */
  readonly hit: boolean;
  readonly broken: readonly string[];
  /** What a person needs to understand a broken promise. */
  readonly trace: readonly string[];
}

/** Drives a world until it is settled, with at most `most` starts of the action, and returns each. */
export type Driver = (
  world: MatrixWorld,
  setting: MatrixSetting,
  progress: { readonly most: number; after(attempt: Attempt): void },
) => Promise<readonly Attempt[]>;

/** One run from the creation to the end; a further run where that one did not get there. */
export const byRuns: Driver = async (world, setting, { most, after }) => {
  const attempts: Attempt[] = [];
  while (attempts.length < most) {
    const attempt = await world.act({ command: 'run' });
    attempts.push(attempt);
    after(attempt);
    if (isSettled(setting, attempt)) break;
  }
  return attempts;
};

/** What a rollout costs when nothing goes wrong. */
export interface Measure {
  readonly requests: number;
  readonly attempts: number;
}

/** How the cells of a column are played. */
export interface Stage {
  readonly setting: MatrixSetting;
  readonly driver: Driver;
  readonly open: OpenWorld;
}

// Enough for any driver that converges at all.
const MOST_UNHARMED = 40;
const FURTHER_LOOKS = 2;
const PLAYS_UNTIL_SENT = 4;

/**
 * Returns the requests of a rollout that meets no fault.
 *
 * Errors: rejects when even that rollout breaks a promise.
 */
export async function measure({ setting, driver, open }: Stage): Promise<Measure> {
  let measured: Measure = { requests: 0, attempts: 0 };
  await open(setting, async (world) => {
    const attempts = await driver(world, setting, { most: MOST_UNHARMED, after: () => {} });
    const broken = unsettled(setting, attempts, world.emulator.state());
    if (broken.length > 0) throw new Error([...broken, ...traceOf(world, attempts)].join('\n'));
    measured = { requests: world.emulator.requests.length, attempts: attempts.length };
  });
  return measured;
}

/**
 * Plays one cell: request number `request`, counted from 0, meets the fault.
 *
 * In real time a rollout may need a request less than the one that was measured, and then the cell is played
 * again; a request that never comes is a broken promise, so that no cell is skipped.
 */
export async function playCell(stage: Stage, fault: MatrixFault, cell: Cell): Promise<CellResult> {
  for (let left = PLAYS_UNTIL_SENT; ; left -= 1) {
    const result = await playOnce(stage, fault, cell);
    if (result.hit || left <= 1) return result;
  }
}

/** Which request meets the fault, and how many starts of the action the rollout takes without one. */
export interface Cell {
  readonly request: number;
  readonly attempts: number;
}

async function playOnce(
  { setting, driver, open }: Stage,
  { fault, kills }: MatrixFault,
  { request, attempts: unharmed }: Cell,
): Promise<CellResult> {
  let result: CellResult = { request, hit: false, broken: ['not played'], trace: [] };
  await open(setting, async (world) => {
    const broken = new Set<string>();
    let hit = false;
    const onHit = (): void => {
      hit = true;
      if (kills === true) world.kill();
    };
    world.emulator.queueFault({ ...fault, after: request, onHit });
    const after = (attempt: Attempt): void => {
      const seen = { truth: world.emulator.state(), pace: world.pace, killed: kills === true };
      for (const each of brokenPromises(setting, attempt, seen)) broken.add(each);
    };
    const attempts = await driver(world, setting, { most: unharmed + FURTHER_LOOKS, after });
    if (!hit) broken.add('the request was never sent');
    for (const each of unsettled(setting, attempts, world.emulator.state())) broken.add(each);
    result = { request, hit, broken: [...broken], trace: broken.size === 0 ? [] : traceOf(world, attempts) };
  });
  return result;
}

function traceOf(world: MatrixWorld, attempts: readonly Attempt[]): readonly string[] {
  return [
    ...world.emulator.requests.map(
      ({ method, path, status }, index) => `  ${index} ${method} ${path.replace('/api/v1', '')} → ${status}`,
    ),
    ...attempts.flatMap(({ exitCode, outcome, log }) => [
      `  exit ${exitCode} ${outcome}`,
      ...log.filter((line) => !/^(::)?debug/.test(line)).map((line) => `    ${line.slice(0, 300)}`),
    ]),
    `  ${JSON.stringify(world.emulator.state())}`,
  ];
}
