/** Ticks on an API that gives no times and reasons back, with a GitHub environment that remembers them. */
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/core/units.ts';
import { recomputeReport } from '../../src/report/recompute.ts';
import type { EmulatedRun } from '../support/emulated-run.ts';
import { GITHUB_TOKEN } from '../support/github-api.ts';
import {
  ended,
  GATED,
  HEALTH,
  inWorld,
  PLAN,
  percentages,
  REMEMBERED,
  tickAt,
  ticks,
  type World,
} from '../support/remembered-world.ts';

function notices({ shell }: EmulatedRun): readonly string[] {
  return shell.lines.filter((line) => line.startsWith('notice'));
}

const MINUTES = [0, 20, 65, 80, 130, 150, 165, 2_000];
const TO_THE_END = [
  'advanced: starting',
  'waiting: soaking',
  'advanced: stage_passed',
  'waiting: soaking',
  'advanced: stage_passed',
  'waiting: baking',
  'completed: completed',
  'noop: already_completed',
];

describe('a rollout that only ticks drive, with an environment', () => {
  it.each([
    { as: 'object', plan: 'without gates' },
    { as: 'text', plan: 'without gates' },
    { as: 'object', plan: 'with gates' },
  ] as const)('reaches its end $plan, payloads coming back as $as', ({ as, plan }) =>
    inWorld(
      async (world) => {
        const inputs = { plan: plan === 'with gates' ? GATED : PLAN };
        const ends = await ticks(world, MINUTES, inputs);
        expect(ends.map((each) => each.replace('_unconfirmed_devices', ''))).toEqual(TO_THE_END);
        expect(percentages(world)).toEqual([10, 50, 100]);
      },
      { github: { payloadAs: as }, ...(plan === 'with gates' ? { fleet: { conflicts: HEALTH } } : {}) },
    ),
  );

  it('keeps one deployment, that says to people where the rollout stands', () =>
    inWorld(async (world) => {
      await ticks(world, MINUTES);
      const [deployment, ...others] = world.github.deployments;
      expect(others).toEqual([]);
      expect(deployment).toMatchObject({
        environment: 'production',
        task: 'octomil-rollout',
        payload: { schema: 1, version: '2.0.0', previous_version: '1.0.0', group_id: null },
      });
      expect(deployment?.statuses.map(({ description }) => description.split(' [')[0])).toEqual([
        'Stage 1/3: 10% since 2026-11-20T10:00:00Z',
        'Stage 2/3: 50% since 2026-11-20T11:05:00Z',
        'Stage 3/3: 100% since 2026-11-20T12:10:00Z',
        'Completed radiology-v1 2.0.0 at 100% of the fleet: the bake has passed, and the API could not count devices.',
      ]);
      expect(deployment?.statuses.map(({ log_url }) => log_url)).toEqual(
        Array(4).fill('https://github.test/acme/models/actions/runs/12345678901'),
      );
    }));

  it('says no_memory without one', () =>
    inWorld(async (world) => {
      const ends = await ticks(world, [0, 65, 80, 130], { environment: '' });
      expect(ends.slice(2)).toEqual(['held: no_memory', 'held: no_memory']);
      expect(world.github.requests).toEqual([]);
    }));

  it('does the same where the API itself remembers', () =>
    inWorld(
      async (world) => {
        expect(await ticks(world, MINUTES)).toEqual(TO_THE_END);
      },
      { fleet: { profile: 'full' } },
    ));
});

describe('a note that was lost', () => {
  it('makes the stage begin later, and the rollout still reaches its end', () =>
    inWorld(async (world) => {
      // A run that is killed after a raise was confirmed leaves what GitHub had before it.
      await ticks(world, [0, 20, 65]);
      world.github.deployments[0]?.statuses.splice(1);
      expect(await ticks(world, [80, 130, 141, 170, 172])).toEqual([
        'waiting: soaking',
        'waiting: soaking',
        'advanced: stage_passed',
        'waiting: baking',
        'completed: completed_unconfirmed_devices',
      ]);
      expect(percentages(world)).toEqual([10, 50, 100]);
    }));
});

describe('a tick that has lost the note of the last stage', () => {
  it('waits, and its report comes out again', () =>
    inWorld(async (world) => {
      await ticks(world, [0, 65, 130]);
      world.github.deployments[0]?.statuses.splice(2);
      const tick = await tickAt(world, 165);
      expect(ended(tick)).toBe('waiting: soaking');
      expect(recomputeReport(JSON.parse(tick.report))).toMatchObject({ kind: 'same' });
    }));
});

describe('a GitHub that does not take part', () => {
  it.each([
    { how: 'the token may not write', github: { permission: 'read' }, says: /deployments: write/ },
    { how: 'the token may not even read', github: { permission: 'none' }, says: /deployments: write/ },
  ] as const)('because $how: one notice names the permission, and the tick goes on', ({ github, says }) =>
    inWorld(
      async (world) => {
        const first = await tickAt(world, 0);
        expect([ended(first), first.exitCode]).toEqual(['advanced: starting', 0]);
        expect(notices(first)).toEqual([expect.stringMatching(says)]);
        expect(await ticks(world, [65, 130])).toEqual(['advanced: stage_passed', 'held: no_memory']);
      },
      { github },
    ),
  );

  it.each([0, 500, 502, 404, 429])('because it answers %d: one notice, and nothing fails', (status) =>
    inWorld(async (world) => {
      world.github.fail(...Array(20).fill(status));
      const first = await tickAt(world, 0);
      expect([ended(first), first.exitCode]).toEqual(['advanced: starting', 0]);
      expect(notices(first)).toHaveLength(1);
      expect(first.shell.lines.join('\n')).not.toContain(GITHUB_TOKEN);
    }),
  );

  it('because nothing says which repository this is', () =>
    inWorld(async ({ run }) => {
      const first = await run({ command: 'advance', plan: PLAN, ...REMEMBERED });
      expect([ended(first), notices(first).length]).toEqual(['advanced: starting', 1]);
    }));
});

const MALLORY = { login: 'mallory', type: 'User' } as const;

describe('what somebody else wrote into the deployment', () => {
  it('never makes a stage look older than GitHub knows it to be', () =>
    inWorld(async (world) => {
      await ticks(world, [0, 65]);
      const statuses = world.github.deployments[0]?.statuses ?? [];
      const last = statuses.pop();
      if (last === undefined) throw new Error('no status was written');
      statuses.push({ ...last, description: last.description.replace('T11:05', 'T10:01') });
      expect(await ticks(world, [80, 130])).toEqual(['waiting: soaking', 'advanced: stage_passed']);
    }));

  it('never makes a stage look older by telling of it before it was entered', () =>
    inWorld(async (world) => {
      await ticks(world, [0, 65]);
      const statuses = world.github.deployments[0]?.statuses ?? [];
      const [last] = statuses.splice(-1);
      if (last === undefined) throw new Error('no status was written');
      const created_at = '2026-11-20T10:05:00Z';
      const description = last.description.replace('T11:05:00', 'T10:05:00');
      statuses.push({ ...last, created_at, description, creator: MALLORY }, { ...last, id: last.id + 1 });
      expect(await ticks(world, [80, 130])).toEqual(['waiting: soaking', 'advanced: stage_passed']);
    }));

  it('never makes a pause of somebody look like one of ours', () =>
    inWorld(async (world) => {
      await ticks(world, [0]);
      const statuses = world.github.deployments[0]?.statuses ?? [];
      const [last] = statuses.slice(-1);
      if (last === undefined) throw new Error('no status was written');
      world.emulator.human('pause');
      const description = last.description
        .replace('Stage', 'Paused in stage')
        .replace(/\]$/, ' pausing=cancel]');
      statuses.push({ ...last, id: last.id + 1, description, creator: MALLORY });
      expect(await ticks(world, [20])).toEqual(['waiting: paused_by_other']);
    }));

  it('is no memory at all where the whole deployment is theirs', () =>
    inWorld(async (world) => {
      await ticks(world, [0, 65]);
      const { deployments } = world.github;
      deployments.splice(0, 1, ...deployments.map((each) => ({ ...each, creator: MALLORY })));
      expect(ended(await tickAt(world, 130))).toBe('waiting: soaking');
      expect(deployments).toHaveLength(2);
    }));

  it('counts for nothing where it cannot be read, and is a warning', () =>
    inWorld(async (world) => {
      await ticks(world, [0, 65]);
      const { deployments } = world.github;
      const broken = deployments.map((each) => ({ ...each, payload: 'https://elsewhere.test' }));
      deployments.splice(0, deployments.length, ...broken);
      const next = await tickAt(world, 80);
      expect(ended(next)).toBe('waiting: soaking');
      expect(next.shell.lines.join('\n')).toContain('has a payload that cannot be read; it is ignored');
      expect(percentages(world)).toEqual([10, 50]);
    }));
});

describe('a job that is cancelled', () => {
  const cancelled = async (world: World, minutes: number): Promise<EmulatedRun> => {
    const stop = new AbortController();
    world.at(world.clock.now() + minutes * MINUTE_MS, () => stop.abort());
    const how = { variables: world.github.variables(), signal: stop.signal };
    return world.run({ plan: PLAN, timeout: '20h', ...REMEMBERED }, how);
  };

  it('leaves its pause marked, so that the next tick resumes it', () =>
    inWorld(async (world) => {
      expect((await cancelled(world, 10)).outcome).toBe('cancelled');
      expect(await ticks(world, [20, 65])).toEqual(['advanced: adopted', 'advanced: stage_passed']);
    }));

  it('is not resumed once a person has paused the rollout again', () =>
    inWorld(async (world) => {
      await cancelled(world, 10);
      world.emulator.human('resume');
      world.emulator.human('pause');
      expect(await ticks(world, [20])).toEqual(['waiting: paused_by_other']);
    }));
});
