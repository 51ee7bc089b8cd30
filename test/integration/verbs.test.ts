/** What an operator's pause, resume and set do to a rollout, and what a run makes of them, over real HTTP. */
import { describe, expect, it } from 'vitest';
import type { InputKey } from '../../src/action/io-keys.ts';
import {
  type EmulatedRun,
  type EmulatedWorld,
  KEY,
  START,
  withEmulator,
  writesOf,
} from '../support/emulated-run.ts';

const MINUTE = 60_000;
const MODEL = { model: 'radiology-v1' };
const UNGATED = 'gates: none\nunwatched: accepted\n';
const GATED = 'model: radiology-v1\nversion: 2.0.0\nstages: [5%, 25%, 100%]\nsoak: 1h\nbake: 30m\n';
const PLAN = GATED + UNGATED;
const PROFILES = ['full', 'documented'] as const;

const ended = ({ outcome, reason, exitCode }: EmulatedRun) => ({ outcome, reason, exitCode });
const lines = ({ shell }: EmulatedRun) => shell.lines.join('\n');
const done = (reason: string) => ({ outcome: 'done', reason, exitCode: 0 });
const refused = (reason: string) => ({ outcome: 'invalid_input', reason, exitCode: 1 });

type Verb = Readonly<Partial<Record<InputKey, string>>>;

describe.each(PROFILES)('on the %s profile', (profile) => {
  const options = { profile, requestsPerHour: 60, devices: 1000 } as const;

  /** Runs verbs on a candidate that one look created and left at 5%. */
  const onRollout = (
    use: (world: EmulatedWorld & { verb(verb: Verb): Promise<EmulatedRun> }) => Promise<void>,
  ) =>
    withEmulator(options, async (world) => {
      const created = await world.run({ command: 'advance', plan: PLAN });
      expect(created.exitCode, lines(created)).toBe(0);
      await use({ ...world, verb: (verb) => world.run({ ...MODEL, reason: 'INC-42: odd scans', ...verb }) });
    });

  it('pauses with the reason first, and says that the devices go on serving', () =>
    onRollout(async ({ verb, emulator }) => {
      const before = writesOf(emulator).length;
      const paused = await verb({ command: 'pause' });
      expect(ended(paused), lines(paused)).toEqual(done('paused_by_request'));
      expect(
        writesOf(emulator)
          .slice(before)
          .map((each) => each.split('/').at(-1)),
      ).toEqual(['update-percentage', 'pause']);
      const note = emulator.requests.findLast((each) => each.path.endsWith('/update-percentage'));
      expect(note?.body).toEqual({ percentage: 5, reason: 'pausing by request: INC-42: odd scans' });
      expect(paused.shell.summary()).toContain('go on serving it');
      expect(paused.shell.summary()).toContain('command: resume');
      expect(paused.shell.outputs.percentage).toBe('5');
    }));

  it('writes nothing for a rollout that is paused already, and nothing for one that runs already', () =>
    onRollout(async ({ verb, emulator }) => {
      const before = writesOf(emulator).length;
      expect(ended(await verb({ command: 'resume' }))).toEqual(done('nothing_to_change'));
      expect(ended(await verb({ command: 'set', percentage: '5' }))).toEqual(done('nothing_to_change'));
      expect(writesOf(emulator)).toHaveLength(before);
      await verb({ command: 'pause' });
      const after = writesOf(emulator).length;
      expect(ended(await verb({ command: 'pause' }))).toEqual(done('nothing_to_change'));
      expect(writesOf(emulator)).toHaveLength(after);
    }));

  it('is not undone by the next run, which goes on once an operator resumes it', () =>
    onRollout(async ({ verb, run, emulator }) => {
      await verb({ command: 'pause' });
      const held = await run({ plan: PLAN, timeout: '2h40m', 'on-timeout': 'leave', 'poll-interval': '5m' });
      expect(held.outcome, lines(held)).toBe('timed_out');
      expect(lines(held)).toContain('paused by other');
      expect(writesOf(emulator).filter((each) => each.endsWith('/resume'))).toEqual([]);
      const resumed = await verb({ command: 'resume' });
      expect(ended(resumed), lines(resumed)).toEqual(done('resumed_by_request'));
      const completed = await run({ plan: PLAN, 'poll-interval': '5m' });
      expect(completed.outcome, lines(completed)).toBe('completed');
    }));

  it('raises to a percentage, which is read back, and keeps the words of the person', () =>
    onRollout(async ({ verb, emulator }) => {
      const set = await verb({ command: 'set', percentage: '40%', reason: 'ask [ops] first' });
      expect(ended(set), lines(set)).toEqual(done('percentage_set_by_request'));
      expect(set.shell.outputs.percentage).toBe('40');
      const write = emulator.requests.findLast((each) => each.path.endsWith('/update-percentage'));
      expect(write?.body).toEqual({ percentage: 40, reason: 'set by request: ask [ops] first' });
      expect(lines(set)).toContain('Set radiology-v1 2.0.0 to 40%: it was at 5%');
    }));

  it('never lowers the percentage, and prints the rollback to paste', () =>
    onRollout(async ({ verb, emulator }) => {
      const before = writesOf(emulator).length;
      const fallen = await verb({ command: 'set', percentage: '1' });
      expect(ended(fallen), lines(fallen)).toEqual(refused('percentage_would_fall'));
      expect(fallen.shell.summary()).toContain('command: rollback');
      expect(fallen.shell.errors).toHaveLength(1);
      expect(fallen.shell.errors[0]?.message).toContain('asked for 1%');
      expect(writesOf(emulator)).toHaveLength(before);
    }));

  it('sets only a stage of a plan that the step names, and says which stages it skips', () =>
    onRollout(async ({ verb, emulator }) => {
      const before = writesOf(emulator).length;
      const other = await verb({ command: 'set', percentage: '40', plan: PLAN });
      expect(ended(other), lines(other)).toEqual(refused('percentage_not_in_plan'));
      expect(other.shell.errors[0]?.message).toContain('5%, 25%, 100%');
      expect(writesOf(emulator)).toHaveLength(before);
      const last = await verb({ command: 'set', percentage: '100', plan: PLAN });
      expect(ended(last), lines(last)).toEqual(done('percentage_set_by_request'));
      expect(last.shell.summary()).toContain('nothing was judged on: 25%');
    }));

  it('says what the API says of a paused rollout that is to be raised, and leaves the pause', () =>
    onRollout(async ({ verb }) => {
      await verb({ command: 'pause' });
      const set = await verb({ command: 'set', percentage: '25' });
      expect(ended(set), lines(set)).toEqual({ outcome: 'error', reason: 'advance_refused', exitCode: 1 });
      expect(set.shell.errors[0]?.message).toContain('the API shows it paused at 5%');
    }));

  it('refuses to resume or raise a version that was rolled back, and pauses nothing', () =>
    onRollout(async ({ verb, emulator }) => {
      await verb({ command: 'rollback', 'to-version': '1.0.0' });
      const before = writesOf(emulator).length;
      const resumed = await verb({ command: 'resume', version: '2.0.0' });
      expect(resumed.exitCode, lines(resumed)).toBe(1);
      const raised = await verb({ command: 'set', version: '2.0.0', percentage: '50' });
      expect(raised.exitCode, lines(raised)).toBe(1);
      const paused = await verb({ command: 'pause', version: '2.0.0' });
      expect(lines(paused)).not.toContain('go on serving');
      expect(writesOf(emulator)).toHaveLength(before);
    }));

  it('lists what there is when the version has no rollout', () =>
    onRollout(async ({ verb }) => {
      const none = await verb({ command: 'pause', version: '3.0.0' });
      expect(ended(none), lines(none)).toEqual(refused('no_rollout_in_force'));
      expect(none.shell.errors[0]?.message).toMatch(
        /of 2\.0\.0 .*is active at 5%.*of 1\.0\.0 .*is completed/,
      );
    }));
});

describe("somebody else's decisions", () => {
  const options = { requestsPerHour: 60, devices: 1000, versions: ['3.0.0'] } as const;

  it('a pause that a cancelled run made becomes the operator’s, and no later run lifts it', () =>
    withEmulator(options, async ({ run, emulator, at, clock }) => {
      const job = new AbortController();
      at(clock.now() + 20 * MINUTE, () => job.abort(new Error('cancelled')));
      const cancelled = await run({ plan: PLAN, 'poll-interval': '5m' }, { signal: job.signal });
      expect(cancelled.outcome, lines(cancelled)).toBe('cancelled');
      const paused = await run({ ...MODEL, command: 'pause', reason: 'hold it' });
      expect(ended(paused), lines(paused)).toEqual(done('paused_by_request'));
      expect(lines(paused)).toContain('no later run resumes it');
      await run({ plan: PLAN, timeout: '2h40m', 'on-timeout': 'leave', 'poll-interval': '5m' });
      expect(writesOf(emulator).filter((each) => each.endsWith('/resume'))).toEqual([]);
    }));

  it("a person's words cannot pass for the memory of a run", () =>
    withEmulator(options, async ({ run, emulator }) => {
      await run({ command: 'advance', plan: PLAN });
      const forged = `[octomil-rollout 1 plan=a stage=1/3 run=1 at=${START / 1000} pausing=timeout]`;
      await run({ ...MODEL, command: 'pause', reason: forged });
      await run({ plan: PLAN, timeout: '2h40m', 'on-timeout': 'leave', 'poll-interval': '5m' });
      expect(writesOf(emulator).filter((each) => each.endsWith('/resume'))).toEqual([]);
    }));

  it('a rollout that a gate paused is resumed only with force and a reason', () =>
    withEmulator({ ...options, scenario: 'error-spike' }, async ({ run, emulator }) => {
      const held = await run({ plan: `${GATED}on_fail: pause\n`, 'poll-interval': '1m' });
      expect(ended(held), lines(held)).toMatchObject({ outcome: 'held', reason: 'gate_failed_paused' });
      const before = writesOf(emulator).length;
      const resumed = await run({ ...MODEL, command: 'resume', reason: 'looks fine' });
      expect(ended(resumed), lines(resumed)).toEqual(refused('paused_by_gate'));
      expect(resumed.shell.summary()).toContain('force: retry');
      expect(writesOf(emulator)).toHaveLength(before);
      const forced = await run({ ...MODEL, command: 'resume', reason: 'server was fixed', force: 'retry' });
      expect(ended(forced), lines(forced)).toEqual(done('resumed_by_request'));
    }));

  it('nothing is resumed or raised beside another version, and several in force are listed', () =>
    withEmulator(
      { ...options, conflicts: { 'second-rollout': 'when-paused' } },
      async ({ run, emulator, clock }) => {
        await run({ command: 'advance', plan: PLAN });
        await run({ ...MODEL, command: 'pause', reason: 'a better one comes' });
        await clock.sleepUntil(clock.now() + MINUTE);
        const created = await fetch(`${emulator.url}/models/mdl_radiology/rollouts`, {
          method: 'POST',
          headers: { authorization: `Bearer ${KEY}` },
          body: JSON.stringify({ version: '3.0.0', rollout_percentage: 5, start_immediately: true }),
        });
        expect(created.status).toBe(201);
        const before = writesOf(emulator).length;
        const which = await run({ ...MODEL, command: 'pause', reason: 'r' });
        expect(ended(which), lines(which)).toEqual(refused('rollout_ambiguous'));
        expect(which.shell.errors[0]?.message).toMatch(
          /of 3\.0\.0 is active at 5%.*of 2\.0\.0 is paused at 5%/,
        );
        const beside = await run({
          ...MODEL,
          command: 'resume',
          version: '2.0.0',
          reason: 'r',
          force: 'retry',
        });
        expect(ended(beside), lines(beside)).toEqual({
          outcome: 'superseded',
          reason: 'another_version',
          exitCode: 1,
        });
        expect(writesOf(emulator)).toHaveLength(before);
        const newest = await run({
          ...MODEL,
          command: 'set',
          version: '3.0.0',
          percentage: '25',
          reason: 'r',
        });
        expect(ended(newest), lines(newest)).toEqual(done('percentage_set_by_request'));
      },
    ));
});

describe('an API that does not do what it says', () => {
  const options = { requestsPerHour: 60, devices: 1000 } as const;

  it.each([
    { verb: { command: 'pause' }, path: '/pause', shows: 'asked for a pause, the API shows active at 5%' },
    {
      verb: { command: 'set', percentage: '25' },
      path: '/update-percentage',
      shows: 'asked for 25%, the API shows active at 5%',
    },
  ])(
    '$verb.command that is accepted and not shown is an error with what still serves',
    ({ verb, path, shows }) =>
      withEmulator(options, async ({ run, emulator }) => {
        await run({ command: 'advance', plan: PLAN });
        emulator.queueFault({ kind: 'status', status: 200, match: { method: 'POST', path } });
        const result = await run({ ...MODEL, reason: 'r', ...verb });
        expect(ended(result), lines(result)).toEqual({
          outcome: 'error',
          reason: 'change_not_confirmed',
          exitCode: 1,
        });
        expect(result.shell.errors[0]?.message).toContain(shows);
        expect(result.shell.summary()).toContain('2.0.0 serves 5% of the devices');
        expect(result.shell.summary()).toContain('command: rollback');
      }),
  );

  it('resume that is accepted and not shown is an error', () =>
    withEmulator(options, async ({ run, emulator }) => {
      await run({ command: 'advance', plan: PLAN });
      await run({ ...MODEL, command: 'pause', reason: 'r' });
      emulator.queueFault({ kind: 'status', status: 200, match: { method: 'POST', path: '/resume' } });
      const result = await run({ ...MODEL, command: 'resume', reason: 'r' });
      expect(ended(result), lines(result)).toMatchObject({ reason: 'change_not_confirmed', exitCode: 1 });
      expect(result.shell.errors[0]?.message).toContain('the API shows paused at 5%');
    }));

  it('a pause whose answer is lost is found by looking, and is done', () =>
    withEmulator(options, async ({ run, emulator }) => {
      await run({ command: 'advance', plan: PLAN });
      emulator.queueFault({ kind: 'reset-after-commit', match: { method: 'POST', path: '/pause' } });
      const result = await run({ ...MODEL, command: 'pause', reason: 'r' });
      expect(ended(result), lines(result)).toEqual(done('paused_by_request'));
      expect(writesOf(emulator).filter((each) => each.endsWith('/pause'))).toHaveLength(1);
    }));

  it('a pause that fails for good says what still serves, with the request id of the API', () =>
    withEmulator(options, async ({ run, emulator }) => {
      await run({ command: 'advance', plan: PLAN });
      emulator.queueFault({
        kind: 'status',
        status: 403,
        times: 100,
        match: { method: 'POST', path: '/pause' },
      });
      const result = await run({ ...MODEL, command: 'pause', reason: 'r' });
      expect(result.exitCode, lines(result)).toBe(1);
      expect(result.outcome).toBe('error');
      expect(result.shell.errors[0]?.message).toMatch(/\(request req_\w+\).*the API shows it active at 5%/);
      expect(result.shell.summary()).toContain('2.0.0 serves 5% of the devices');
    }));

  it('a pause goes on where the API refuses the note of the reason, and says so', () =>
    withEmulator(options, async ({ run, emulator }) => {
      await run({ command: 'advance', plan: PLAN });
      emulator.queueFault({
        kind: 'status',
        status: 409,
        match: { method: 'POST', path: '/update-percentage' },
      });
      const result = await run({ ...MODEL, command: 'pause', reason: 'INC-42' });
      expect(ended(result), lines(result)).toEqual(done('paused_by_request'));
      expect(result.shell.summary()).toContain('the API keeps no note of the reason');
      expect(result.shell.summary()).toContain('the reason given: INC-42');
    }));
});
