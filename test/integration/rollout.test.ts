/** Whole rollouts of hours in virtual time, over real HTTP, on what people and servers do meanwhile. */
import { describe, expect, it } from 'vitest';
import type { Switches } from '../../src/emulator/switches.ts';
import { type EmulatedRun, START, withEmulator, writesOf } from '../support/emulated-run.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const IDENTITY = 'model: radiology-v1\nversion: 2.0.0\n';
const PLAN = `${IDENTITY}stages: [5%, 25%, 100%]\nsoak: 1h\nbake: 30m\n`;
const UNGATED = 'gates: none\nunwatched: accepted\n';
const HOURLY = { requestsPerHour: 60, devices: 1000 };

const ended = ({ outcome, reason, exitCode }: EmulatedRun) => ({ outcome, reason, exitCode });
const lines = ({ shell }: EmulatedRun) => shell.lines.join('\n');

describe('a healthy rollout', () => {
  it('completes stage by stage, each no sooner than its soak', () =>
    withEmulator(HOURLY, async ({ run, emulator, clock }) => {
      const result = await run({ plan: PLAN });
      expect(ended(result), lines(result)).toEqual({
        outcome: 'completed',
        reason: 'completed',
        exitCode: 0,
      });
      expect(clock.now() - START).toBeGreaterThanOrEqual(2.5 * HOUR);
      const percentages = emulator.requests
        .filter((each) => each.path.endsWith('/update-percentage'))
        .map((each) => (each.body as { percentage: number }).percentage);
      expect(percentages).toEqual([5, 25, 100]);
    }));

  it.each(['standard', 'canary', 'blue-green', 'linear', 'shadow'])(
    'completes with preset %s and no plan',
    (preset) =>
      withEmulator(HOURLY, async ({ run }) => {
        const result = await run({ model: 'radiology-v1', version: '2.0.0', preset, timeout: '1d' });
        expect(ended(result), lines(result)).toEqual({
          outcome: 'completed',
          reason: 'completed',
          exitCode: 0,
        });
      }),
  );

  it('completes with nothing but model and version', () =>
    withEmulator(HOURLY, async ({ run }) => {
      const result = await run({ model: 'radiology-v1', version: '2.0.0' });
      expect(ended(result), lines(result)).toEqual({
        outcome: 'completed',
        reason: 'completed',
        exitCode: 0,
      });
    }));

  it("completes with the vendor's three percentages", () =>
    withEmulator(HOURLY, async ({ run, emulator }) => {
      const result = await run({
        model: 'radiology-v1',
        version: '2.0.0',
        'rollout-percentage': '20',
        'increment-step': '40',
        timeout: '1d',
      });
      expect(ended(result), lines(result)).toMatchObject({ outcome: 'completed' });
      const percentages = emulator.requests
        .filter((each) => each.path.endsWith('/update-percentage'))
        .map((each) => (each.body as { percentage: number }).percentage);
      expect(percentages).toEqual([20, 60, 100]);
    }));

  it('asks at most five things at a look, and for an earlier stage only until its totals are final', () =>
    withEmulator({ ...HOURLY }, async ({ run, emulator }) => {
      const result = await run({ plan: PLAN, 'poll-interval': '5m' });
      const report = JSON.parse(result.shell.outputs.decision ?? '{}') as { outcome: string };
      expect(report.outcome).toBe('completed');
      const looks = result.shell.lines.filter((line) => /^info stage \d/.test(line)).length;
      const asked = emulator.requests.filter((each) => /\/rollouts\/[^/]+(\/health)?$/.test(each.path));
      const readBacks = 2 * writesOf(emulator).length;
      const windows = asked.filter(({ query }) => 'to' in query).map(({ query }) => JSON.stringify(query));
      const times = new Map(windows.map((query) => [query, windows.filter((each) => each === query).length]));
      const again = [...times.values()].reduce((sum, count) => sum + count - 1, 0);
      expect(Math.max(...times.values())).toBeLessThanOrEqual(3);
      expect(asked.length - again).toBeLessThanOrEqual(5 * looks + readBacks + 2);
    }));
});

describe('a documented API', () => {
  it('completes without health, devices or history when nobody expects gates', () =>
    withEmulator({ ...HOURLY, profile: 'documented' }, async ({ run }) => {
      const result = await run({ plan: PLAN + UNGATED });
      expect(ended(result), lines(result)).toEqual({
        outcome: 'completed',
        reason: 'completed_unconfirmed_devices',
        exitCode: 0,
      });
    }));

  it('stops before the first write when gates need the health route', () =>
    withEmulator({ profile: 'documented' }, async ({ run, emulator }) => {
      const result = await run({ plan: PLAN });
      expect(ended(result)).toEqual({ outcome: 'error', reason: 'health_source_missing', exitCode: 1 });
      expect(writesOf(emulator)).toEqual([]);
    }));

  it('pauses a grouped rollout that the API does not confirm', () =>
    withEmulator(
      { profile: 'documented', groups: [{ name: 'beta', count: 20 }], conflicts: { group: 'ignored' } },
      async ({ run, emulator }) => {
        const result = await run({ plan: `${PLAN}${UNGATED}group: beta\nrollback: { to: 1.0.0 }\n` });
        expect(ended(result), lines(result)).toEqual({
          outcome: 'held',
          reason: 'group_not_confirmed',
          exitCode: 1,
        });
        expect(writesOf(emulator).at(-1)).toMatch(/\/pause$/);
      },
    ));
});

describe('proven harm', () => {
  it.each<[title: string, conflicts: Partial<Switches>]>([
    ['the rollback route', {}],
    ['a rollout of the old version', { 'rollback-route': 'absent', 'second-rollout': 'accepted' }],
    [
      'a rollout of the old version after a conflict',
      { 'rollback-route': 'absent', 'second-rollout': '409' },
    ],
  ])('rolls the fleet back by %s and counts the devices', (_title, conflicts) =>
    withEmulator({ ...HOURLY, scenario: 'error-spike', conflicts }, async ({ run, emulator }) => {
      const result = await run({ plan: PLAN });
      expect(result.outcome, lines(result)).toBe('rolled_back');
      expect(result.reason).toBe('gate_failed');
      expect(result.exitCode).toBe(1);
      expect(result.shell.errors).toHaveLength(1);
      expect(result.shell.errors[0]?.message).toMatch(/error rate \d/);
      const { devices } = emulator.state();
      expect(devices.onVersion['2.0.0'] ?? 0).toBe(0);
    }),
  );

  it('acts while somebody has paused the rollout', () =>
    withEmulator(
      { ...HOURLY, scenario: 'slow-burn', scenarioSettings: { stageSoakMs: 3_600_000 } },
      async ({ run, at }) => {
        at(START + 65 * MINUTE, (emulator) => emulator.human('pause'));
        const result = await run({ plan: PLAN });
        expect(ended(result), lines(result)).toEqual({
          outcome: 'rolled_back',
          reason: 'gate_failed',
          exitCode: 1,
        });
        expect(lines(result)).toContain('paused by other');
      },
    ));

  it('only pauses when the plan says so, and says what still serves', () =>
    withEmulator({ ...HOURLY, scenario: 'error-spike' }, async ({ run, emulator }) => {
      const result = await run({ plan: `${PLAN}on_fail: pause\n` });
      expect(ended(result), lines(result)).toEqual({
        outcome: 'held',
        reason: 'gate_failed_paused',
        exitCode: 1,
      });
      expect(writesOf(emulator).at(-1)).toMatch(/\/pause$/);
      expect(result.shell.summary()).toContain('25%');
    }));

  it('is reported as rollback_failed when the API never accepts the rollback', () =>
    withEmulator({ ...HOURLY, scenario: 'error-spike' }, async ({ run, emulator }) => {
      emulator.queueFault({
        match: { method: 'POST', path: '/rollback' },
        times: 100_000,
        kind: 'status',
        status: 500,
      });
      emulator.queueFault({
        match: { method: 'POST', path: /\/rollouts$/ },
        times: 100_000,
        kind: 'status',
        status: 422,
        after: 1,
      });
      const result = await run({ plan: PLAN });
      expect(ended(result), lines(result)).toEqual({
        outcome: 'rollback_failed',
        reason: 'rollback_refused',
        exitCode: 1,
      });
      const sentence =
        /2\.0\.0 may still serve up to \d+% of the devices \([\d ]+ of [\d ]+\); the rollback of radiology-v1 2\.0\.0 to 1\.0\.0 failed: the API did not accept it; roll back by hand with command: rollback\./;
      const { summary, errors, lines: log } = result.shell;
      expect(summary().split('\n')[1]).toMatch(sentence);
      expect(errors[0]?.message.split('\n')[0]).toMatch(sentence);
      expect(log.find((line) => line.includes('may still serve up to'))).toMatch(sentence);
      expect(JSON.parse(result.report).sentence).toMatch(sentence);
      expect(summary()).toContain('Tried: ');
    }));
});

describe('what others do', () => {
  it("waits while somebody's pause is in force and goes on when it is lifted", () =>
    withEmulator(HOURLY, async ({ run, at, emulator }) => {
      at(START + 10 * MINUTE, (it) => it.human('pause'));
      at(START + 90 * MINUTE, (it) => it.human('resume'));
      const result = await run({ plan: PLAN });
      expect(result.outcome, lines(result)).toBe('completed');
      expect(writesOf(emulator).filter((write) => write.endsWith('/resume'))).toEqual([]);
    }));

  it('follows a percentage that somebody raised, and soaks there', () =>
    withEmulator(HOURLY, async ({ run, at, emulator }) => {
      at(START + 10 * MINUTE, (it) => it.human('percentage', 40));
      const result = await run({ plan: PLAN });
      expect(result.outcome, lines(result)).toBe('completed');
      const percentages = emulator.requests
        .filter((each) => each.path.endsWith('/update-percentage'))
        .map((each) => (each.body as { percentage: number }).percentage);
      expect(percentages).toEqual([5, 100]);
    }));

  it.each([
    ['deletes it', 'delete', 'superseded', 'rollout_gone'],
    ['rolls it back', 'rollback', 'rolled_back', 'rolled_back_by_server'],
  ] as const)('ends when somebody %s', (_title, action, outcome, reason) =>
    withEmulator(HOURLY, async ({ run, at }) => {
      at(START + 10 * MINUTE, (it) => it.human(action));
      const result = await run({ plan: PLAN });
      expect(ended(result), lines(result)).toEqual({ outcome, reason, exitCode: 1 });
    }),
  );

  it('refuses beside another version in progress, and takes its place only when told to', () =>
    withEmulator(
      { ...HOURLY, versions: ['1.0.0', '2.0.0', '2.1.0'] },
      async ({ run, emulator, at, clock }) => {
        const stop = new AbortController();
        at(START + 10 * MINUTE, () => stop.abort(new Error('cancelled by the test')));
        const first = await run({ plan: PLAN, 'on-cancel': 'leave' }, { signal: stop.signal });
        expect(first.outcome, lines(first)).toBe('cancelled');
        const before = writesOf(emulator).length;
        const refused = await run({ plan: PLAN.replace('2.0.0', '2.1.0') });
        expect(ended(refused), lines(refused)).toEqual({
          outcome: 'superseded',
          reason: 'another_version',
          exitCode: 1,
        });
        expect(writesOf(emulator)).toHaveLength(before);
        const replaced = await run({
          plan: `${PLAN.replace('2.0.0', '2.1.0')}on_superseded: replace\n`,
          timeout: '1d',
        });
        expect(ended(replaced), lines(replaced)).toEqual({
          outcome: 'completed',
          reason: 'completed',
          exitCode: 0,
        });
        expect(replaced.shell.outputs['previous-version']).toBe('1.0.0');
        expect(clock.now()).toBeGreaterThan(START);
      },
    ));
});

describe('a job that ends first', () => {
  it('pauses at its timeout, and the next run resumes and completes without a second rollout', () =>
    withEmulator(HOURLY, async ({ run, emulator }) => {
      const first = await run({ plan: `${PLAN}min_samples: 5000\nmax_wait: 20h\n`, timeout: '3h' });
      expect(ended(first), lines(first)).toEqual({
        outcome: 'timed_out',
        reason: 'job_time_over',
        exitCode: 1,
      });
      expect(writesOf(emulator).at(-1)).toMatch(/\/pause$/);
      const second = await run({ plan: PLAN });
      expect(second.outcome, lines(second)).toBe('completed');
      expect(writesOf(emulator).filter((write) => /^POST .*\/rollouts$/.test(write))).toHaveLength(1);
    }));

  it('refuses a plan that cannot fit, before the first write', () =>
    withEmulator(HOURLY, async ({ run, emulator }) => {
      const result = await run({ plan: PLAN, timeout: '2h' });
      expect(ended(result)).toEqual({ outcome: 'invalid_plan', reason: 'plan_exceeds_timeout', exitCode: 1 });
      expect(writesOf(emulator)).toEqual([]);
    }));
});

describe('memory', () => {
  it('a rollback that names no group takes back a group’s rollout with its group', () =>
    withEmulator(
      { ...HOURLY, groups: [{ name: 'beta', count: 40 }] },
      async ({ run, emulator, clock, at }) => {
        const stop = new AbortController();
        at(clock.now() + 5 * MINUTE, () => stop.abort());
        const first = await run(
          { plan: PLAN, group: 'beta', 'to-version': '1.0.0', 'on-cancel': 'leave' },
          { signal: stop.signal },
        );
        expect(first.outcome, lines(first)).toBe('cancelled');
        const undone = await run({
          command: 'rollback',
          model: 'radiology-v1',
          'to-version': '1.0.0',
          reason: 'test',
        });
        expect(undone.outcome, lines(undone)).toBe('done');
        const asked = emulator.requests.find(
          ({ method, path }) => method === 'POST' && path.endsWith('/rollback'),
        );
        expect(asked?.body).toMatchObject({ to_version: '1.0.0', group: expect.stringMatching(/./) });
      },
    ));

  it('finds nothing left to do after completion, and refuses a version that was rolled back', () =>
    withEmulator(HOURLY, async ({ run }) => {
      await run({ plan: PLAN });
      const again = await run({ plan: PLAN });
      expect(ended(again), lines(again)).toEqual({
        outcome: 'noop',
        reason: 'already_completed',
        exitCode: 0,
      });
      const undone = await run({ command: 'rollback', model: 'radiology-v1', reason: 'test' });
      expect(ended(undone), lines(undone)).toMatchObject({ outcome: 'done', exitCode: 0 });
      const refused = await run({ plan: PLAN });
      expect(ended(refused), lines(refused)).toEqual({
        outcome: 'superseded',
        reason: 'version_was_rolled_back',
        exitCode: 1,
      });
      const forced = await run({ plan: PLAN, force: 'retry', reason: 'fixed on the server' });
      expect(forced.outcome, lines(forced)).toBe('completed');
    }));

  it('needs a version to return to for a first rollout, or a plan that pauses', () =>
    withEmulator({ ...HOURLY, firstEver: true }, async ({ run, emulator }) => {
      const refused = await run({ plan: PLAN });
      expect(ended(refused)).toEqual({
        outcome: 'invalid_input',
        reason: 'previous_version_missing',
        exitCode: 1,
      });
      expect(writesOf(emulator)).toEqual([]);
      const paused = await run({ plan: `${PLAN}on_fail: pause\n` });
      expect(paused.outcome, lines(paused)).toBe('completed');
      expect(lines(paused)).toContain('no version to roll back to');
    }));
});

describe('every conflict of the vendor’s documents', () => {
  it.each([
    ['rollout-id', 'integer'],
    ['id-field', 'id'],
    ['percentage-field', 'rollout_percentage'],
    ['percentage-field', 'current_percentage'],
    ['list', 'bare'],
    ['list', 'items'],
    ['list', 'data'],
    ['active-route', 'absent'],
    ['rollback-route', 'absent'],
    ['affected-devices', 'count'],
    ['affected-devices', 'list'],
    ['affected-devices', 'absent'],
    ['history', 'bare'],
    ['history', 'absent'],
    ['group', 'silent'],
    ['second-rollout', 'accepted'],
    ['start-immediately', 'ignored'],
    ['verbs', 'empty'],
    ['completed', 'never'],
    ['timestamps', 'absent'],
    ['versions-as', 'integer'],
  ])('completes a rollout with %s=%s', (name, value) =>
    withEmulator({ ...HOURLY, conflicts: { [name]: value } }, async ({ run }) => {
      const integer = name === 'versions-as' ? PLAN.replace('2.0.0', '2') : PLAN;
      const result = await run({ plan: integer });
      expect(result.outcome, lines(result)).toBe('completed');
    }),
  );
});
