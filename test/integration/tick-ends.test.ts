/** A tick that is cancelled or killed: the rollout stays as watched as it was, and what was begun is ended. */
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/core/units.ts';
import type { EmulatorOptions } from '../../src/emulator/emulator-options.ts';
import { type EmulatedRun, type EmulatedWorld, withEmulator, writesOf } from '../support/emulated-run.ts';

const PLAN = 'model: radiology-v1\nversion: 2.0.0\nstages: [10%, 50%, 100%]\nsoak: 1h\nbake: 30m\n';
const FLEET: Partial<EmulatorOptions> = { devices: 1_000, requestsPerHour: 60, syncMs: 30_000 };
const HARM: Partial<EmulatorOptions> = {
  ...FLEET,
  scenario: 'error-spike',
  scenarioSettings: { atPercentage: 50 },
};
const POLICIES = ['pause', 'rollback'] as const;

const text = ({ shell }: Pick<EmulatedRun, 'shell'>): string => [...shell.lines, shell.summary()].join('\n');

function candidate({ emulator }: EmulatedWorld): Readonly<Record<string, unknown>> | undefined {
  return emulator.state().rollouts.find((each) => each['version'] === '2.0.0');
}

/** Ticks at the given minutes after the start. */
async function tickAt(world: EmulatedWorld, minutes: readonly number[]): Promise<readonly EmulatedRun[]> {
  const start = world.clock.now();
  const runs: EmulatedRun[] = [];
  for (const minute of minutes) {
    await world.clock.sleepUntil(start + minute * MINUTE_MS);
    runs.push(await world.run({ command: 'advance', plan: PLAN }));
  }
  return runs;
}

/** What a tick would have handed over had it been killed just before its end. */
function killed({ shell }: EmulatedRun): Readonly<{ rollout: string }> {
  return { rollout: shell.states.rollout ?? '' };
}

describe('a tick that is cancelled', () => {
  it.each(POLICIES)(
    'while it waits for an answer leaves the rollout, whatever on-cancel (%s) says',
    (policy) =>
      withEmulator(FLEET, async (world) => {
        await tickAt(world, [0]);
        const stop = new AbortController();
        const writes = writesOf(world.emulator).length;
        world.emulator.queueFault({
          kind: 'hang-before',
          after: 7,
          onHit: () => stop.abort(new Error('cancelled by the test')),
        });
        const inputs = { command: 'advance', plan: PLAN, 'on-cancel': policy };
        const tick = await world.run(inputs, { signal: stop.signal });
        expect(tick, text(tick)).toMatchObject({ exitCode: 1, outcome: 'cancelled' });
        expect(text(tick)).toContain('left as it is: 2.0.0 serves 10%');
        expect(text(tick)).toContain('the next tick takes the rollout on');
        expect(text(tick)).not.toContain('run the same workflow again');
        const post = await world.finish(tick.shell.states, { inputs });
        expect(post.exitCode, text(post)).toBe(0);
        expect(writesOf(world.emulator)).toHaveLength(writes);
        expect(candidate(world)).toMatchObject({ status: 'active', percentage: 10 });
      }),
  );
});

describe('a tick that is killed', () => {
  it('is followed by a post step that says what serves and changes nothing, and by a tick that goes on', () =>
    withEmulator(FLEET, async (world) => {
      const [tick] = await tickAt(world, [0]);
      const writes = writesOf(world.emulator).length;
      const inputs = { command: 'advance', plan: PLAN } as const;
      const post = await world.finish(killed(tick as EmulatedRun), { inputs });
      expect(post.exitCode, text(post)).toBe(0);
      expect(post.shell.summary()).toContain('left as it is: 2.0.0 serves 10%');
      expect(post.shell.summary()).toContain('the next tick takes the rollout on');
      expect(post.shell.summary()).not.toContain('run the same workflow again');
      expect(writesOf(world.emulator)).toHaveLength(writes);
      const [next] = await tickAt(world, [65]);
      expect(next).toMatchObject({ outcome: 'advanced', reason: 'stage_passed' });
    }));

  it('between its proof of harm and the rollback has it asked for by its post step', () =>
    withEmulator(HARM, async (world) => {
      await tickAt(world, [0, 65]);
      const refused = { kind: 'status', status: 403 } as const;
      world.emulator.queueFault({ ...refused, match: { method: 'POST', path: '/rollback' } });
      world.emulator.queueFault({ ...refused, match: { method: 'POST', path: /\/rollouts$/ } });
      const [tick] = await tickAt(world, [20]);
      expect(tick).toMatchObject({ exitCode: 1, outcome: 'rollback_failed' });
      const post = await world.finish(killed(tick as EmulatedRun));
      expect(post.exitCode, text(post)).toBe(0);
      expect(post.shell.summary()).toContain('rollback to 1.0.0 is accepted');
      const [next] = await tickAt(world, [30]);
      expect(next).toMatchObject({ exitCode: 0, outcome: 'noop', reason: 'rolled_back_earlier' });
    }));
});

describe('a tick that is killed after it deleted the candidate to make room for the old version', () => {
  it('has the old version restored by its post step', () =>
    withEmulator({ ...HARM, conflicts: { 'rollback-route': 'absent' } }, async (world) => {
      await tickAt(world, [0, 65]);
      const deleted = { method: 'POST', path: /\/rollouts$/ };
      world.emulator.queueFault({ kind: 'status', status: 403, after: 1, match: deleted });
      const [tick] = await tickAt(world, [20]);
      expect(tick, text(tick as EmulatedRun)).toMatchObject({ exitCode: 1, outcome: 'rollback_failed' });
      expect(candidate(world)).toBeUndefined();
      expect(tick?.shell.summary()).toMatch(/version: "2\.0\.0"\n +to-version: "1\.0\.0"/);
      const post = await world.finish(killed(tick as EmulatedRun));
      expect(post.exitCode, text(post)).toBe(0);
      await world.clock.sleepUntil(world.clock.now() + 30 * MINUTE_MS);
      expect(world.emulator.state().devices.onVersion['2.0.0'] ?? 0).toBe(0);
    }));
});

describe('harm that only pauses', () => {
  const plan = `${PLAN}on_fail: pause\n`;
  const harm = { ...HARM, scenarioSettings: { atPercentage: 10 } };
  const tick = (world: EmulatedWorld): Promise<EmulatedRun> => world.run({ command: 'advance', plan });

  it('is written down by the tick that proves it, and found as it was by later ones', () =>
    withEmulator(harm, async (world) => {
      await tick(world);
      await world.clock.sleepUntil(world.clock.now() + 40 * MINUTE_MS);
      expect((await tick(world)).reason).toBe('gate_failed_paused');
      const writes = writesOf(world.emulator).length;
      await world.clock.sleepUntil(world.clock.now() + 15 * MINUTE_MS);
      const later = await tick(world);
      expect([later.outcome, later.reason, later.exitCode]).toEqual(['held', 'gate_failed_paused', 1]);
      expect(text(later)).toContain('still paused at 10%');
      expect(writesOf(world.emulator)).toHaveLength(writes);
    }));

  it('is written down again after somebody has resumed the rollout', () =>
    withEmulator(harm, async (world) => {
      await tick(world);
      await world.clock.sleepUntil(world.clock.now() + 40 * MINUTE_MS);
      await tick(world);
      world.emulator.human('resume');
      await world.clock.sleepUntil(world.clock.now() + 15 * MINUTE_MS);
      expect((await tick(world)).reason).toBe('gate_failed_paused');
      expect(candidate(world)?.['status']).toBe('paused');
      const resumed = await world.run({ command: 'resume', model: 'radiology-v1', reason: 'let it go on' });
      expect(resumed.reason).toBe('paused_by_gate');
    }));
});

describe('a schedule that comes late', () => {
  it('judges the whole window after seven hours and moves one stage only', () =>
    withEmulator(FLEET, async (world) => {
      const [, late, next] = await tickAt(world, [0, 420, 421]);
      expect(late).toMatchObject({ outcome: 'advanced', reason: 'stage_passed' });
      // 100 devices, 60 requests an hour each: all seven hours of them.
      const [, total] =
        /error rate [\d.]+% \(\d+ of ([\d ]+) requests\)/.exec(text(late as EmulatedRun)) ?? [];
      expect(Number(total?.replaceAll(/\s/g, ''))).toBeGreaterThan(0.9 * 100 * 60 * 7);
      expect(next).toMatchObject({ outcome: 'waiting', reason: 'soaking' });
      expect(candidate(world)).toMatchObject({ percentage: 50 });
    }));

  it('rolls back on harm of the first hours, although the last ones were quiet', () =>
    withEmulator(HARM, async (world) => {
      const [, , late] = await tickAt(world, [0, 65, 65 + 420]);
      expect(late).toMatchObject({ exitCode: 1, outcome: 'rolling_back', reason: 'gate_failed' });
    }));
});

describe('two ticks at the same time', () => {
  it('raise once and roll out once', () =>
    withEmulator(FLEET, async (world) => {
      await tickAt(world, [0]);
      await world.clock.sleepUntil(world.clock.now() + 65 * MINUTE_MS);
      const inputs = { command: 'advance', plan: PLAN } as const;
      const both = await Promise.all([world.run(inputs), world.run(inputs)]);
      for (const { exitCode } of both) expect(exitCode).toBe(0);
      const entered = world.emulator.state().past.filter(({ version }) => version === '2.0.0');
      expect(entered.map((each) => each.entered.map(({ percentage }) => percentage))).toEqual([[10, 50]]);
    }));
});

describe('the time of the next look', () => {
  it('is not before the tick would find something due', () =>
    withEmulator(FLEET, async (world) => {
      await world.clock.sleepUntil(world.clock.now() + 350);
      const [first] = await tickAt(world, [0]);
      expect(first?.shell.outputs['next-look-at']).toBe('2026-11-20T10:30:01Z');
    }));
});
