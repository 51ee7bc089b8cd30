/** Rollouts that are driven by ticks alone: each a fresh run with one look and at most one transition. */
import { describe, expect, it } from 'vitest';
import type { InputKey } from '../../src/action/io-keys.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/core/units.ts';
import type { EmulatorOptions } from '../../src/emulator/emulator-options.ts';
import { type EmulatedRun, type EmulatedWorld, withEmulator, writesOf } from '../support/emulated-run.ts';

const PLAN = 'model: radiology-v1\nversion: 2.0.0\nstages: [10%, 50%, 100%]\nsoak: 1h\nbake: 30m\n';
const UNGATED = 'gates: none\nunwatched: accepted\n';
const SCHEDULED = { variables: { GITHUB_EVENT_NAME: 'schedule' } };

const FLEET: Partial<EmulatorOptions> = { devices: 1_000, requestsPerHour: 60, syncMs: 30_000 };

function ended({ outcome, reason }: EmulatedRun): string {
  return `${outcome}: ${reason}`;
}

/** Plays ticks at the given minutes after the start; the first one creates, because it is no scheduled one. */
async function tickAt(
  { run, clock }: EmulatedWorld,
  minutes: readonly number[],
  inputs: Readonly<Partial<Record<InputKey, string>>> = {},
): Promise<readonly EmulatedRun[]> {
  const start = clock.now();
  const runs: EmulatedRun[] = [];
  for (const [index, minute] of minutes.entries()) {
    await clock.sleepUntil(start + minute * MINUTE_MS);
    runs.push(await run({ command: 'advance', plan: PLAN, ...inputs }, index === 0 ? {} : SCHEDULED));
  }
  return runs;
}

function percentages({ emulator }: EmulatedWorld): readonly number[] {
  return emulator.requests
    .filter(({ path }) => path.endsWith('/update-percentage'))
    .map(({ body }) => (body as { percentage: number }).percentage)
    .filter((percentage, index, all) => percentage !== all[index - 1]);
}

describe('ticks', () => {
  it('take a healthy rollout to its end, one stage a tick, and then have nothing left to do', () =>
    withEmulator(FLEET, async (world) => {
      const runs = await tickAt(world, [0, 20, 65, 80, 130, 150, 165, 200, 2_000]);
      expect(runs.map(ended)).toEqual([
        'advanced: starting',
        'waiting: soaking',
        'advanced: stage_passed',
        'waiting: soaking',
        'advanced: stage_passed',
        'waiting: baking',
        'completed: completed',
        'completed: completed',
        'noop: already_completed',
      ]);
      expect(runs.map(({ exitCode }) => exitCode)).toEqual(Array(9).fill(0));
      expect(percentages(world)).toEqual([10, 50, 100]);
    }));

  it('that come late, twice or not at all change nothing but the time', () =>
    withEmulator(FLEET, async (world) => {
      const plan = `${PLAN}deadline: 3d\n`;
      const runs = await tickAt(world, [0, 0.1, 420, 421, 900, 901, 1_400, 3_000], { plan });
      expect(runs.map(({ outcome }) => outcome)).toEqual([
        'advanced',
        'waiting',
        'advanced',
        'waiting',
        'advanced',
        'waiting',
        'completed',
        'noop',
      ]);
      expect(percentages(world)).toEqual([10, 50, 100]);
      expect(writesOf(world.emulator).filter((each) => /POST .*\/rollouts$/.test(each))).toHaveLength(1);
    }));

  it('say when they should come again', () =>
    withEmulator(FLEET, async (world) => {
      const [, second] = await tickAt(world, [0, 20]);
      expect(second?.shell.outputs['next-look-at']).toBe('2026-11-20T10:30:00Z');
    }));

  it('roll back a harmful version at the tick that proves it, and confirm it at the next', () =>
    withEmulator(
      { ...FLEET, scenario: 'error-spike', scenarioSettings: { atPercentage: 50 } },
      async (world) => {
        const runs = await tickAt(world, [0, 65, 80, 95, 110]);
        expect(runs.map(ended)).toEqual([
          'advanced: starting',
          'advanced: stage_passed',
          'rolling_back: gate_failed',
          'noop: rolled_back_earlier',
          'noop: rolled_back_earlier',
        ]);
        expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 1, 0, 0]);
        expect(runs[3]?.shell.lines.join('\n')).toContain('warn 2.0.0 was rolled back earlier');
      },
    ));

  it('on a schedule create nothing', () =>
    withEmulator(FLEET, async ({ run, emulator }) => {
      const result = await run({ command: 'advance', plan: PLAN }, SCHEDULED);
      expect(ended(result)).toBe('noop: nothing_to_advance');
      expect(writesOf(emulator)).toEqual([]);
    }));

  it('on a schedule warn where a rollout was deleted and devices stay on it, and write nothing', () =>
    withEmulator(FLEET, async (world) => {
      await tickAt(world, [0]);
      world.emulator.human('delete');
      const writes = writesOf(world.emulator).length;
      await world.clock.sleepUntil(world.clock.now() + 65 * MINUTE_MS);
      const result = await world.run({ command: 'advance', plan: PLAN }, SCHEDULED);
      expect(ended(result)).toBe('noop: nothing_to_advance');
      const said = result.shell.lines.filter((line) => line.startsWith('warn')).join('\n');
      expect(said).toMatch(/1\.0\.0, completed at 100%, serves only \d+ of 1.?000 devices/);
      expect(said).toContain('`to-version: 1.0.0`');
      expect(writesOf(world.emulator)).toHaveLength(writes);
    }));

  it('on a schedule say nothing of devices that run what was completed last', () =>
    withEmulator(FLEET, async ({ run }) => {
      const { shell } = await run({ command: 'advance', plan: PLAN }, SCHEDULED);
      expect(shell.lines.filter((line) => line.startsWith('warn'))).toEqual([]);
    }));

  it('wait while somebody has paused the rollout', () =>
    withEmulator(FLEET, async (world) => {
      world.at(world.clock.now() + 30 * MINUTE_MS, (emulator) => emulator.human('pause'));
      const runs = await tickAt(world, [0, 65, 200]);
      expect(runs.slice(1).map(ended)).toEqual(['waiting: paused_by_other', 'waiting: paused_by_other']);
      expect(percentages(world)).toEqual([10]);
    }));

  it('hold when nothing was measured for longer than the plan allows', () =>
    withEmulator({ ...FLEET, scenario: 'no-data' }, async (world) => {
      const runs = await tickAt(world, [0, 20, 45]);
      expect(runs.map(ended)).toEqual(['advanced: starting', 'waiting: soaking', 'held: no_data']);
    }));
});

describe('ticks on a documented API', () => {
  it('pass the first stage, whose entry is the creation, and then say that nothing remembers', () =>
    withEmulator({ ...FLEET, profile: 'documented' }, async (world) => {
      const runs = await tickAt(world, [0, 20, 65, 80, 130], { plan: PLAN + UNGATED });
      expect(runs.map(ended)).toEqual([
        'advanced: starting',
        'waiting: soaking',
        'advanced: stage_passed',
        'held: no_memory',
        'held: no_memory',
      ]);
      expect(runs.at(-1)?.exitCode).toBe(1);
      expect(percentages(world)).toEqual([10, 50]);
    }));
});

describe('a second run', () => {
  const runOf = (id: number) => ({
    variables: { GITHUB_RUN_ID: String(id), GITHUB_RUN_NUMBER: '1', GITHUB_RUN_ATTEMPT: '1' },
  });
  const stopAfter = (world: EmulatedWorld, minutes: number) => {
    const stop = new AbortController();
    world.at(world.clock.now() + minutes * MINUTE_MS, () => stop.abort());
    return stop.signal;
  };

  it('leaves advancing to the first as long as that one may still act, and goes on after it', () =>
    withEmulator(FLEET, async (world) => {
      const plan = PLAN.replace('soak: 1h', 'soak: 2m');
      const inputs = { plan, 'poll-interval': '30s', timeout: '20h', 'on-cancel': 'leave' };
      await world.run(inputs, { ...runOf(900), signal: stopAfter(world, 1) });
      const second = await world.run(inputs, runOf(901));
      expect(ended(second)).toBe('completed: completed');
      expect(second.shell.lines.join('\n')).toContain('lease held (run 900 acted last; its lease ends in');
      expect(percentages(world)).toEqual([10, 50, 100]);
    }));

  it('takes over at once with force: lease and a reason', () =>
    withEmulator(FLEET, async (world) => {
      const plan = PLAN.replace('soak: 1h', 'soak: 2m');
      const inputs = { plan, 'poll-interval': '30s', timeout: '20h', 'on-cancel': 'leave' };
      await world.run(inputs, { ...runOf(900), signal: stopAfter(world, 1) });
      const second = await world.run(
        { ...inputs, force: 'lease', reason: 'the first job is dead' },
        runOf(901),
      );
      expect(ended(second)).toBe('completed: completed');
      expect(second.shell.lines.join('\n')).not.toContain('lease held');
    }));
});

describe('a blocking run and ticks at the times of its looks', () => {
  it.each(['healthy', 'error-spike', 'latency', 'clustered'] as const)(
    'decide alike on %s',
    async (scenario) => {
      const options: Partial<EmulatorOptions> = {
        ...FLEET,
        scenario,
        scenarioSettings: { atPercentage: 50 },
      };
      const plan = `${PLAN}gates: { latency_p95: 500ms }\n`;
      const endOf = async (play: (world: EmulatedWorld) => Promise<EmulatedRun | undefined>) => {
        let end = '';
        let writes: readonly number[] = [];
        await withEmulator(options, async (world) => {
          end = (await play(world))?.outcome ?? '';
          writes = percentages(world);
        });
        return { end, writes };
      };
      const blocking = await endOf(({ run }) => run({ plan, 'poll-interval': '5m', timeout: '20h' }));
      const everyFive = Array.from({ length: (4 * HOUR_MS) / (5 * MINUTE_MS) }, (_, index) => 5 * index);
      const ticks = await endOf(async (world) => {
        const runs = await tickAt(world, everyFive, { plan });
        return runs.find(({ outcome }) => outcome === 'completed' || outcome === 'rolling_back');
      });
      expect(ticks.writes).toEqual(blocking.writes);
      expect(ticks.end.replace('rolling_back', 'rolled_back')).toBe(blocking.end);
    },
  );
});
