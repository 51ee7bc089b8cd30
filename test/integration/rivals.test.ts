/** What others do to a rollout between two looks, over real HTTP and in virtual time, on both profiles of the emulator. */
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/core/units.ts';
import type { EmulatorOptions } from '../../src/emulator/emulator-options.ts';
import type { Emulator } from '../../src/emulator/server.ts';
import type { ProfileName } from '../../src/emulator/switches.ts';
import {
  type EmulatedRun,
  type EmulatedWorld,
  type RunOptions,
  withEmulator,
  writesOf,
} from '../support/emulated-run.ts';

const PLAN = 'model: radiology-v1\nversion: 2.0.0\nstages: [10%, 50%, 100%]\nsoak: 1h\nbake: 30m\n';
const UNGATED = 'gates: none\nunwatched: accepted\n';
const FLEET: Partial<EmulatorOptions> = { devices: 1_000, requestsPerHour: 60, syncMs: 30_000 };
const PROFILES = ['full', 'documented'] as const;
const SCHEDULED = { variables: { GITHUB_EVENT_NAME: 'schedule' } };

const planOn = (profile: ProfileName): string => (profile === 'full' ? PLAN : PLAN + UNGATED);
const ended = ({ outcome, reason, exitCode }: EmulatedRun) => `${outcome}: ${reason} (${exitCode})`;
const said = ({ shell }: EmulatedRun) =>
  [...shell.lines, ...shell.errors.map(({ message }) => message)].join('\n');

/** What came of a rival, for a blocking run and for two scheduled ticks after it. */
interface Row {
  readonly rival: string;
  readonly profiles?: readonly ProfileName[];
  readonly act: (emulator: Emulator) => void;
  readonly run: string;
  readonly ticks: readonly [string, string];
  /** Part of the sentence of the run, and of the first tick. */
  readonly says: readonly [string | RegExp, string | RegExp];
}

const counted = (profile: ProfileName) => (profile === 'full' ? '' : '_unconfirmed_devices');

const ROWS = (profile: ProfileName): readonly Row[] => [
  {
    rival: 'a pause',
    act: (emulator) => emulator.human('pause'),
    run: 'timed_out: job_time_over (1)',
    ticks: ['waiting: paused_by_other (0)', 'waiting: paused_by_other (0)'],
    says: [
      /paused by other[\s\S]*command: resume/,
      /Waiting .* somebody paused the rollout[\s\S]*command: resume/,
    ],
  },
  {
    rival: 'a lower percentage',
    act: (emulator) => emulator.human('percentage', 5),
    run: 'held: percentage_lowered (1)',
    ticks: ['held: percentage_lowered (1)', 'held: percentage_lowered (1)'],
    says: [
      'Held radiology-v1 2.0.0 at 5%: somebody lowered it from 10% to 5%',
      profile === 'full'
        ? 'somebody lowered it from 10% to 5%'
        : "it is at 5%, below the plan's first stage of 10%",
    ],
  },
  {
    rival: 'a higher percentage between two stages',
    act: (emulator) => emulator.human('percentage', 30),
    run: `completed: completed${counted(profile)} (0)`,
    ticks: ['waiting: soaking (0)', profile === 'full' ? 'waiting: soaking (0)' : 'held: no_memory (1)'],
    says: ['following the percentage that somebody set: 30%', 'Waiting'],
  },
  {
    rival: 'a rollback',
    act: (emulator) => emulator.human('rollback'),
    run: `rolled_back: rolled_back_by_server${counted(profile)} (1)`,
    ticks: [
      `rolled_back: rolled_back_by_server${counted(profile)} (1)`,
      `rolled_back: rolled_back_by_server${counted(profile)} (1)`,
    ],
    says: [
      /Rolled back radiology-v1 2.0.0 to 1.0.0 at 10%: Octomil or a person rolled this rollout back/,
      /Rolled back radiology-v1 2.0.0 to .*Octomil or a person rolled this rollout back/,
    ],
  },
  {
    rival: 'a deletion',
    act: (emulator) => emulator.human('delete'),
    run: 'superseded: rollout_gone (1)',
    ticks: ['noop: nothing_to_advance (0)', 'noop: nothing_to_advance (0)'],
    says: [
      'Stopped radiology-v1 2.0.0 at 10%: the rollout failed, or was deleted',
      'there is no rollout of this version',
    ],
  },
];

describe.each(PROFILES)('on the profile %s', (profile) => {
  const plan = planOn(profile);
  const world = (use: (world: EmulatedWorld) => Promise<void>) => withEmulator({ ...FLEET, profile }, use);

  it.each(ROWS(profile))('a blocking run meets $rival', ({ act, run, says }) =>
    world(async (each) => {
      each.at(each.clock.now() + 20 * MINUTE_MS, act);
      const result = await each.run({ plan, timeout: '8h', 'poll-interval': '5m' });
      expect(ended(result), said(result)).toBe(run);
      expect(said(result)).toMatch(says[0]);
    }),
  );

  it.each(ROWS(profile))('ticks of a schedule meet $rival, and write nothing', ({ act, ticks, says }) =>
    world(async (each) => {
      const start = each.clock.now();
      await each.run({ command: 'advance', plan });
      each.at(start + 20 * MINUTE_MS, act);
      await each.clock.sleepUntil(start + 30 * MINUTE_MS);
      const before = writesOf(each.emulator).length;
      const first = await each.run({ command: 'advance', plan }, SCHEDULED);
      await each.clock.sleepUntil(start + 65 * MINUTE_MS);
      const second = await each.run({ command: 'advance', plan }, SCHEDULED);
      expect([ended(first), ended(second)], said(second)).toEqual(ticks);
      expect(said(first)).toMatch(says[1]);
      expect(writesOf(each.emulator).length).toBe(before);
    }),
  );
});

const runOf = (id: number, attempt = 1) => ({
  variables: { GITHUB_RUN_ID: String(id), GITHUB_RUN_NUMBER: '7', GITHUB_RUN_ATTEMPT: String(attempt) },
});
/** The percentages that were written, and when. */
const timesOf = ({ emulator }: EmulatedWorld) =>
  emulator.requests
    .filter(({ path }) => path.endsWith('/update-percentage'))
    .map(({ at, body }) => ({ at, percentage: (body as { percentage: number }).percentage }));
const raisesOf = (world: EmulatedWorld) => [...new Set(timesOf(world).map(({ percentage }) => percentage))];
const SHORT = `${PLAN.replace('soak: 1h', 'soak: 2m').replace('bake: 30m', 'bake: 2m')}`;

describe.each(PROFILES)('on the profile %s', (profile) => {
  const plan = planOn(profile);
  const short = profile === 'full' ? SHORT : SHORT + UNGATED;
  const world = (use: (world: EmulatedWorld) => Promise<void>, more: Partial<EmulatorOptions> = {}) =>
    withEmulator({ ...FLEET, profile, ...more }, use);

  it('a pause that is lifted again only takes time', () =>
    world(async ({ run, at, clock }) => {
      at(clock.now() + 20 * MINUTE_MS, (emulator) => emulator.human('pause'));
      at(clock.now() + 50 * MINUTE_MS, (emulator) => emulator.human('resume'));
      const result = await run({ plan, timeout: '8h', 'poll-interval': '5m' });
      expect(ended(result), said(result)).toBe(`completed: completed${counted(profile)} (0)`);
    }));

  it("the organisation's auto-rollback is followed to its end, and is red", () =>
    world(
      async ({ run, emulator }) => {
        const ungated = PLAN + UNGATED;
        const result = await run({ plan: ungated, timeout: '8h', 'poll-interval': '5m' });
        expect(ended(result), said(result)).toBe(`rolled_back: rolled_back_by_server${counted(profile)} (1)`);
        expect(writesOf(emulator).filter((each) => each.includes('rollback'))).toEqual([]);
      },
      {
        scenario: 'error-spike',
        scenarioSettings: { atPercentage: 10 },
        policy: { autoRollbackEnabled: true },
      },
    ));

  it("a percentage beyond the plan's target is never taken back, and is said", () =>
    world(async (each) => {
      const half = plan.replace('[10%, 50%, 100%]', '[10%, 50%]');
      each.at(each.clock.now() + 20 * MINUTE_MS, (emulator) => emulator.human('percentage', 80));
      const result = await each.run({ plan: half, timeout: '8h', 'poll-interval': '5m' });
      expect(ended(result), said(result)).toBe(`completed: completed${counted(profile)} (0)`);
      expect(said(result)).toContain(
        "warn somebody set 80%, beyond the plan's target of 50%; it is left there",
      );
      expect(each.emulator.state().rollouts[0]).toMatchObject({ percentage: 80 });
    }));

  it.each(['accepted', '409'] as const)(
    'two runs that create at the same time leave one rollout and both see it through (a second one: %s)',
    (second) =>
      world(
        async (each) => {
          const inputs = { plan: short, timeout: '8h', 'poll-interval': '30s' };
          const both = await Promise.all([each.run(inputs, runOf(900)), each.run(inputs, runOf(901))]);
          expect(both.map(ended)).toEqual(Array(2).fill(`completed: completed${counted(profile)} (0)`));
          const live = each.emulator.state().rollouts.filter(({ version }) => version === '2.0.0');
          expect(live).toHaveLength(1);
          expect(raisesOf(each)).toEqual([10, 50, 100]);
        },
        { conflicts: { 'second-rollout': second } },
      ),
  );

  it('a re-run of an old run does not take the fleet back, but a person who insists does', () =>
    world(
      async (each) => {
        const of = (version: string) => ({
          plan: short.replace('2.0.0', version),
          timeout: '8h',
          'poll-interval': '30s',
        });
        await each.run(of('2.0.0'), runOf(900));
        await each.run(of('3.0.0'), runOf(901));
        const again = await each.run(of('2.0.0'), runOf(900, 2));
        expect(ended(again), said(again)).toBe('superseded: newer_run (1)');
        expect(said(again)).toMatch(
          /rollout \S+ of 3\.0\.0 .* re-run of run 900: it would take the fleet back/,
        );
        expect(said(again)).toContain('force: retry');
        const forced = await each.run(
          { ...of('2.0.0'), force: 'retry', reason: 'back on purpose' },
          runOf(900, 3),
        );
        expect(ended(forced), said(forced)).toBe(`completed: completed${counted(profile)} (0)`);
      },
      { versions: ['3.0.0'] },
    ));

  it('an older run replaces the rollout of a newer one only where nothing tells that it is newer', () =>
    world(
      async (each) => {
        const of = (version: string) => ({
          plan: `${plan.replace('2.0.0', version)}on_superseded: replace\n`,
          timeout: '8h',
          'poll-interval': '5m',
          'on-cancel': 'leave',
        });
        const stop = new AbortController();
        each.at(each.clock.now() + 20 * MINUTE_MS, () => stop.abort());
        await each.run(of('3.0.0'), { ...runOf(901), signal: stop.signal });
        const before = writesOf(each.emulator).length;
        const older = await each.run(of('2.0.0'), runOf(900));
        if (profile === 'documented') {
          expect(ended(older), said(older)).toBe('completed: completed_unconfirmed_devices (0)');
          return;
        }
        expect(ended(older), said(older)).toBe('superseded: newer_run (1)');
        expect(said(older)).toMatch(/3\.0\.0 \(active at 10%\) is of run 901, and this is run 900/);
        expect(writesOf(each.emulator)).toHaveLength(before);
      },
      { versions: ['3.0.0'] },
    ));

  it('a rollout of another version stops a run that has none yet, and says whose it is and what to do', () =>
    world(
      async (each) => {
        const stop = new AbortController();
        each.at(each.clock.now() + 20 * MINUTE_MS, () => stop.abort());
        const other = { plan: plan.replace('2.0.0', '3.0.0'), 'on-cancel': 'leave', timeout: '8h' };
        await each.run(other, { ...runOf(900), signal: stop.signal });
        for (const command of ['run', 'advance'] as const) {
          const late = await each.run({ command, plan, timeout: '8h' }, runOf(901));
          expect(ended(late), said(late)).toBe('superseded: another_version (1)');
          expect(said(late)).toMatch(/rollout \S+ of 3\.0\.0 is active at 10%/);
          expect(said(late)).toContain('`on_superseded: replace`');
        }
      },
      { versions: ['3.0.0'] },
    ));

  it.each([-60, 60])('a runner whose clock is %d minutes off takes the same decisions', async (minutes) => {
    const skewMs = minutes * MINUTE_MS;
    const playedWith = async (how: RunOptions) => {
      const seen: unknown[] = [];
      await world(async (each) => {
        const result = await each.run({ plan, timeout: '8h', 'poll-interval': '5m' }, how);
        seen.push(ended(result), timesOf(each));
      });
      await world(async (each) => {
        const start = each.clock.now();
        for (const minute of [0, 30, 65, 100, 130, 170]) {
          await each.clock.sleepUntil(start + minute * MINUTE_MS);
          seen.push(ended(await each.run({ command: 'advance', plan }, how)));
        }
        seen.push(timesOf(each));
      });
      return seen;
    };
    expect(await playedWith({ skewMs })).toEqual(await playedWith({}));
  });
});

it('INV-3: proven harm acts while somebody has paused the rollout', () =>
  withEmulator(
    { ...FLEET, scenario: 'error-spike', scenarioSettings: { atPercentage: 10 } },
    async ({ run, at, clock }) => {
      at(clock.now() + MINUTE_MS, (emulator) => emulator.human('pause'));
      const result = await run({ plan: PLAN, timeout: '8h', 'poll-interval': '5m' });
      expect(ended(result), said(result)).toBe('rolled_back: gate_failed (1)');
    },
  ));
