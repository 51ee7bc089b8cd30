/** Real signals on the bundles: what a cancelled or killed job leaves, and what its post step makes of it. */
import { describe, expect, it } from 'vitest';
import type { RunOptions, StepResult } from '../../scripts/stand-in-runner.mjs';
import { API_KEY, type EmulatorProcess, rehearse, startEmulatorProcess } from '../support/rehearsal.ts';
import { findRuntimes } from '../support/runtimes.ts';

const PLAN = 'model: radiology-v1\nversion: 2.0.0\nstages: [5%, 25%, 100%]\nsoak: 5m\nbake: 3s\n';
const UNGATED = 'gates: none\nunwatched: accepted\n';
const FLEET = ['--devices', '124', '--requests-per-hour', '36000', '--sync-seconds', '1', '--seed', '7'];
const PROFILES = ['full', 'documented'] as const;
/** Less than the 7.5 s that the runner gives a background step; a main step that takes longer is killed. */
const SHORT_GRACE = { interruptMs: 6_000, terminateMs: 100 };
const MASK = `::add-mask::${API_KEY}`;

const planFor = (profile: (typeof PROFILES)[number]): string => (profile === 'full' ? PLAN : PLAN + UNGATED);
const logOf = (step: StepResult): string => [...step.log, '--- post', ...(step.post?.log ?? [])].join('\n');
const isSoaking = (line: string): boolean => line.includes('soaking');

async function onEmulator(
  flags: readonly string[],
  node: string,
  use: (emulator: EmulatorProcess) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulatorProcess(['--scenario', 'healthy', ...flags, ...FLEET], node);
  try {
    await use(emulator);
  } finally {
    await emulator.stop();
  }
}

async function candidateStatus(emulator: EmulatorProcess): Promise<string | undefined> {
  const { rollouts } = await emulator.state();
  return rollouts.find((each) => each.version === '2.0.0')?.status;
}

describe.each(findRuntimes())('on Node $version', ({ path: node }) => {
  const rehearsal = (
    emulator: EmulatorProcess,
    plan: string,
    options: Partial<RunOptions>,
    inputs: Readonly<Record<string, string>> = {},
  ): Promise<StepResult> => rehearse({ emulator, node, inputs: { plan, ...inputs }, options });

  describe.each(PROFILES)('on the %s profile', (profile) => {
    const flags = ['--profile', profile];

    it.concurrent('a killed job is paused by its post step, which says what serves', () =>
      onEmulator(flags, node, async (emulator) => {
        const step = await rehearsal(emulator, planFor(profile), {
          killWhen: (line) => line.includes('created rollout'),
        });
        expect(step).toMatchObject({ signal: 'SIGKILL', conclusion: 'failure', outputs: {} });
        expect(step.post?.exitCode, logOf(step)).toBe(0);
        expect(step.post?.summary).toContain('2.0.0 serves 5%');
        expect(step.post?.annotations).toHaveLength(1);
        expect(await candidateStatus(emulator)).toBe('paused');
      }));

    it.concurrent('a cancelled job pauses by itself, and its post step only verifies', () =>
      onEmulator(flags, node, async (emulator) => {
        const step = await rehearsal(emulator, planFor(profile), { cancelWhen: isSoaking });
        expect(step.outputs['outcome'], logOf(step)).toBe('cancelled');
        expect(step.post).toMatchObject({ exitCode: 0, annotations: [], summary: '' });
        expect(step.post?.log.join('\n')).toContain('still paused: 2.0.0 serves 5%');
        const pauses = (await emulator.requests()).filter(({ path }) => path.endsWith('/pause'));
        expect(pauses).toHaveLength(1);
      }));
  });

  it.concurrent('an API that hangs leaves the pause to the post step, long before the runner would kill', () =>
    onEmulator(['--profile', 'full'], node, async (emulator) => {
      await emulator.control('faults', { kind: 'stall', after: 1, match: { path: '/update-percentage' } });
      const step = await rehearsal(emulator, PLAN, { cancelWhen: isSoaking, grace: SHORT_GRACE });
      expect(step, logOf(step)).toMatchObject({ exitCode: 1, signal: null });
      expect(step.outputs['outcome'], logOf(step)).toBe('cancelled');
      expect(step.summary).toContain('did not answer within 3s');
      expect(step.post?.exitCode, logOf(step)).toBe(0);
      expect(step.post?.summary).toContain('paused: 2.0.0 serves 5%');
      expect(await candidateStatus(emulator)).toBe('paused');
    }));

  it.concurrent('a rollback that on-cancel wants is accepted for the killed job by its post step', () =>
    onEmulator(['--profile', 'full'], node, async (emulator) => {
      const step = await rehearsal(emulator, PLAN, { killWhen: isSoaking }, { 'on-cancel': 'rollback' });
      expect(step.post?.exitCode, logOf(step)).toBe(0);
      expect(step.post?.summary).toContain('rollback to 1.0.0 is accepted');
      expect(await candidateStatus(emulator)).toMatch(/^roll(ing|ed)_back$/);
    }));

  it.concurrent('the post step of a job without a rollout says and asks nothing, and no state holds the key', () =>
    onEmulator(['--profile', 'full'], node, async (emulator) => {
      const planned = await rehearsal(emulator, PLAN, {}, { command: 'plan' });
      expect(planned.post).toMatchObject({ exitCode: 0, rawLines: [MASK], annotations: [], summary: '' });
      const cancelled = await rehearsal(emulator, PLAN, { cancelWhen: isSoaking });
      expect(JSON.stringify(cancelled.post?.state)).toContain('rolloutId');
      expect(JSON.stringify([cancelled.state, cancelled.post?.state])).not.toContain(API_KEY);
      const leaks = cancelled.post?.rawLines.filter((line) => line.includes(API_KEY) && line !== MASK);
      expect(leaks).toEqual([]);
    }));
});
