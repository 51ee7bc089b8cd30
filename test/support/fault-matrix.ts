/** Plays the cells of the fault matrix: one request of a rollout's life meets one fault, and nothing may be lost. */
import type { Driver } from './matrix-drivers.ts';
import type { MatrixFault } from './matrix-faults.ts';
import { type Attempt, brokenPromises, unsettled } from './matrix-promises.ts';
import type { MatrixSetting } from './matrix-setting.ts';
import type { MatrixWorld, OpenWorld } from './matrix-worlds.ts';

/** A cell that kept its promises has no `broken`. */
export interface CellResult {
  readonly request: number;
  /** True when the request was sent. */
  readonly hit: boolean;
  /** Requests that there were in all. */
  readonly sent: number;
  readonly broken: readonly string[];
  /** What a person needs to understand a broken promise. */
  readonly trace: readonly string[];
}

/** What a rollout costs when nothing goes wrong. */
export interface Measure {
  readonly requests: number;
  /** For each start of the action, how many requests there had been when it ended. */
  readonly sentAfter: readonly number[];
}

/** How the cells of a column are played. */
export interface Stage {
  readonly setting: MatrixSetting;
  readonly driver: Driver;
  readonly open: OpenWorld;
  /** How often the rollout without a fault is measured: in real time one may take a look more than another. */
  readonly measures: number;
}

// Enough for any driver that converges at all.
const MOST_UNHARMED = 40;
const FURTHER_LOOKS = 2;
const PLAYS_UNTIL_SENT = 4;
const NEVER_SENT = 'the request was never sent';

/**
 * Returns the requests of a rollout that meets no fault, the fewest of all measures.
 *
 * Errors: rejects when even that rollout breaks a promise.
 */
export async function measure(stage: Stage): Promise<Measure> {
  const all = await Promise.all(Array.from({ length: stage.measures }, () => measureOnce(stage)));
  return all.reduce((least, each) => (each.requests < least.requests ? each : least));
}

async function measureOnce({ setting, driver, open }: Stage): Promise<Measure> {
  let measured: Measure = { requests: 0, sentAfter: [] };
  await open(setting, async (world) => {
    const { requests } = world.emulator;
    const sentAfter: number[] = [];
    const after = (): void => void sentAfter.push(requests.length);
    const attempts = await driver.drive(world, setting, { most: MOST_UNHARMED, killed: null, after });
    const broken = unsettled(setting, attempts, { ending: driver.ending, truth: world.emulator.state() });
    if (broken.length > 0) throw new Error([...broken, ...traceOf(world, attempts)].join('\n'));
    measured = { requests: requests.length, sentAfter };
  });
  return measured;
}

/**
 * Plays one cell: request number `request`, counted from 0, meets the fault.
 *
 * In real time a rollout may need a request less than the one that was measured; then the cell is played again
 * with the last request that there was. A fault that nothing meets is a broken promise, so that no cell is
 * skipped.
 */
export async function playCell(stage: Stage, fault: MatrixFault, cell: Cell): Promise<CellResult> {
  let { request } = cell;
  for (let left = PLAYS_UNTIL_SENT; ; left -= 1) {
    const result = await playOnce(stage, fault, { ...cell, request });
    const isUnharmed = result.broken.every((each) => each === NEVER_SENT);
    if (result.hit || !isUnharmed || left <= 1) return result;
    request = Math.min(request, result.sent - 1);
  }
}

/** Which request meets the fault, and what the rollout costs without one. */
export interface Cell {
  readonly request: number;
  readonly unharmed: Measure;
}

async function playOnce(
  { setting, driver, open }: Stage,
  { fault, kills, loses }: MatrixFault,
  { request, unharmed }: Cell,
): Promise<CellResult> {
  let result: CellResult = { request, hit: false, sent: 0, broken: ['not played'], trace: [] };
  await open(setting, async (world) => {
    const broken = new Set<string>();
    let hit = false;
    const onHit = (): void => {
      hit = true;
      if (kills === true) world.kill(loses === true);
    };
    world.emulator.queueFault({ ...fault, after: request, onHit });
    const { ending } = driver;
    const seen = () => ({
      ending,
      truth: world.emulator.state(),
      pace: world.pace,
      killed: kills === true,
    });
    const attempts = await driver.drive(world, setting, {
      most: unharmed.sentAfter.length + FURTHER_LOOKS,
      killed: kills === true ? unharmed.sentAfter.findIndex((sent) => sent > request) : null,
      after: (attempt) => {
        for (const each of brokenPromises(setting, attempt, seen())) broken.add(each);
      },
    });
    if (!hit) broken.add(NEVER_SENT);
    for (const each of unsettled(setting, attempts, seen())) broken.add(each);
    const trace = broken.size === 0 ? [] : traceOf(world, attempts);
    result = { request, hit, sent: world.emulator.requests.length, broken: [...broken], trace };
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
