/** What people see in GitHub's deployments once a rollout has ended, of ticks, of long runs and of the post step. */
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/core/units.ts';
import type { EmulatedRun } from '../support/emulated-run.ts';
import {
  ended,
  GATED,
  HEALTH,
  inWorld,
  PLAN,
  REMEMBERED,
  ticks,
  type World,
} from '../support/remembered-world.ts';

const HARMFUL = {
  fleet: { conflicts: HEALTH, scenario: 'error-spike', scenarioSettings: { atPercentage: 10 } },
} as const;
const GATES = { plan: GATED };
const PAGE = 'https://github.test/acme/models/deployments/production';
const RUN_URL = 'https://github.test/acme/models/actions/runs/12345678901';

/** States without those that are moments of the rollout. */
function finals({ github }: World): readonly string[] {
  const all = github.deployments.flatMap(({ statuses }) => statuses);
  return all.filter(({ state }) => state !== 'in_progress').map(({ state }) => state);
}

function said({ github }: World, state: string): string {
  const all = github.deployments.flatMap(({ statuses }) => statuses);
  return all.find((each) => each.state === state)?.description ?? '';
}

function runOn(
  world: World,
  inputs: Parameters<World['run']>[0],
  how: Parameters<World['run']>[1] = {},
): Promise<EmulatedRun> {
  const variables = world.github.variables();
  return world.run({ timeout: '20h', ...REMEMBERED, ...inputs }, { variables, ...how });
}

describe('a rollout that completes', () => {
  it('is a success once, however many ticks say so', () =>
    inWorld(async (world) => {
      const ends = await ticks(world, [0, 65, 130, 165, 180, 200, 2_000]);
      expect(ends.filter((each) => each.startsWith('completed')).length).toBeGreaterThan(1);
      expect(finals(world)).toEqual(['success']);
      expect(said(world, 'success')).toContain('Completed radiology-v1 2.0.0 at 100%');
      expect(world.github.deployments[0]?.statuses.at(-1)?.log_url).toBe(RUN_URL);
    }));

  it('is a success at the end of one long run', () =>
    inWorld(async (world) => {
      const dashboard = 'https://fleet.example.com/radiology';
      expect((await runOn(world, { plan: PLAN, 'environment-url': dashboard })).outcome).toBe('completed');
      expect(finals(world)).toEqual(['success']);
      const shown = world.github.deployments[0]?.statuses ?? [];
      expect(new Set(shown.map(({ environment_url }) => environment_url))).toEqual(new Set([dashboard]));
    }));

  it('stays a success where another tool has made it inactive since', () =>
    inWorld(async (world) => {
      await ticks(world, [0, 65, 130, 165]);
      const statuses = world.github.deployments[0]?.statuses ?? [];
      const last = statuses.at(-1);
      if (last === undefined) throw new Error('nothing was shown');
      statuses.push({ ...last, id: last.id + 500, state: 'inactive', description: '' });
      await ticks(world, [180]);
      expect(finals(world)).toEqual(['success', 'inactive']);
    }));

  it('is inactive once a person has it rolled back', () =>
    inWorld(async (world) => {
      await runOn(world, { plan: PLAN });
      const back = { command: 'rollback', model: 'radiology-v1', version: '2.0.0' } as const;
      expect(ended(await runOn(world, back))).toContain('done: rolled_back_by_request');
      expect(finals(world)).toEqual(['success', 'inactive']);
      expect(said(world, 'inactive')).toContain('Rolled back 2.0.0 to 1.0.0');
    }));
});

describe('a rollout that is rolled back', () => {
  it('is a failure at the tick that proves harm, and inactive at the one that confirms it, each once', () =>
    inWorld(async (world) => {
      expect(await ticks(world, [0, 40], GATES)).toEqual(['advanced: starting', 'rolling_back: gate_failed']);
      expect(finals(world)).toEqual(['failure']);
      expect(said(world, 'failure')).toMatch(
        /^Rolling back radiology-v1 2\.0\.0 to 1\.0\.0 at 10%: .*error/i,
      );
      await ticks(world, [70, 90, 110, 2_000], GATES);
      expect(finals(world)).toEqual(['failure', 'inactive']);
      expect(said(world, 'inactive')).toContain('Rolled back 2.0.0');
    }, HARMFUL));

  it('is both after one long run, with the run to look at', () =>
    inWorld(async (world) => {
      expect((await runOn(world, { plan: GATED })).outcome).toBe('rolled_back');
      expect(finals(world)).toEqual(['failure', 'inactive']);
      const shown = world.github.deployments[0]?.statuses ?? [];
      expect(new Set(shown.map(({ log_url }) => log_url))).toEqual(new Set([RUN_URL]));
      expect(new Set(shown.map(({ environment_url }) => environment_url))).toEqual(new Set([PAGE]));
    }, HARMFUL));

  it('is an error while the API refuses it, and inactive once it is confirmed', () =>
    inWorld(
      async (world) => {
        const refused = { kind: 'status', status: 403 } as const;
        world.emulator.queueFault({ ...refused, match: { method: 'POST', path: '/rollback' } });
        await ticks(world, [0], GATES);
        world.emulator.queueFault({ ...refused, match: { method: 'POST', path: /\/rollouts$/ } });
        expect(await ticks(world, [40], GATES)).toEqual(['rollback_failed: rollback_refused']);
        expect(finals(world)).toEqual(['error']);
        expect(await ticks(world, [50], GATES)).toEqual(['rolling_back: gate_failed']);
        expect(finals(world)).toEqual(['error', 'failure']);
        await ticks(world, [80, 100], GATES);
        expect(finals(world)).toEqual(['error', 'failure', 'inactive']);
      },
      { fleet: { ...HARMFUL.fleet, profile: 'full' } },
    ));

  it('by its job as that was cancelled is inactive once the post step has seen it', () =>
    inWorld(async (world) => {
      const stop = new AbortController();
      world.at(world.clock.now() + 10 * MINUTE_MS, () => stop.abort());
      const inputs = { plan: PLAN, 'on-cancel': 'rollback' } as const;
      const run = await runOn(world, inputs, { variables: world.github.variables(), signal: stop.signal });
      expect([run.outcome, finals(world)]).toEqual(['cancelled', []]);
      await world.finish(run.shell.states, {
        inputs: { ...inputs, ...REMEMBERED },
        variables: world.github.variables(),
      });
      expect(finals(world)).toEqual(['inactive']);
    }));
});

describe('a rollout that was deleted', () => {
  it('is inactive once a person has the old version back', () =>
    inWorld(
      async (world) => {
        await ticks(world, [0, 65]);
        world.emulator.human('delete');
        const named = { model: 'radiology-v1', version: '2.0.0', 'to-version': '1.0.0' } as const;
        expect((await runOn(world, { command: 'rollback', ...named })).outcome).toBe('done');
        expect(finals(world)).toEqual(['inactive']);
      },
      { fleet: { profile: 'full', conflicts: { 'rollback-route': 'absent' } } },
    ));
});

describe('a rollout that goes on', () => {
  it('is shown as before when harm only pauses it', () =>
    inWorld(async (world) => {
      const plan = `${GATED}on_fail: pause\n`;
      expect(await ticks(world, [0, 40], { plan })).toEqual([
        'advanced: starting',
        'held: gate_failed_paused',
      ]);
      expect(finals(world)).toEqual([]);
    }, HARMFUL));

  it('is shown as before when its job is cancelled', () =>
    inWorld(async (world) => {
      const stop = new AbortController();
      world.at(world.clock.now() + 10 * MINUTE_MS, () => stop.abort());
      const how = { variables: world.github.variables(), signal: stop.signal };
      const run = await runOn(world, { plan: PLAN }, how);
      await world.finish(run.shell.states, {
        inputs: { plan: PLAN, ...REMEMBERED },
        variables: how.variables,
      });
      expect([run.outcome, finals(world)]).toEqual(['cancelled', []]);
    }));

  it('is inactive once somebody has deleted it', () =>
    inWorld(async (world) => {
      world.at(world.clock.now() + 30 * MINUTE_MS, (emulator) => emulator.human('delete'));
      expect(ended(await runOn(world, { plan: PLAN }))).toBe('superseded: rollout_gone');
      expect(finals(world)).toEqual(['inactive']);
    }));
});

describe('a GitHub that does not take the last status', () => {
  it.each([403, 500, 0])('because it answers %d costs one notice and no outcome', (status) =>
    inWorld(async (world) => {
      await ticks(world, [0, 65, 130]);
      world.at(world.clock.now(), () => world.github.fail(...Array(20).fill(status)));
      const run = await runOn(world, { command: 'rollback', model: 'radiology-v1', version: '2.0.0' });
      expect([run.outcome, run.exitCode]).toEqual(['done', 0]);
      expect(run.shell.lines.filter((line) => line.startsWith('notice'))).toEqual([
        expect.stringContaining('does not show how this rollout ended'),
      ]);
      expect(finals(world)).toEqual([]);
    }),
  );

  it('is made up for by the next tick', () =>
    inWorld(async (world) => {
      await ticks(world, [0, 65, 130, 165]);
      world.github.deployments[0]?.statuses.pop();
      expect((await ticks(world, [180])).length).toBe(1);
      expect(finals(world)).toEqual(['success']);
    }));
});
