/** Days of polling cost no memory, no sockets and no listeners, and every look asks the same few things. */
import { getEventListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/action/main.ts';
import type { Clock } from '../../src/core/ports.ts';
import { MINUTE_MS, SECOND_MS } from '../../src/core/units.ts';
import { createVirtualClock } from '../../src/runtime/virtual-clock.ts';
import { inputDefaults } from '../support/manifest.ts';
import { startPolledServer } from '../support/polled-server.ts';
import { createRecordingShell, type RecordingShell } from '../support/recording-shell.ts';

const START = Date.UTC(2026, 10, 20, 10);
const SAMPLES = 32;
const TIMEOUT_MS = 300_000;

const PLAN = 'model: radiology-v1\nversion: 2.0.0\nstages: [50%, 100%]\nsoak: 1d\nbake: 4d\n';
const UNGATED = 'gates: none\nunwatched: accepted\n';
const POLL_MS = 19 * SECOND_MS;
const INPUTS = {
  'api-key': 'edg_test_polling_0123456789',
  timeout: '5d',
  'poll-interval': `${POLL_MS / SECOND_MS}s`,
};

interface Row {
  readonly title: string;
  readonly plan: string;
  readonly looks: number;
  /** Requests of a look between two changes. */
  readonly requests: number;
  /** A look kept whole is 2 to 5 KB and an answer is 1 KB: either, kept for good, is several times as much. */
  readonly maxGrowthBytes: number;
}

const ROWS: readonly Row[] = [
  {
    title: 'the rollout and its devices',
    plan: PLAN + UNGATED,
    looks: 20_000,
    requests: 2,
    maxGrowthBytes: 4_000_000,
  },
  {
    title: 'the rollout, its stage and three restart windows',
    plan: PLAN,
    looks: 5_000,
    requests: 5,
    maxGrowthBytes: 2_000_000,
  },
];

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

interface Sample {
  readonly heapBytes: number;
  readonly openHandles: number;
  readonly listeners: number;
}

interface Polling {
  readonly samples: readonly Sample[];
  /** How many looks asked for how many things. */
  readonly looksByRequests: ReadonlyMap<number, number>;
  /** Requests for experiments, which are made once a minute whatever the number of looks. */
  readonly experiments: number;
  readonly shell: RecordingShell;
}

/** Runs the action for some looks in virtual time, then cancels it; memory is measured in their second half. */
async function poll({ plan, looks: most }: Row, temp: string, url: string): Promise<Polling> {
  const virtual = createVirtualClock(START);
  const cancellation = new AbortController();
  const samples: Sample[] = [];
  const looksByRequests = new Map<number, number>();
  let looks = 0;
  let requests = 0;
  let experiments = 0;
  const clock: Clock = {
    now: virtual.now,
    sleepUntil(at, signal) {
      looks += 1;
      looksByRequests.set(requests, (looksByRequests.get(requests) ?? 0) + 1);
      requests = 0;
      if (looks >= most / 2 && looks % (most / 2 / SAMPLES) < 1)
        samples.push(takeSample(cancellation.signal));
      if (looks === most) cancellation.abort(new Error('enough'));
      return virtual.sleepUntil(at, signal);
    },
  };
  const shell = createRecordingShell({ ...INPUTS, plan, 'api-url': url }, inputDefaults(), {
    RUNNER_TEMP: temp,
    GITHUB_WORKSPACE: temp,
  });
  const silent = { info() {}, notice() {}, warn() {}, group() {}, endGroup() {} };
  const countRequest = (line: string): void => {
    if (!line.startsWith('GET ')) return;
    if (line.includes('/experiments')) experiments += 1;
    else requests += 1;
  };
  const quiet = { ...shell, log: { ...silent, debug: countRequest } };
  await main(quiet, { clock, random: () => 0.5, signal: cancellation.signal });
  return { samples, looksByRequests, experiments, shell };
}

function takeSample(signal: AbortSignal): Sample {
  collectGarbage();
  return {
    heapBytes: process.memoryUsage().heapUsed,
    openHandles: process.getActiveResourcesInfo().length,
    listeners: getEventListeners(signal, 'abort').length,
  };
}

const mostOf = (samples: readonly Sample[], key: keyof Sample): number =>
  Math.max(...samples.map((sample) => sample[key]));

describe('days of polling', () => {
  it.each(ROWS)(
    'ask $looks times for $title, and keep neither memory nor sockets nor listeners',
    async (row) => {
      const server = await startPolledServer();
      const temp = await mkdtemp(join(tmpdir(), 'rollout-polling-'));
      try {
        const { samples, looksByRequests, experiments, shell } = await poll(row, temp, server.url);
        expect(shell.outputs.outcome).toBe('cancelled');
        const half = Math.floor(samples.length / 2);
        const [before, after] = [samples.slice(0, half), samples.slice(half)];
        expect(half).toBeGreaterThanOrEqual(SAMPLES / 2);
        expect(mostOf(after, 'heapBytes') - mostOf(before, 'heapBytes')).toBeLessThan(row.maxGrowthBytes);
        expect(mostOf(after, 'openHandles')).toBeLessThanOrEqual(mostOf(before, 'openHandles') + 8);
        expect(mostOf(samples, 'listeners')).toBeLessThanOrEqual(1);
        // Looks ask for less while a stage is young, and for more at its change and at the start.
        const more = [...looksByRequests].filter(([requests]) => requests > row.requests);
        expect(more.reduce((sum, [, looks]) => sum + looks, 0)).toBeLessThanOrEqual(4);
        expect(experiments).toBeLessThanOrEqual((row.looks * POLL_MS) / MINUTE_MS + 10);
        expect(looksByRequests.get(row.requests)).toBeGreaterThan(0.75 * row.looks);
      } finally {
        await server.stop();
        await rm(temp, { recursive: true, force: true });
      }
    },
    TIMEOUT_MS,
  );
});
