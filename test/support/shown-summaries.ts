/** The summaries that people meet: one of each kind, from whole runs against the emulator. */
import { MINUTE_MS } from '../../src/core/units.ts';
import type { EmulatorOptions } from '../../src/emulator/emulator-options.ts';
import { type EmulatedWorld, withEmulator } from './emulated-run.ts';

const PLAN = [
  'model: radiology-v1',
  'version: 2.0.0',
  'stages:',
  '  - { percentage: 5%, name: smoke, soak: 30m }',
  '  - { percentage: 25%, soak: 1h }',
  '  - 100%',
  'bake: 30m',
  'gates: { error_rate: 5%, crash_rate: 1%, latency_p95: { max: 900ms, severity: hold } }',
  '',
].join('\n');

const WORLD: Partial<EmulatorOptions> = { devices: 1_000, requestsPerHour: 60, syncMs: 30_000 };
const HARM: Partial<EmulatorOptions> = {
  ...WORLD,
  scenario: 'error-spike',
  scenarioSettings: { atPercentage: 25 },
};

interface Shown {
  readonly name: string;
  readonly outcome: string;
  readonly options: Partial<EmulatorOptions>;
  play(world: EmulatedWorld): Promise<{ readonly outcome: string; readonly shell: { summary(): string } }>;
}

const SHOWN: readonly Shown[] = [
  {
    name: 'completed',
    outcome: 'completed',
    options: WORLD,
    play: ({ run }) => run({ plan: PLAN, 'poll-interval': '1m' }),
  },
  {
    name: 'waiting',
    outcome: 'waiting',
    options: WORLD,
    async play({ run, clock }) {
      const start = clock.now();
      const tick = async (minute: number) => {
        await clock.sleepUntil(start + minute * MINUTE_MS);
        return run({ command: 'advance', plan: PLAN });
      };
      await tick(0);
      await tick(35);
      return tick(55);
    },
  },
  {
    name: 'rolled-back',
    outcome: 'rolled_back',
    options: HARM,
    play: ({ run }) => run({ plan: PLAN, 'poll-interval': '1m' }),
  },
  {
    name: 'held',
    outcome: 'held',
    options: { ...WORLD, scenario: 'no-data' },
    play: ({ run }) => run({ plan: PLAN, 'poll-interval': '1m' }),
  },
  {
    name: 'cancelled',
    outcome: 'cancelled',
    options: WORLD,
    play({ run, at, clock }) {
      const stop = new AbortController();
      at(clock.now() + 50 * MINUTE_MS, () => stop.abort());
      return run({ plan: PLAN, 'poll-interval': '1m' }, { signal: stop.signal });
    },
  },
  {
    name: 'rollback-failed',
    outcome: 'rollback_failed',
    options: HARM,
    play({ run, emulator }) {
      const refuse = { kind: 'status', status: 403, times: 100_000 } as const;
      emulator.queueFault({ ...refuse, match: { method: 'POST', path: '/rollback' } });
      emulator.queueFault({ ...refuse, after: 1, match: { method: 'POST', path: /\/rollouts$/ } });
      return run({ plan: `${PLAN}rollback: { timeout: 5m }\n`, 'poll-interval': '1m' });
    },
  },
  {
    name: 'plan',
    outcome: 'planned',
    options: WORLD,
    play: ({ run }) => run({ command: 'plan', plan: PLAN, 'org-id': 'org_demo' }),
  },
];

/** Names of the summaries, which are those of the pictures in docs/images as well. */
export const SHOWN_SUMMARIES: readonly string[] = SHOWN.map(({ name }) => name);

/** Returns the Markdown of each summary by its name; throws when a run comes to something else. */
export async function shownSummaries(): Promise<Readonly<Record<string, string>>> {
  const summaries: Record<string, string> = {};
  for (const { name, outcome, options, play } of SHOWN) {
    await withEmulator(options, async (world) => {
      const result = await play(world);
      if (result.outcome !== outcome) throw new Error(`${name} came to ${result.outcome}`);
      summaries[name] = result.shell.summary();
    });
  }
  return summaries;
}
