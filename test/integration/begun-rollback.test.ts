/** What becomes of a rollback whose run was killed halfway, where GitHub remembers that it was begun. */
import { describe, expect, it } from 'vitest';
import type { EmulatorOptions } from '../../src/emulator/emulator-options.ts';
import type { EmulatedWorld } from '../support/emulated-run.ts';
import { ended, GATED, HEALTH, inWorld, REMEMBERED, ticks, type World } from '../support/remembered-world.ts';

describe('a rollback that died between deleting the candidate and bringing the old version back', () => {
  const HARM: Partial<EmulatorOptions> = {
    conflicts: HEALTH,
    scenario: 'error-spike',
    scenarioSettings: { atPercentage: 50 },
  };
  const died = async (world: World): Promise<void> => {
    await ticks(world, [0, 65], { plan: GATED });
    const statuses = world.github.deployments[0]?.statuses ?? [];
    const last = statuses.at(-1);
    if (last === undefined) throw new Error('nothing was remembered');
    const description = last.description.replace('Stage', 'Rolling back in stage');
    statuses.push({ ...last, id: last.id + 1, description });
    world.emulator.human('delete');
  };
  const restorations = ({ emulator }: EmulatedWorld): readonly unknown[] =>
    emulator.requests
      .filter(({ method, path }) => method === 'POST' && path.endsWith('/rollouts'))
      .map(({ body }) => (body as { version: string }).version);

  it('is noted at the look that proves harm', () =>
    inWorld(
      async (world) => {
        expect(await ticks(world, [0, 65, 80], { plan: GATED })).toEqual([
          'advanced: starting',
          'advanced: stage_passed',
          'rolling_back: gate_failed',
        ]);
        const statuses = world.github.deployments[0]?.statuses ?? [];
        expect(statuses.findLast(({ state }) => state === 'in_progress')?.description).toMatch(
          /^Rolling back in stage 2\/3: 50% since /,
        );
      },
      { fleet: HARM },
    ));

  it('is finished by the next tick, and the version is not tried again', () =>
    inWorld(
      async (world) => {
        await died(world);
        expect(await ticks(world, [80, 95, 110], { plan: GATED })).toEqual([
          'rolling_back: gate_failed',
          'noop: rolled_back_earlier',
          'noop: rolled_back_earlier',
        ]);
        expect(restorations(world)).toEqual(['2.0.0', '1.0.0']);
      },
      { fleet: HARM },
    ));

  it('is not asked for twice where the old version came back in the second in which that was noted', () =>
    inWorld(
      async (world) => {
        await died(world);
        world.emulator.queueFault({
          kind: 'status',
          status: 403,
          match: { method: 'POST', path: '/rollback' },
        });
        expect(await ticks(world, [65, 80], { plan: GATED })).toEqual([
          'rolling_back: gate_failed',
          'noop: rolled_back_earlier',
        ]);
        expect(restorations(world)).toEqual(['2.0.0', '1.0.0']);
      },
      { fleet: HARM },
    ));

  it('is finished and confirmed by the next run, and refused after that', () =>
    inWorld(
      async (world) => {
        await died(world);
        const again = { command: 'run', plan: GATED, timeout: '20h', ...REMEMBERED } as const;
        const how = { variables: world.github.variables() };
        expect((await world.run(again, how)).outcome).toBe('rolled_back');
        expect(ended(await world.run(again, how))).toBe('superseded: version_was_rolled_back');
        expect(restorations(world)).toEqual(['2.0.0', '1.0.0']);
      },
      { fleet: HARM },
    ));

  it('brings back no version that the API does not show as the last one', () =>
    inWorld(
      async (world) => {
        await died(world);
        const [deployment] = world.github.deployments;
        if (deployment === undefined) throw new Error('nothing was remembered');
        const payload = { ...(deployment.payload as object), previous_version: '0.0.1' };
        world.github.deployments.splice(0, 1, { ...deployment, payload });
        expect(await ticks(world, [80], { plan: GATED })).toEqual(['noop: nothing_to_advance']);
        expect(restorations(world)).toEqual(['2.0.0']);
      },
      { fleet: HARM },
    ));
});

describe('a person who rolls back a version whose rollout was deleted', () => {
  const NAMED = { command: 'rollback', model: 'radiology-v1', reason: 'it was deleted' } as const;
  const inDeletedWorld = (use: (world: World) => Promise<void>): Promise<void> =>
    inWorld(
      async (world) => {
        await ticks(world, [0, 65], { plan: GATED, environment: '' });
        world.emulator.human('delete');
        await use(world);
      },
      { fleet: { profile: 'full', conflicts: { 'rollback-route': 'absent' } } },
    );
  const created = ({ emulator }: World): number =>
    emulator.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/rollouts')).length;

  it('has the old version back on the devices, counted, once both versions are named', () =>
    inDeletedWorld(async (world) => {
      const run = await world.run({ ...NAMED, version: '2.0.0', 'to-version': '1.0.0' });
      expect(run, run.shell.lines.join('\n')).toMatchObject({ exitCode: 0, outcome: 'done' });
      expect(world.emulator.state().devices.onVersion['2.0.0'] ?? 0).toBe(0);
      expect(created(world)).toBe(2);
    }));

  it('hears what the API said where it does not accept that', () =>
    inDeletedWorld(async (world) => {
      const refusal = { kind: 'status', status: 403, times: 20 } as const;
      world.emulator.queueFault({ ...refusal, match: { method: 'POST', path: /\/rollouts$/ } });
      const run = await world.run({ ...NAMED, version: '2.0.0', 'to-version': '1.0.0' });
      expect(ended(run)).toBe('rollback_failed: rollback_refused');
      expect(run.exitCode).toBe(1);
      expect(run.shell.summary()).toContain(
        'the rollback of radiology-v1 2.0.0 to 1.0.0 failed: the API did not accept it; roll back by hand',
      );
      expect(run.shell.summary()).toMatch(/version: "2\.0\.0"\n +to-version: "1\.0\.0"/);
    }));

  it('is not offered that version as one to return to', () =>
    inDeletedWorld(async (world) => {
      const status = await world.run({ command: 'status', model: 'radiology-v1' });
      const report = JSON.parse(status.report);
      expect(report).toMatchObject({ outcome: 'done', version: '1.0.0', rollback_targets: [] });
      expect(report.notes).toContainEqual(expect.stringContaining('`to-version: 1.0.0` brings them back'));
    }));

  it.each([
    { what: 'another version than the last completed one', inputs: { 'to-version': '1.1.0' } },
    { what: 'no version to return to', inputs: {} },
  ])('is refused with $what, before anything is written', ({ inputs }) =>
    inDeletedWorld(async (world) => {
      const run = await world.run({ ...NAMED, version: '2.0.0', ...inputs });
      expect(ended(run)).toBe('invalid_input: no_rollout_in_force');
      expect(created(world)).toBe(1);
    }),
  );
});
