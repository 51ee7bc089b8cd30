/** The post step against the emulator: what a killed or cancelled job left is verified, repeated, or left to others. */
import { describe, expect, it } from 'vitest';
import {
  type EmulatedRun,
  type EmulatedWorld,
  KEY,
  START,
  withEmulator,
  writesOf,
} from '../support/emulated-run.ts';

const MINUTE = 60_000;
const PLAN = 'model: radiology-v1\nversion: 2.0.0\nstages: [5%, 25%, 100%]\nsoak: 1h\nbake: 30m\n';
const UNGATED = 'gates: none\nunwatched: accepted\n';
const HOURLY = { requestsPerHour: 60, devices: 1000 };
const PROFILES = ['full', 'documented'] as const;

type Policy = 'pause' | 'leave' | 'rollback';

const planFor = (profile: (typeof PROFILES)[number]): string => (profile === 'full' ? PLAN : PLAN + UNGATED);

/** Runs a main step that leaves everything as it is after ten minutes. */
async function abandon(world: EmulatedWorld, plan: string): Promise<EmulatedRun> {
  const stop = new AbortController();
  world.at(START + 10 * MINUTE, () => stop.abort(new Error('cancelled by the test')));
  return world.run({ plan, 'on-cancel': 'leave' }, { signal: stop.signal });
}

/** What a main step with a policy would have handed over, had it been killed where this one was left. */
function killedWith(run: EmulatedRun, policy: Policy): { readonly rollout: string } {
  const handover = JSON.parse(run.shell.states.rollout ?? '{}') as object;
  return { rollout: JSON.stringify({ ...handover, onCancel: policy, intent: null, settled: false }) };
}

function statusOf({ emulator }: EmulatedWorld): unknown {
  return emulator.state().rollouts.find((each) => each['version'] === '2.0.0')?.['status'];
}

const text = ({ shell }: { readonly shell: EmulatedRun['shell'] }): string => shell.lines.join('\n');

describe.each(PROFILES)('after a job that was killed, on the %s profile', (profile) => {
  it('pauses the rollout, says what serves and how to go on', () =>
    withEmulator({ ...HOURLY, profile }, async (world) => {
      const run = await abandon(world, planFor(profile));
      const post = await world.finish(killedWith(run, 'pause'));
      expect(post.exitCode, text(post)).toBe(0);
      expect(statusOf(world)).toBe('paused');
      expect(post.shell.summary()).toContain('2.0.0 serves 5%');
      expect(post.shell.summary()).toContain('run the same workflow again');
      expect(post.shell.summary()).toContain('command: rollback');
      expect(post.shell.lines.filter((line) => line.startsWith('warn'))).toHaveLength(1);
    }));

  it('rolls back where the workflow wants that', () =>
    withEmulator({ ...HOURLY, profile }, async (world) => {
      const run = await abandon(world, planFor(profile));
      const post = await world.finish(killedWith(run, 'rollback'));
      expect(post.exitCode, text(post)).toBe(0);
      expect(post.shell.summary()).toContain('rollback to 1.0.0 is accepted');
      await world.clock.sleepUntil(world.clock.now() + 30 * MINUTE);
      expect(world.emulator.state().devices.onVersion['2.0.0'] ?? 0).toBe(0);
    }));

  it('finds and pauses a rollout whose creation was never answered', () =>
    withEmulator({ ...HOURLY, profile }, async (world) => {
      const run = await abandon(world, planFor(profile));
      const creating = run.shell.saves.find(({ key }) => key === 'rollout')?.value ?? '{}';
      expect(JSON.parse(creating)).toMatchObject({ rolloutId: null });
      const post = await world.finish(
        killedWith({ ...run, shell: { ...run.shell, states: { rollout: creating } } }, 'pause'),
      );
      expect(post.exitCode, text(post)).toBe(0);
      expect(statusOf(world)).toBe('paused');
    }));
});

describe('a pause that was not confirmed in time', () => {
  it('is repeated with its mark, so that the next run resumes it', () =>
    withEmulator(HOURLY, async (world) => {
      const { emulator, run, finish, at } = world;
      const stop = new AbortController();
      at(START + 10 * MINUTE, () => {
        emulator.queueFault({ kind: 'status', status: 403, match: { path: '/pause' } });
        stop.abort(new Error('cancelled by the test'));
      });
      const cancelled = await run({ plan: PLAN }, { signal: stop.signal });
      expect(cancelled.outcome, text(cancelled)).toBe('cancelled');
      expect(statusOf(world)).toBe('active');
      const post = await finish(cancelled.shell.states);
      expect(post.exitCode, text(post)).toBe(0);
      expect(statusOf(world)).toBe('paused');
      const next = await run({ plan: PLAN });
      expect(next.outcome, text(next)).toBe('completed');
      expect(writesOf(emulator).filter((write) => /^POST .*\/rollouts$/.test(write))).toHaveLength(1);
    }));

  it('is asked for again until the API takes it', () =>
    withEmulator(HOURLY, async (world) => {
      const run = await abandon(world, PLAN);
      world.emulator.queueFault({ kind: 'status', status: 403, times: 2, match: { path: '/pause' } });
      const post = await world.finish(killedWith(run, 'pause'));
      expect(post.exitCode, text(post)).toBe(0);
      expect(text(post)).toContain('trying again');
      expect(statusOf(world)).toBe('paused');
    }));

  it('ends red, with what still serves, when the API never takes it', () =>
    withEmulator(HOURLY, async (world) => {
      const run = await abandon(world, PLAN);
      world.emulator.queueFault({ kind: 'status', status: 403, times: 1000, match: { path: '/pause' } });
      const post = await world.finish(killedWith(run, 'pause'));
      expect(post.exitCode).toBe(1);
      expect(post.shell.errors).toHaveLength(1);
      expect(post.shell.summary()).toContain('it could not be paused, 2.0.0 serves 5%');
      expect(post.shell.summary()).toContain('command: rollback');
      const tries = writesOf(world.emulator).filter((write) => write.endsWith('/pause'));
      expect(tries.length).toBeLessThanOrEqual(6);
    }));
});

describe('a rollout on other devices than its group', () => {
  it('is paused where the main step could not pause it', () =>
    withEmulator(
      { profile: 'documented', groups: [{ name: 'beta', count: 20 }], conflicts: { group: 'ignored' } },
      async (world) => {
        world.emulator.queueFault({ kind: 'status', status: 403, match: { path: '/pause' } });
        const run = await world.run({ plan: `${PLAN}${UNGATED}group: beta\nrollback: { to: 1.0.0 }\n` });
        expect(run.reason, text(run)).toBe('group_not_confirmed');
        expect(statusOf(world)).toBe('active');
        const post = await world.finish(run.shell.states);
        expect(post.exitCode, text(post)).toBe(0);
        expect(statusOf(world)).toBe('paused');
      },
    ));
});

describe('a state that cannot be read', () => {
  it.each([
    { ended: 'cancelled', exitCode: 1, errors: 1 },
    { ended: 'completed', exitCode: 0, errors: 0 },
  ])('is never acted on, and is red only after a job that was not green: $ended', (row) =>
    withEmulator(HOURLY, async ({ finish, emulator }) => {
      const ended = JSON.stringify({ outcome: row.ended, reason: 'signalled' });
      const post = await finish({ rollout: '{"schemaVersion":1', ended });
      expect({ exitCode: post.exitCode, errors: post.shell.errors.length }).toEqual({
        exitCode: row.exitCode,
        errors: row.errors,
      });
      expect(emulator.requests).toEqual([]);
    }),
  );
});

describe('an API that answers nothing', () => {
  const STALLED = { kind: 'stall', times: 1000 } as const;

  it('ends the post step red at its deadline', () =>
    withEmulator(HOURLY, async (world) => {
      const run = await abandon(world, PLAN);
      world.emulator.queueFault(STALLED);
      const post = await world.finish(killedWith(run, 'pause'), { deadlineMs: 200 });
      expect(post.exitCode).toBe(1);
      expect(post.shell.errors[0]?.message).toContain('did not answer within');
      expect(post.shell.summary()).toContain('command: status');
    }));

  it('lets the post step be cancelled', () =>
    withEmulator(HOURLY, async (world) => {
      const run = await abandon(world, PLAN);
      world.emulator.queueFault(STALLED);
      const post = await world.finish(killedWith(run, 'pause'), { signal: AbortSignal.timeout(100) });
      expect(post.exitCode).toBe(1);
      expect(post.shell.errors).toHaveLength(1);
    }));
});

describe('a rollback that the main step could not get accepted', () => {
  it('is asked for again, and ends red with what to do when it is refused again', () =>
    withEmulator({ ...HOURLY, scenario: 'error-spike' }, async ({ emulator, run, finish }) => {
      const refuse = { kind: 'status', status: 403, times: 100_000 } as const;
      emulator.queueFault({ ...refuse, match: { method: 'POST', path: '/rollback' } });
      emulator.queueFault({ ...refuse, after: 1, match: { method: 'POST', path: /\/rollouts$/ } });
      const failed = await run({ plan: `${PLAN}rollback: { timeout: 5m }\n` });
      expect(failed.outcome, text(failed)).toBe('rollback_failed');
      const post = await finish(failed.shell.states);
      expect(post.exitCode, text(post)).toBe(1);
      expect(post.shell.errors[0]?.message).toContain('was not accepted');
      expect(post.shell.errors[0]?.message).not.toContain('POST /');
      expect(post.shell.lines.join('\n')).toContain('Tried: POST /');
      expect(post.shell.summary()).toContain('to-version: "1.0.0"');
    }));

  it.each([{ ended: null }, { ended: 'rollback_failed' }, { ended: 'cancelled' }])(
    'is accepted then, whatever on-cancel says, after an end as $ended',
    ({ ended }) =>
      withEmulator(HOURLY, async (world) => {
        const handover = JSON.parse(killedWith(await abandon(world, PLAN), 'leave').rollout) as object;
        const intent = { kind: 'roll_back', toVersion: '1.0.0' };
        const post = await world.finish({
          rollout: JSON.stringify({ ...handover, intent }),
          ...(ended === null
            ? {}
            : { ended: JSON.stringify({ outcome: ended, reason: 'rollback_refused' }) }),
        });
        expect(post.exitCode, text(post)).toBe(0);
        expect(statusOf(world)).toMatch(/^roll(ing|ed)_back$/);
      }),
  );
});

describe('the post step touches nothing', () => {
  it.each(['completed', 'held', 'rolled_back', 'superseded'] as const)(
    'and asks nothing after a job that ended as %s with all its changes confirmed',
    (outcome) =>
      withEmulator(HOURLY, async (world) => {
        const run = await abandon(world, PLAN);
        const before = world.emulator.requests.length;
        const ended = JSON.stringify({ outcome, reason: outcome });
        const post = await world.finish({ ...killedWith(run, 'rollback'), ended });
        expect(post.exitCode).toBe(0);
        expect(world.emulator.requests).toHaveLength(before);
        expect([...post.shell.lines, ...post.shell.errors, post.shell.summary()].join('')).toBe('');
      }),
  );

  it('and asks nothing where the job ended before its first write', () =>
    withEmulator(HOURLY, async ({ run, finish, emulator }) => {
      const refused = await run({ plan: PLAN, timeout: '2h' });
      const before = emulator.requests.length;
      expect(await finish(refused.shell.states)).toMatchObject({ exitCode: 0 });
      expect(emulator.requests).toHaveLength(before);
    }));

  it('of a confirmed pause that somebody has lifted meanwhile', () =>
    withEmulator(HOURLY, async (world) => {
      const stop = new AbortController();
      world.at(START + 10 * MINUTE, () => stop.abort(new Error('cancelled by the test')));
      const run = await world.run({ plan: PLAN }, { signal: stop.signal });
      world.emulator.human('resume');
      const writes = writesOf(world.emulator).length;
      const post = await world.finish(run.shell.states);
      expect(post.exitCode, text(post)).toBe(0);
      expect(post.shell.summary()).toContain('changed by others since it was paused: active');
      expect(writesOf(world.emulator)).toHaveLength(writes);
    }));

  it.each([
    { policy: 'pause', says: 'left paused: 2.0.0 serves 5%' },
    { policy: 'rollback', says: 'others have paused it' },
  ] as const)('that a person has paused, whatever on-cancel ($policy) says', ({ policy, says }) =>
    withEmulator(HOURLY, async (world) => {
      const run = await abandon(world, PLAN);
      world.emulator.human('pause');
      const writes = writesOf(world.emulator).length;
      const post = await world.finish(killedWith(run, policy));
      expect(post.exitCode, text(post)).toBe(0);
      expect(post.shell.summary()).toContain(says);
      expect(writesOf(world.emulator)).toHaveLength(writes);
    }),
  );

  it.each(['delete', 'rollback'] as const)('after a person’s %s', (action) =>
    withEmulator(HOURLY, async (world) => {
      const run = await abandon(world, PLAN);
      world.emulator.human(action);
      const writes = writesOf(world.emulator).length;
      const post = await world.finish(killedWith(run, 'pause'));
      expect(post.exitCode, text(post)).toBe(0);
      expect(post.shell.summary()).toMatch(/does not exist any more|left as the API shows it/);
      expect(writesOf(world.emulator)).toHaveLength(writes);
    }),
  );

  it.each([
    { policy: 'pause', exitCode: 0, says: 'left as the API shows it: 2.0.0 is active' },
    { policy: 'rollback', exitCode: 1, says: 'of 2.0.0 is active on the same devices' },
  ] as const)(
    'where another version is in progress, red only where on-cancel ($policy) was to roll back',
    ({ policy, exitCode, says }) =>
      withEmulator({ ...HOURLY, versions: ['1.0.0', '2.0.0', '2.1.0'] }, async (world) => {
        const handover = JSON.parse(killedWith(await abandon(world, PLAN), policy).rollout) as object;
        const writes = writesOf(world.emulator).length;
        const post = await world.finish({ rollout: JSON.stringify({ ...handover, version: '2.1.0' }) });
        expect(post.exitCode, text(post)).toBe(exitCode);
        expect(post.shell.summary()).toContain(says);
        expect(writesOf(world.emulator)).toHaveLength(writes);
      }),
  );
});

describe('what is handed over', () => {
  it('never contains the key, and is there before the first write', () =>
    withEmulator(HOURLY, async (world) => {
      const run = await abandon(world, PLAN);
      expect(run.shell.saves.length).toBeGreaterThan(1);
      expect(JSON.stringify(run.shell.saves)).not.toContain(KEY);
      expect(run.shell.saves.at(-1)).toEqual({
        key: 'ended',
        value: JSON.stringify({ outcome: 'cancelled', reason: 'signalled' }),
      });
    }));
});
