/** An experiment on the model beside a rollout of it, over real HTTP and in virtual time, on both profiles of the emulator. */
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/core/units.ts';
import type { EmulatorOptions } from '../../src/emulator/emulator-options.ts';
import { type EmulatedRun, type EmulatedWorld, withEmulator } from '../support/emulated-run.ts';

const PLAN = 'model: radiology-v1\nversion: 2.0.0\nstages: [10%, 50%, 100%]\nsoak: 1h\nbake: 30m\n';
const UNGATED = 'gates: none\nunwatched: accepted\n';
const FLEET: Partial<EmulatorOptions> = { devices: 1_000, requestsPerHour: 60, syncMs: 30_000 };
const PLANS = { full: PLAN, documented: PLAN + UNGATED } as const;
const PROFILES = ['full', 'documented'] as const;

const ended = ({ outcome, exitCode }: EmulatedRun) => `${outcome} (${exitCode})`;
const said = ({ shell }: EmulatedRun) => shell.lines.join('\n');
const asked = ({ emulator }: EmulatedWorld) =>
  emulator.requests.filter(({ path }) => path.endsWith('/experiments')).length;

describe.each(PROFILES)('on the profile %s', (profile) => {
  const plan = PLANS[profile];
  const inputs = { plan, timeout: '8h', 'poll-interval': '5m' };
  const share = profile === 'full' ? 'takes 20% of the traffic' : 'takes its traffic';

  it('one that starts while the rollout runs is reported, and the rollout completes', () =>
    withEmulator({ ...FLEET, profile }, async (world) => {
      world.at(world.clock.now() + 80 * MINUTE_MS, (emulator) => emulator.experiment(20));
      const result = await world.run(inputs);
      expect(ended(result), said(result)).toBe('completed (0)');
      expect(said(result)).toContain(`notice experiment contrast runs on the model and ${share} first`);
      expect(result.shell.summary()).toContain(`${share} first`);
      const { onVersion } = world.emulator.state().devices;
      expect(onVersion['2.0.0']).toBe(800);
    }));

  it('one that ends is reported as well', () =>
    withEmulator({ ...FLEET, profile, experiment: true }, async (world) => {
      world.at(world.clock.now() + 80 * MINUTE_MS, (emulator) => emulator.experiment(null));
      const result = await world.run(inputs);
      expect(ended(result), said(result)).toBe('completed (0)');
      expect(said(result)).toContain('notice experiment exp_contrast is over');
    }));

  it('is seen by a tick, with one request', () =>
    withEmulator({ ...FLEET, profile, experiment: true }, async (world) => {
      await world.run({ command: 'advance', plan });
      const before = asked(world);
      await world.clock.sleepUntil(world.clock.now() + 30 * MINUTE_MS);
      const tick = await world.run({ command: 'advance', plan });
      expect(said(tick)).toContain(`notice experiment contrast runs on the model and ${share} first`);
      expect(asked(world) - before).toBe(1);
    }));

  it('is a warning when the plan is reviewed', () =>
    withEmulator({ ...FLEET, profile, experiment: true }, async ({ run }) => {
      const result = await run({ command: 'plan', plan });
      expect(ended(result)).toBe('planned (0)');
      expect(said(result)).toContain(`warn experiment contrast runs on the model and ${share} first`);
      expect(result.shell.summary()).toContain('experiment contrast');
    }));

  it('is asked for once a minute at most, and not again where the API has no such route', () =>
    withEmulator({ ...FLEET, profile }, async (world) => {
      const short = plan.replace('soak: 1h', 'soak: 5m').replace('bake: 30m', 'bake: 5m');
      await world.run({ plan: short, timeout: '8h', 'poll-interval': '5s' });
      expect(asked(world)).toBeGreaterThan(10);
      expect(asked(world)).toBeLessThanOrEqual(20);
      const before = asked(world);
      world.emulator.queueFault({
        kind: 'status',
        status: 404,
        match: { method: 'GET', path: /\/experiments/ },
        times: 1_000,
      });
      await world.run({ plan: short, force: 'retry', reason: 'again', timeout: '8h', 'poll-interval': '5s' });
      expect(asked(world) - before).toBe(1);
    }));
});

describe('the devices assigned to the candidate', () => {
  const assignment = ({ shell }: EmulatedRun) =>
    shell
      .summary()
      .match(/assignment[^\n]*/g)
      ?.at(-1) ?? '';
  const stopAfter = (world: EmulatedWorld, minutes: number) => {
    const stop = new AbortController();
    world.at(world.clock.now() + minutes * MINUTE_MS, () => stop.abort());
    return { signal: stop.signal };
  };

  it('are the share of those that the experiment leaves', () =>
    withEmulator({ ...FLEET, experiment: true }, async (world) => {
      const result = await world.run(
        { plan: PLAN, timeout: '8h', 'poll-interval': '5m' },
        stopAfter(world, 90),
      );
      console.log(
        said(result)
          .match(/.*50%.*/g)
          ?.at(-1),
        assignment(result),
      );
      expect(said(result)).not.toContain('assignment 40% fail');
      expect(world.emulator.state().devices.onVersion['2.0.0']).toBe(400);
    }));

  it('are not judged where the share of the experiment is not told', () =>
    withEmulator(
      { ...FLEET, experiment: true, conflicts: { 'experiment-share': 'untold' } },
      async (world) => {
        const result = await world.run({ plan: PLAN, timeout: '8h', 'poll-interval': '5m' });
        expect(ended(result), said(result)).toBe('completed (0)');
        expect(said(result)).not.toMatch(/assignment \S+ fail/);
      },
    ));
});
