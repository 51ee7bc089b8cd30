/** Rollouts under an organisation's policy, over real HTTP and in virtual time, on both profiles of the emulator. */
import { describe, expect, it } from 'vitest';
import type { EmulatorOptions, OrgPolicy } from '../../src/emulator/emulator-options.ts';
import type { ProfileName } from '../../src/emulator/switches.ts';
import { type EmulatedRun, type EmulatedWorld, withEmulator, writesOf } from '../support/emulated-run.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const STAGES = 'model: radiology-v1\nversion: 2.0.0\nstages: [5%, 25%, 100%]\nsoak: 1h\nbake: 30m\n';
const PLANS: Readonly<Record<ProfileName, string>> = {
  full: STAGES,
  documented: `${STAGES}gates: none\nunwatched: accepted\n`,
};
const PROFILES = ['full', 'documented'] as const;
const STATUSES = ['403', '409', '422'] as const;

const ended = ({ outcome, reason, exitCode }: EmulatedRun) => ({ outcome, reason, exitCode });
const lines = ({ shell }: EmulatedRun) => shell.lines.join('\n');

function under(
  profile: ProfileName,
  policy: Partial<OrgPolicy>,
  use: (world: EmulatedWorld) => Promise<void>,
  more: Partial<EmulatorOptions> = {},
) {
  return withEmulator({ requestsPerHour: 60, devices: 1000, profile, policy, ...more }, use);
}

function rollOut({ run }: EmulatedWorld, profile: ProfileName, inputs = {}): Promise<EmulatedRun> {
  return run({ plan: PLANS[profile], 'org-id': 'org_demo', timeout: '2d', 'poll-interval': '5m', ...inputs });
}

interface Asked {
  readonly percentage: number;
  readonly at: number;
  readonly status: number | null;
}

/** Every raise that was asked for, without the writes that only leave a note. */
function raises({ emulator }: EmulatedWorld): readonly Asked[] {
  let standing = 5;
  return emulator.requests.flatMap((each) => {
    if (!each.path.endsWith('/update-percentage')) return [];
    const { percentage } = each.body as { percentage: number };
    if (percentage <= standing) return [];
    if (each.status === 200) standing = percentage;
    return [{ percentage, at: each.at, status: each.status }];
  });
}

const accepted = (asked: readonly Asked[]) => asked.filter(({ status }) => status === 200);

describe.each(PROFILES)('on the profile %s', (profile) => {
  it('waits for the least time between two advances, and completes', () =>
    under(profile, { minRolloutDurationMs: 2 * HOUR }, async (world) => {
      const result = await rollOut(world, profile);
      expect(ended(result), lines(result)).toMatchObject({ outcome: 'completed', exitCode: 0 });
      const asked = raises(world);
      const done = accepted(asked);
      expect(done.map(({ percentage }) => percentage)).toEqual([25, 100]);
      expect((done[1]?.at ?? 0) - (done[0]?.at ?? 0)).toBeGreaterThanOrEqual(2 * HOUR);
      // Where the policy can be read nothing is asked in vain; elsewhere once in ten minutes at most.
      expect(asked.length - done.length).toBeLessThanOrEqual(profile === 'full' ? 0 : 14);
    }));

  it('splits a stage into the largest steps, soaks once, and completes', () =>
    under(profile, { maxRolloutStep: 25 }, async (world) => {
      const result = await rollOut(world, profile);
      expect(ended(result), lines(result)).toMatchObject({ outcome: 'completed', exitCode: 0 });
      const asked = raises(world);
      const done = accepted(asked);
      expect(done.map(({ percentage }) => percentage)).toEqual([25, 50, 75, 100]);
      expect((done[3]?.at ?? 0) - (done[1]?.at ?? 0)).toBeLessThanOrEqual(15 * MINUTE);
      expect(asked.length - done.length).toBe(profile === 'full' ? 0 : 1);
    }));

  it('refuses a new rollout that needs an approval before the first write, where that can be read', () =>
    under(profile, { requireModelApproval: true }, async (world) => {
      const result = await rollOut(world, profile);
      expect(ended(result), lines(result)).toEqual({
        outcome: 'held',
        reason: 'approval_required',
        exitCode: 1,
      });
      expect(writesOf(world.emulator)).toEqual([]);
    }));

  it.each(STATUSES)('ends at once when a raise is refused with %s for want of an approval', (status) =>
    under(
      profile,
      { requireModelApproval: true },
      async (world) => {
        const result = await rollOut(world, profile, { 'org-id': '' });
        expect(ended(result), lines(result)).toEqual({
          outcome: 'held',
          reason: 'approval_required',
          exitCode: 1,
        });
        expect(raises(world)).toMatchObject([{ percentage: 25, status: Number(status) }]);
        expect(lines(result)).toContain('requires an approval');
      },
      { conflicts: { 'policy-status': status } },
    ),
  );

  it('goes on with a rollout that was approved meanwhile', () =>
    under(profile, { requireModelApproval: true }, async (world) => {
      await rollOut(world, profile, { 'org-id': '' });
      await fetch(`${world.emulator.url.replace(/\/api\/v1$/, '')}/_emulator/policy`, {
        method: 'POST',
        body: '{"require_model_approval": false}',
      });
      const again = await rollOut(world, profile);
      expect(ended(again), lines(again)).toMatchObject({ outcome: 'completed', exitCode: 0 });
    }));

  it.each(STATUSES)(
    'asks seldom after a %s that it cannot foresee, and stops at the longest wait',
    (status) =>
      under(
        profile,
        { minRolloutDurationMs: 24 * HOUR },
        async (world) => {
          const result = await rollOut(world, profile, { 'org-id': '' });
          expect(ended(result), lines(result)).toEqual({
            outcome: 'held',
            reason: 'deadline_passed',
            exitCode: 1,
          });
          expect(lines(result)).toContain('minimum rollout duration has');
          const asked = raises(world);
          const pauses = asked.slice(1).map(({ at }, index) => at - (asked[index]?.at ?? 0));
          expect(asked.length).toBeGreaterThan(5);
          expect(Math.min(...pauses)).toBeGreaterThanOrEqual(10 * MINUTE);
        },
        { conflicts: { 'policy-status': status } },
      ),
  );

  it('shows the policy beside the plan, and writes nothing', () =>
    under(profile, { maxRolloutStep: 25, autoRollbackEnabled: true }, async (world) => {
      const result = await rollOut(world, profile, { command: 'plan' });
      expect(ended(result)).toMatchObject({ outcome: 'planned', exitCode: 0 });
      const summary = result.shell.summary();
      expect(summary).toContain('| auto-rollback | on |');
      expect(summary).toContain(
        profile === 'full' ? 'split: 25% → 50% → 75% → 100%' : '| largest step | not told |',
      );
      expect(summary).toContain('Longest unwatched gap');
      expect(writesOf(world.emulator)).toEqual([]);
    }));
});

describe('an evaluation that is asked for', () => {
  it('is found missing before the first write where that can be read', () =>
    under('full', { requireEvaluation: true }, async (world) => {
      const result = await rollOut(world, 'full');
      expect(ended(result), lines(result)).toMatchObject({ outcome: 'held', reason: 'evaluation_required' });
      expect(writesOf(world.emulator)).toEqual([]);
    }));

  it('is told by the refusal of the first write where not', () =>
    under('documented', { requireEvaluation: true }, async (world) => {
      const result = await rollOut(world, 'documented');
      expect(ended(result), lines(result)).toMatchObject({ outcome: 'error', reason: 'evaluation_required' });
      expect(writesOf(world.emulator)).toEqual(['POST /api/v1/models/mdl_radiology/rollouts']);
    }));
});

it('INV-3: harm acts at once while a raise waits for the policy', () =>
  under(
    'full',
    { minRolloutDurationMs: 12 * HOUR },
    async (world) => {
      const result = await rollOut(world, 'full');
      expect(ended(result), lines(result)).toMatchObject({ outcome: 'rolled_back', exitCode: 1 });
      expect(raises(world)).toEqual([]);
      expect(lines(result)).toContain('policy minimum duration');
    },
    { scenario: 'error-spike', scenarioSettings: { atPercentage: 5, onsetMs: 2 * HOUR } },
  ));
