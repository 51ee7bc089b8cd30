/** Whole rollouts whose reports are worth computing again: how each is played, and what it comes to. */
import type { InputKey } from '../../src/action/io-keys.ts';
import { MINUTE_MS } from '../../src/core/units.ts';
import type { EmulatorOptions } from '../../src/emulator/emulator-options.ts';
import type { EmulatedRun, EmulatedWorld } from './emulated-run.ts';

const IDENTITY = 'model: radiology-v1\nversion: 2.0.0\n';
const STAGES = `${IDENTITY}stages: [5%, 25%, 100%]\nsoak: 1h\nbake: 30m\n`;
const UNGATED = `${STAGES}gates: none\nunwatched: accepted\n`;
const HOURLY: Partial<EmulatorOptions> = { requestsPerHour: 60, devices: 1_000 };
const HARM: Partial<EmulatorOptions> = {
  ...HOURLY,
  scenario: 'error-spike',
  scenarioSettings: { atPercentage: 25 },
};

/** How one world is played. */
export interface ReportedRun {
  readonly name: string;
  readonly options: Partial<EmulatorOptions>;
  play(world: EmulatedWorld): Promise<readonly EmulatedRun[]>;
  /** The outcomes, in order. */
  readonly gives: readonly string[];
}

function once(inputs: Readonly<Partial<Record<InputKey, string>>>): ReportedRun['play'] {
  return async ({ run }) => [await run({ 'poll-interval': '5m', timeout: '1d', ...inputs })];
}

function ticks(minutes: readonly number[], plan: string): ReportedRun['play'] {
  return async ({ run, clock }) => {
    const start = clock.now();
    const runs: EmulatedRun[] = [];
    for (const minute of minutes) {
      await clock.sleepUntil(start + minute * MINUTE_MS);
      runs.push(await run({ command: 'advance', plan }));
    }
    return runs;
  };
}

/** Runs that end in every way in which decisions are taken. */
export const REPORTED_RUNS: readonly ReportedRun[] = [
  {
    name: 'a healthy rollout',
    options: HOURLY,
    play: once({ plan: STAGES, 'poll-interval': '1m' }),
    gives: ['completed'],
  },
  {
    name: 'a harmful version',
    options: HARM,
    play: once({ plan: STAGES }),
    gives: ['rolled_back'],
  },
  {
    name: 'a version that is harmful on one class of phones',
    options: { ...HOURLY, scenario: 'segment-errors' },
    play: once({ plan: `${STAGES}segments: { by: [device_class, os] }\n` }),
    gives: ['rolled_back'],
  },
  {
    name: 'a rollout beside an experiment',
    options: { ...HOURLY, experiment: true },
    play: once({ plan: STAGES }),
    gives: ['completed'],
  },
  {
    name: 'a harmful version that a plan pauses',
    options: HARM,
    play: once({ plan: `${STAGES}on_fail: pause\n` }),
    gives: ['held'],
  },
  {
    name: 'a source that goes silent',
    options: { ...HOURLY, scenario: 'no-data' },
    play: once({ plan: STAGES }),
    gives: ['held'],
  },
  {
    name: 'a job that is too short',
    options: HOURLY,
    play: once({
      plan: `${IDENTITY}stages: [5%, 100%]\nsoak: 1h\nmin_samples: 10000000\nmax_wait: 6h\n`,
      timeout: '1h40m',
    }),
    gives: ['timed_out'],
  },
  {
    name: 'an API without health, devices and history',
    options: { ...HOURLY, profile: 'documented' },
    play: once({ plan: UNGATED }),
    gives: ['completed'],
  },
  {
    name: 'a policy that allows small steps, late',
    options: { ...HOURLY, policy: { maxRolloutStep: 20, minRolloutDurationMs: 70 * MINUTE_MS } },
    play: once({ plan: STAGES, 'org-id': 'org_demo' }),
    gives: ['completed'],
  },
  {
    name: 'a policy that only its refusals tell of',
    options: { ...HOURLY, policy: { maxRolloutStep: 40 } },
    play: once({ plan: STAGES }),
    gives: ['completed'],
  },
  {
    name: 'ticks',
    options: HOURLY,
    play: ticks([0, 20, 65, 80, 130, 150, 165], STAGES),
    gives: ['advanced', 'waiting', 'advanced', 'waiting', 'advanced', 'waiting', 'completed'],
  },
  {
    name: 'ticks that find harm',
    options: HARM,
    play: ticks([0, 65, 80, 95], STAGES),
    gives: ['advanced', 'advanced', 'rolling_back', 'noop'],
  },
  {
    name: 'ticks on an API that tells no more than is documented',
    options: { ...HOURLY, profile: 'documented' },
    play: ticks([0, 20, 65, 130, 150, 165], UNGATED),
    gives: ['advanced', 'waiting', 'advanced', 'held', 'held', 'held'],
  },
  {
    name: 'ticks whose plan is edited in between',
    options: HOURLY,
    play: async (world) => [
      ...(await ticks([0, 65], STAGES)(world)),
      ...(await ticks([15, 80], `${STAGES}on_deadline: rollback\n`)(world)),
    ],
    gives: ['advanced', 'advanced', 'waiting', 'advanced'],
  },
  {
    name: 'an operator among ticks',
    options: HOURLY,
    play: async (world) => {
      const verb = (inputs: Readonly<Partial<Record<InputKey, string>>>) =>
        world.run({ model: 'radiology-v1', reason: 'a doctor called', ...inputs });
      const first = await ticks([0, 20], STAGES)(world);
      const paused = await verb({ command: 'pause' });
      const during = await ticks([5], STAGES)(world);
      const after = [await verb({ command: 'resume' }), await verb({ command: 'set', percentage: '10' })];
      return [...first, paused, ...during, ...after, ...(await ticks([5, 90], STAGES)(world))];
    },
    gives: ['advanced', 'waiting', 'done', 'waiting', 'done', 'done', 'waiting', 'advanced'],
  },
  {
    name: 'a job that is too short, and the next one',
    options: HOURLY,
    play: async (world) => {
      const inputs = { plan: STAGES, 'poll-interval': '5m', timeout: '4h' } as const;
      const short = `${STAGES}min_samples: 400\nmax_wait: 6h\n`;
      return [await world.run({ ...inputs, plan: short }), await world.run({ ...inputs, plan: short })];
    },
    gives: ['timed_out', 'held'],
  },
  {
    name: 'a rollback that somebody asks for',
    options: HOURLY,
    play: async (world) => {
      const minutes = ticks([0], STAGES);
      const first = await minutes(world);
      const asked = { command: 'rollback', model: 'radiology-v1', reason: 'a doctor called' } as const;
      return [...first, await world.run(asked)];
    },
    gives: ['advanced', 'done'],
  },
];
