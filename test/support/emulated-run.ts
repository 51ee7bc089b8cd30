/** The action in process against the emulator in process: real HTTP, one virtual clock. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InputKey, StateKey } from '../../src/action/io-keys.ts';
import { main } from '../../src/action/main.ts';
import { finishJob } from '../../src/action/post.ts';
import type { Clock } from '../../src/core/ports.ts';
import { type EmulatorOptions, startEmulator } from '../../src/emulator/server.ts';
import { createVirtualClock, type VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { inputDefaults } from './manifest.ts';
import { createRecordingShell, type RecordingShell } from './recording-shell.ts';

/** 2026-11-20T10:00:00Z, where every emulated world begins. */
export const START = Date.UTC(2026, 10, 20, 10);

export const KEY = 'edg_test_integration_0123456789';

type Emulator = Awaited<ReturnType<typeof startEmulator>>;

/** One emulated world in which the action may be run several times. */
export interface EmulatedWorld {
  readonly clock: Clock;
  readonly emulator: Emulator;
  /** Runs the action once, to its end, in virtual time. */
  run(inputs: Readonly<Partial<Record<InputKey, string>>>, how?: RunOptions): Promise<EmulatedRun>;
  /** Runs the post step on what a main step handed over. */
  finish(
    handedOver: Readonly<Partial<Record<StateKey, string>>>,
    how?: FinishOptions,
  ): Promise<{ readonly exitCode: 0 | 1; readonly shell: RecordingShell }>;
  /** Plays a person at a time that is still to come; time stands still until a promise of theirs is kept. */
  at(time: number, act: (emulator: Emulator) => void | Promise<void>): void;
}

/** What a test may change about the surroundings of one run. */
export interface RunOptions {
  readonly signal?: AbortSignal;
  /** The runner's clock less the server's. */
  readonly skewMs?: number;
  readonly variables?: Readonly<Record<string, string>>;
}

/** What a test may change about one post step. */
export interface FinishOptions {
  readonly inputs?: Readonly<Partial<Record<InputKey, string>>>;
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  readonly variables?: Readonly<Record<string, string>>;
}

/** What one run of the action came to. */
export interface EmulatedRun {
  readonly exitCode: 0 | 1;
  readonly outcome: string;
  readonly reason: string;
  readonly shell: RecordingShell;
  /** Text of the JSON report; empty where none was written. */
  readonly report: string;
  /** Text of the events, one look a line. */
  readonly events: string;
}

/** Starts a world, hands it to `use`, and stops it whatever happens. */
export async function withEmulator(
  options: Partial<EmulatorOptions>,
  use: (world: EmulatedWorld) => Promise<void>,
): Promise<void> {
  const virtual = createVirtualClock(START);
  const emulator = await startEmulator({ scenario: 'healthy', profile: 'full', ...options, clock: virtual });
  const acts: Act[] = [];
  const clock = clockWithActs(virtual, acts, emulator);
  const temp = await mkdtemp(join(tmpdir(), 'rollout-integration-'));
  const defaults = inputDefaults();
  try {
    await use({
      clock,
      emulator,
      at: (time, act) => acts.push({ time, act }),
      async finish(handedOver, { inputs = {}, deadlineMs, signal, variables = {} } = {}) {
        const given = { 'api-key': KEY, 'api-url': emulator.url, ...inputs };
        const shell = createRecordingShell(given, defaults, variables, handedOver);
        const exitCode = await finishJob(
          shell,
          { clock, random: () => 0.5, signal: signal ?? new AbortController().signal },
          deadlineMs,
        );
        return { exitCode, shell };
      },
      async run(inputs, how = {}) {
        const shell = createRecordingShell({ 'api-key': KEY, 'api-url': emulator.url, ...inputs }, defaults, {
          RUNNER_TEMP: temp,
          GITHUB_WORKSPACE: temp,
          ...how.variables,
        });
        const signal = how.signal ?? new AbortController().signal;
        const around = { clock: skewed(clock, how.skewMs ?? 0), random: () => 0.5, signal };
        const exitCode = await main(shell, around);
        const { outcome = '', 'reason-code': reason = '' } = shell.outputs;
        const [report, events] = await Promise.all([
          textOf(shell.outputs.report),
          textOf(shell.outputs.events),
        ]);
        return { exitCode, outcome, reason, shell, report, events };
      },
    });
  } finally {
    await emulator.close();
    await rm(temp, { recursive: true, force: true });
  }
}

/** The reports of a world lie in a folder that is gone when the world is. */
async function textOf(path: string | undefined): Promise<string> {
  return path === undefined || path === '' ? '' : readFile(path, 'utf8');
}

interface Act {
  readonly time: number;
  readonly act: (emulator: Emulator) => void | Promise<void>;
}

/** People act while the run sleeps: an act that falls into a sleep happens at its own time. */
function clockWithActs(virtual: VirtualClock, acts: Act[], emulator: Emulator): Clock {
  return {
    now: virtual.now,
    async sleepUntil(at, signal) {
      const due = acts.filter((each) => each.time <= at).sort((a, b) => a.time - b.time);
      for (const each of due) {
        acts.splice(acts.indexOf(each), 1);
        virtual.advanceTo(each.time);
        const done = each.act(emulator);
        if (done !== undefined) await done;
      }
      return virtual.sleepUntil(at, signal);
    },
  };
}

/** A runner whose clock is wrong. */
function skewed(clock: Clock, skewMs: number): Clock {
  return {
    now: () => clock.now() + skewMs,
    sleepUntil: (at, signal) => clock.sleepUntil(at - skewMs, signal),
  };
}

/** Returns the requests that changed something. */
export function writesOf(emulator: Emulator): readonly string[] {
  return emulator.requests
    .filter((each) => each.method !== 'GET')
    .map((each) => `${each.method} ${each.path}`);
}
