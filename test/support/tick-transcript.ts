/** A rollout that ticks at random times drive, by the committed bundles, two of them killed in mid-request. */
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { createVirtualClock, type VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { createRandom } from '../../src/simulation/random-source.ts';
import { type BundleRunner, createBundleRunner } from './matrix-bundle.ts';
import type { Attempt } from './matrix-promises.ts';

const START = Date.UTC(2026, 10, 20, 10);
const MINUTE_MS = 60_000;
const LONGEST_MINUTES = 7 * 60;
const MOST_TICKS = 40;

/** One tick as a person would note it down. */
export interface TickLine {
  /** The server's time, epoch milliseconds. */
  readonly at: number;
  readonly attempt: Attempt;
  /** What the candidate really serves after it; null without a rollout. */
  readonly percentage: number | null;
  /** Requests of the tick and its post step. */
  readonly requests: readonly string[];
}

/** What a transcript is played with. */
export interface Play {
  readonly profile: 'full' | 'documented';
  readonly plan: string;
  readonly seed: number;
  /** Whether no further tick would change anything. */
  isOver(attempt: Attempt): boolean;
}

/** Plays ticks until one is the last, and hands each to nobody but the returned list. */
export async function playTicks({ profile, plan, seed, isOver }: Play): Promise<readonly TickLine[]> {
  const clock = createVirtualClock(START);
  const emulator = await startEmulator({ scenario: 'healthy', profile, requestsPerHour: 240, seed, clock });
  const bundle = createBundleRunner(process.execPath, { 'api-url': emulator.url, plan });
  const kill = (): void => bundle.kill(false);
  // The second write of a percentage is the raise to the second stage; the first one leaves a note.
  emulator.queueFault({
    kind: 'hang-after-commit',
    match: { path: '/update-percentage' },
    after: 1,
    onHit: kill,
  });
  const random = createRandom([seed]);
  const lines: TickLine[] = [];
  try {
    while (lines.length < MOST_TICKS) {
      if (lines.length === 1) emulator.queueFault({ kind: 'hang-before', after: 3, onHit: kill });
      const line = await tick({ emulator, clock, bundle }, lines.length);
      lines.push(line);
      if (isOver(line.attempt)) break;
      // Most delays are minutes and some are hours, as those of a busy scheduler.
      const minutes = 4 + Math.round((LONGEST_MINUTES - 4) * random.next() ** 3);
      clock.advanceTo(clock.now() + minutes * MINUTE_MS);
    }
  } finally {
    await bundle.close();
    await emulator.close();
  }
  return lines;
}

interface Stage {
  readonly emulator: Emulator;
  readonly clock: VirtualClock;
  readonly bundle: BundleRunner;
}

async function tick({ emulator, clock, bundle }: Stage, index: number): Promise<TickLine> {
  const before = emulator.requests.length;
  const attempt = await bundle.act(
    { command: 'advance' },
    {
      GITHUB_EVENT_NAME: index === 0 ? 'workflow_dispatch' : 'schedule',
      GITHUB_RUN_ID: String(900 + index),
      GITHUB_RUN_NUMBER: String(1 + index),
    },
  );
  const ours = emulator.state().past.find(({ version }) => version === '2.0.0');
  return {
    at: clock.now(),
    attempt,
    percentage: ours?.entered.at(-1)?.percentage ?? null,
    requests: emulator.requests.slice(before).map(({ method, path }) => `${method} ${path}`),
  };
}
