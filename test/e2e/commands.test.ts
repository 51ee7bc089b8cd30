/** The verbs, adoption, cancellation and cut answers, from the committed bundles. */
import { describe, expect, it } from 'vitest';
import type { StepResult } from '../../scripts/stand-in-runner.mjs';
import { type EmulatorProcess, rehearse, startEmulatorProcess } from '../support/rehearsal.ts';
import { findRuntimes } from '../support/runtimes.ts';

const PLAN =
  'model: radiology-v1\nversion: 2.0.0\nstages: [5%, 25%, 100%]\nsoak: 3s\nbake: 3s\nmax_wait: 12s\n';
const SLOW = PLAN.replace('soak: 3s', 'soak: 5m');
const UNGATED = 'gates: none\nunwatched: accepted\n';
const FLEET = ['--devices', '124', '--requests-per-hour', '36000', '--sync-seconds', '1', '--seed', '7'];
const PROFILES = ['full', 'documented'] as const;

async function onEmulator(
  flags: readonly string[],
  node: string,
  use: (emulator: EmulatorProcess) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulatorProcess([...flags, ...FLEET], node);
  try {
    await use(emulator);
  } finally {
    await emulator.stop();
  }
}

function cancelWhileSoaking(
  emulator: EmulatorProcess,
  node: string,
  inputs: Readonly<Record<string, string>>,
): Promise<StepResult> {
  return rehearse({ emulator, node, inputs, options: { cancelWhen: (line) => line.includes('soaking') } });
}

const planFor = (profile: (typeof PROFILES)[number], plan: string): string =>
  profile === 'full' ? plan : plan + UNGATED;

describe.each(findRuntimes())('on Node $version', ({ path: node }) => {
  it.concurrent('ticks alone take a rollout to its end, each a process of its own', () =>
    onEmulator(['--scenario', 'healthy', '--profile', 'full'], node, async (emulator) => {
      const ends: string[] = [];
      // Each tick takes longer than a stage soaks, so more of them than this would be a rollout that stands still.
      while (ends.at(-1) !== 'completed' && ends.length < 60) {
        const step = await rehearse({ emulator, node, inputs: { command: 'advance', plan: PLAN } });
        expect(step.exitCode, step.log.join('\n')).toBe(0);
        ends.push(step.outputs['outcome'] ?? '');
      }
      expect(ends.filter((end) => end === 'advanced')).toHaveLength(3);
      expect(ends.at(-1)).toBe('completed');
      const { devices } = await emulator.state();
      expect(devices.onVersion).toEqual({ '2.0.0': 124 });
    }));

  describe.each(PROFILES)('on the %s profile', (profile) => {
    const flags = ['--scenario', 'healthy', '--profile', profile];

    it.concurrent('a cancelled job pauses its rollout and says what still serves', () =>
      onEmulator(flags, node, async (emulator) => {
        const cancelled = await cancelWhileSoaking(emulator, node, { plan: planFor(profile, SLOW) });
        expect(cancelled.outputs['outcome'], cancelled.log.join('\n')).toBe('cancelled');
        expect(cancelled.exitCode).toBe(1);
        expect(cancelled.summary).toContain('2.0.0 serves 5%');
        const { rollouts } = await emulator.state();
        expect(rollouts.find((each) => each.version === '2.0.0')?.status).toBe('paused');
      }));

    it.concurrent('rollback returns the fleet to the version that served before', () =>
      onEmulator(flags, node, async (emulator) => {
        await cancelWhileSoaking(emulator, node, { plan: planFor(profile, SLOW), 'on-cancel': 'leave' });
        const step = await rehearse({
          emulator,
          node,
          inputs: { command: 'rollback', model: 'radiology-v1', reason: 'rehearsal' },
        });
        expect(step.outputs['outcome'], step.log.join('\n')).toBe('done');
        expect(step.exitCode).toBe(0);
        const { devices } = await emulator.state();
        expect(devices.onVersion['2.0.0'] ?? 0).toBe(0);
        const again = await rehearse({ emulator, node, inputs: { plan: planFor(profile, PLAN) } });
        expect(again.outputs['reason-code'], again.log.join('\n')).toBe('version_was_rolled_back');
        expect(again.exitCode).toBe(1);
      }));

    it.concurrent("an operator's set, pause and resume do what they say, and nothing falls", () =>
      onEmulator(flags, node, async (emulator) => {
        await cancelWhileSoaking(emulator, node, { plan: planFor(profile, SLOW), 'on-cancel': 'leave' });
        const verb = (inputs: Readonly<Record<string, string>>) =>
          rehearse({ emulator, node, inputs: { model: 'radiology-v1', reason: 'INC-42', ...inputs } });
        const candidate = async () =>
          (await emulator.state()).rollouts.find((each) => each.version === '2.0.0');
        const set = await verb({ command: 'set', percentage: '25' });
        expect(set.outputs['reason-code'], set.log.join('\n')).toBe('percentage_set_by_request');
        expect(await candidate()).toMatchObject({ status: 'active', percentage: 25 });
        const paused = await verb({ command: 'pause' });
        expect(paused.outputs['reason-code'], paused.log.join('\n')).toBe('paused_by_request');
        expect(paused.summary).toContain('go on serving it');
        expect(await candidate()).toMatchObject({ status: 'paused', percentage: 25 });
        const fallen = await verb({ command: 'set', percentage: '10' });
        expect(fallen.outputs['reason-code'], fallen.log.join('\n')).toBe('percentage_would_fall');
        expect(fallen.exitCode).toBe(1);
        const resumed = await verb({ command: 'resume' });
        expect(resumed.outputs['reason-code'], resumed.log.join('\n')).toBe('resumed_by_request');
        expect([set, paused, resumed].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
        expect(await candidate()).toMatchObject({ status: 'active', percentage: 25 });
      }));

    it.concurrent('status reports the rollouts and writes nothing', () =>
      onEmulator(flags, node, async (emulator) => {
        const step = await rehearse({ emulator, node, inputs: { command: 'status', model: 'radiology-v1' } });
        expect(step.outputs['outcome'], step.log.join('\n')).toBe('done');
        expect(step.exitCode).toBe(0);
        expect(step.summary).toContain('1.0.0');
        expect((await emulator.requests()).filter((request) => request.method !== 'GET')).toEqual([]);
      }));

    it.concurrent('plan shows devices per stage and what the API can do, and writes nothing', () =>
      onEmulator(flags, node, async (emulator) => {
        const step = await rehearse({ emulator, node, inputs: { command: 'plan', plan: PLAN } });
        expect(step.outputs['outcome'], step.log.join('\n')).toBe('planned');
        expect(step.exitCode).toBe(0);
        expect(step.summary).toContain('health by version');
        expect(step.summary).toMatch(/\b31\b/);
        expect((await emulator.requests()).filter((request) => request.method !== 'GET')).toEqual([]);
      }));

    it.concurrent(
      'an answer that is cut while the rollout is read never makes the job green',
      () =>
        onEmulator(flags, node, async (emulator) => {
          await emulator.control('faults', {
            match: { method: 'GET', path: '/models' },
            times: 1000,
            kind: 'cut',
          });
          const step = await rehearse({ emulator, node, inputs: { plan: planFor(profile, PLAN) } });
          expect(step.exitCode, step.log.join('\n')).toBe(1);
          expect(step.outputs['outcome']).toBe('error');
          expect(step.outputs['reason-code']).toBe('api_unavailable');
        }),
      180_000,
    );
  });

  it.concurrent('the run after a cancelled one resumes its own pause and completes the same rollout', () =>
    onEmulator(['--scenario', 'healthy', '--profile', 'full'], node, async (emulator) => {
      await cancelWhileSoaking(emulator, node, { plan: SLOW });
      const resumed = await rehearse({ emulator, node, inputs: { plan: PLAN } });
      expect(resumed.outputs['outcome'], resumed.log.join('\n')).toBe('completed');
      const { rollouts } = await emulator.state();
      expect(rollouts.filter((each) => each.version === '2.0.0')).toHaveLength(1);
    }));

  it.concurrent('where the API keeps no reasons, no pause is taken for our own and none is lifted', () =>
    onEmulator(['--scenario', 'healthy', '--profile', 'documented'], node, async (emulator) => {
      await cancelWhileSoaking(emulator, node, { plan: SLOW + UNGATED });
      const second = await rehearse({
        emulator,
        node,
        inputs: { plan: PLAN + UNGATED },
        options: { cancelWhen: (line) => line.includes('paused by other') },
      });
      expect(second.outputs['outcome'], second.log.join('\n')).toBe('cancelled');
      const writes = (await emulator.requests()).filter((request) => request.path.endsWith('/resume'));
      expect(writes).toEqual([]);
    }));

  it.concurrent('without a health route the job stops before the first write and prints three blocks', () =>
    onEmulator(['--scenario', 'healthy', '--profile', 'documented'], node, async (emulator) => {
      const step = await rehearse({ emulator, node, inputs: { plan: PLAN } });
      expect(step.outputs['reason-code'], step.log.join('\n')).toBe('health_source_missing');
      expect(step.exitCode).toBe(1);
      expect(step.log.join('\n')).toContain('unwatched: accepted');
      expect(step.log.join('\n')).toContain('prometheus');
      expect((await emulator.requests()).filter((request) => request.method !== 'GET')).toEqual([]);
    }));

  it.concurrent('a second run of a completed rollout has nothing left to do', () =>
    onEmulator(['--scenario', 'healthy', '--profile', 'full'], node, async (emulator) => {
      const inputs = { plan: PLAN };
      await rehearse({ emulator, node, inputs });
      const again = await rehearse({ emulator, node, inputs });
      expect(again.outputs['outcome'], again.log.join('\n')).toBe('noop');
      expect(again.exitCode).toBe(0);
    }));

  it.concurrent('a plan file that is missing is named, and no key is needed to learn it', () =>
    onEmulator(['--scenario', 'healthy', '--profile', 'full'], node, async (emulator) => {
      const step = await rehearse({
        emulator,
        node,
        inputs: { command: 'plan', 'api-key': '', plan: 'missing.yml' },
      });
      expect(step.outputs['outcome'], step.log.join('\n')).toBe('invalid_plan');
      expect(step.annotations[0]?.message).toContain('missing.yml');
    }));
});
