/** What a webhook is told by ticks that a GitHub environment connects: each thing once, and again in doubt. */
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/core/units.ts';
import { type Receiver, startReceiver } from '../support/chat-stand-ins.ts';
import type { EmulatedRun } from '../support/emulated-run.ts';
import type { StoredStatus } from '../support/github-records.ts';
import { GATED, HEALTH, inWorld, PLAN, tickAt, type World } from '../support/remembered-world.ts';

const HARMFUL = {
  conflicts: HEALTH,
  scenario: 'error-spike',
  scenarioSettings: { atPercentage: 10 },
} as const;
const WAITING = { 'webhook-on': 'waiting' } as const;

interface Place {
  readonly world: World;
  readonly receiver: Receiver;
  /** Every tick so far. */
  readonly runs: readonly EmulatedRun[];
  /** Plays ticks, and returns the outcomes that the receiver has accepted during them. */
  told(minutes: readonly number[], inputs?: Parameters<typeof tickAt>[2]): Promise<readonly string[]>;
}

async function inPlace(
  use: (place: Place) => Promise<void>,
  options: Parameters<typeof inWorld>[1] = {},
): Promise<void> {
  const receiver = await startReceiver();
  try {
    await inWorld(async (world) => {
      const runs: EmulatedRun[] = [];
      const told: Place['told'] = async (minutes, inputs = {}) => {
        const before = receiver.received.length;
        for (const minute of minutes) {
          runs.push(await tickAt(world, minute, { 'webhook-url': receiver.url, ...inputs }));
        }
        return receiver.received.slice(before).flatMap(({ text, status }) => {
          const { outcome } = JSON.parse(text) as { outcome: string };
          return status === 204 ? [outcome] : [];
        });
      };
      await use({ world, receiver, runs, told });
    }, options);
  } finally {
    await receiver.close();
  }
}

function statusesOf({ github }: World): StoredStatus[] {
  return github.deployments.flatMap(({ statuses }) => statuses);
}

const annotated = ({ shell }: EmulatedRun): readonly string[] =>
  shell.lines.filter((line) => /^(warn|notice) /.test(line));

const marked = (world: World): readonly StoredStatus[] =>
  statusesOf(world).filter(({ description }) => description.includes('[told '));

describe('ticks with an environment', () => {
  it('tell that a rollout is completed once, and leave its deployment a success', () =>
    inPlace(async ({ world, told }) => {
      expect(await told([0, 65, 130, 165, 180, 195, 2_000])).toEqual(['completed']);
      expect(statusesOf(world).at(-1)).toMatchObject({
        state: 'success',
        description: expect.stringMatching(
          /^Completed radiology-v1 2\.0\.0 at 100%.* \[told [0-9a-f]{16}\]$/,
        ),
      });
    }));

  it.each(['pause', 'alert'])('tell once that harm holds it, with on_fail: %s', (onFail) =>
    inPlace(
      async ({ world, told, runs }) => {
        const plan = `${GATED}on_fail: ${onFail}\n`;
        expect(await told([0, 40, 55, 70, 85], { plan })).toEqual(['held']);
        expect(marked(world).map(({ state }) => state)).toEqual(['in_progress']);
        expect(runs.map(({ outcome, exitCode }) => `${outcome} ${exitCode}`).slice(1)).toEqual(
          Array(4).fill('held 1'),
        );
        expect(runs.flatMap(annotated)).toEqual([]);
      },
      { fleet: HARMFUL },
    ),
  );

  it.each(['documented', 'full'] as const)('tell once that the server rolled it back (%s)', (profile) =>
    inPlace(
      async ({ world, told }) => {
        expect(await told([0, 70, 85, 100, 115], { plan: GATED })).toEqual(['rolled_back']);
        expect(statusesOf(world).at(-1)?.state).toBe('inactive');
      },
      { fleet: { profile, conflicts: HEALTH, scenario: 'auto-rollback' } },
    ),
  );

  it('tell once that the rollback is refused, however often they ask for it', () =>
    inPlace(
      async ({ world, told }) => {
        for (const path of ['/rollback', /\/rollouts$/]) {
          const refused = { kind: 'status', status: 403, times: 100 } as const;
          world.at(world.clock.now() + 60_000, ({ queueFault }) =>
            queueFault({ ...refused, match: { method: 'POST', path } }),
          );
        }
        expect(await told([0, 40, 55, 70], { plan: GATED })).toEqual(['rollback_failed']);
        expect(statusesOf(world).at(-1)?.state).toBe('error');
      },
      { fleet: { ...HARMFUL, profile: 'full' } },
    ));
});

describe('ticks that another version is in the way of', () => {
  it('tell it once, and again when it is another rollout or further on', () =>
    inPlace(
      async ({ world, told }) => {
        expect(await told([0, 65, 130, 165])).toEqual(['completed']);
        const stop = new AbortController();
        world.at(world.clock.now() + 5 * MINUTE_MS, () => stop.abort());
        const other = { plan: PLAN.replace('2.0.0', '3.0.0'), 'on-cancel': 'leave', timeout: '20h' };
        await world.run(other, { signal: stop.signal });
        expect(await told([180, 195, 210])).toEqual(['superseded']);
        world.emulator.human('percentage', 40);
        expect(await told([225, 240])).toEqual(['superseded']);
        expect(statusesOf(world).at(-1)).toMatchObject({ state: 'success' });
      },
      { fleet: { profile: 'full', versions: ['3.0.0'] } },
    ));
});

describe('what is news again', () => {
  it('is a hold after somebody has resumed the rollout', () =>
    inPlace(
      async ({ world, told }) => {
        const plan = `${GATED}on_fail: pause\n`;
        expect(await told([0, 40, 55], { plan })).toEqual(['held']);
        world.emulator.human('resume');
        expect(await told([70, 85], { plan })).toEqual(['held']);
      },
      { fleet: HARMFUL },
    ));

  it('is what was so before something else that was told', () =>
    inPlace(async ({ world, told }) => {
      expect(await told([0, 10, 20], WAITING)).toEqual(['waiting']);
      world.emulator.human('pause');
      expect(await told([30, 40], WAITING)).toEqual(['waiting']);
      world.emulator.human('resume');
      expect(await told([45, 50], WAITING)).toEqual(['waiting']);
    }));

  it('is what was so before something that nobody is told of', () =>
    inPlace(
      async ({ world, told }) => {
        const plan = `${GATED}on_fail: alert\n`;
        const limits = '{ max: 95%, baseline: none }';
        const lenient = `${plan}gates: { error_rate: ${limits}, crash_rate: ${limits} }\n`;
        expect(await told([0, 15], { plan })).toEqual(['held']);
        expect(await told([17, 19], { plan: lenient })).toEqual([]);
        expect(marked(world).at(-1)?.description).toMatch(/^Waiting with .* \[told nothing\]$/);
        expect(marked(world)).toHaveLength(2);
        expect(await told([22, 25], { plan })).toEqual(['held']);
      },
      { fleet: HARMFUL },
    ));

  it('is everything, for another receiver', () =>
    inPlace(async ({ told, receiver }) => {
      expect(await told([0, 65, 130, 165, 180])).toEqual(['completed']);
      const other = { 'webhook-url': `${receiver.url}&channel=2` };
      expect(await told([195, 210], other)).toEqual(['completed']);
    }));
});

describe('in doubt it is told again', () => {
  const TO_THE_BAKE = [0, 65, 130] as const;

  it('where the API cannot be asked which rollout it is about', () =>
    inPlace(async ({ world, told }) => {
      await told(TO_THE_BAKE);
      const { length } = statusesOf(world);
      world.emulator.queueFault({ kind: 'status', status: 401, times: 1_000 });
      expect(await told([140, 150])).toEqual(['error', 'error']);
      expect(statusesOf(world)).toHaveLength(length);
    }));

  it('where the receiver has not accepted it', () =>
    inPlace(async ({ world, told, receiver }) => {
      await told(TO_THE_BAKE);
      receiver.fail(500, 500, 500, 500, 404);
      expect(await told([165, 180])).toEqual([]);
      expect(marked(world)).toEqual([]);
      expect(await told([195, 210])).toEqual(['completed']);
    }));

  it('while GitHub cannot be asked, and no outcome or exit code is different', () =>
    inPlace(
      async ({ world, told, runs }) => {
        await told(TO_THE_BAKE);
        world.github.fail(403);
        expect(await told([165])).toEqual(['completed']);
        world.github.fail(403);
        expect(await told([180])).toEqual(['completed']);
        expect(await told([195, 210])).toEqual(['completed']);
        const ends = runs.slice(3).map((run) => [run.outcome, run.exitCode, annotated(run).length]);
        expect(ends).toEqual([1, 1, 0, 0].map((notices) => ['completed', 0, notices]));
      },
      { fleet: { profile: 'full' } },
    ));

  it.each([
    { what: 'another mark', state: 'success', description: 'Completed. [told 0123456789abcdef]' },
    { what: 'a mark of nothing', state: 'success', description: 'Goes on. [told nothing]' },
  ])('where somebody else has written $what', ({ state, description }) =>
    inPlace(async ({ world, told }) => {
      expect(await told([...TO_THE_BAKE, 165])).toEqual(['completed']);
      const last = statusesOf(world).at(-1);
      if (last === undefined) throw new Error('nothing was remembered');
      world.github.deployments[0]?.statuses.push({ ...last, id: last.id + 500, state, description });
      expect(await told([180])).toEqual(['completed']);
    }),
  );

  it('where the deployment is in a state that is not ours to repeat', () =>
    inPlace(async ({ world, told }) => {
      await told(TO_THE_BAKE);
      const last = statusesOf(world).at(-1);
      if (last === undefined) throw new Error('nothing was remembered');
      await told([165]);
      const statuses = world.github.deployments[0]?.statuses ?? [];
      statuses.splice(
        statuses.findIndex(({ description }) => description.includes('[told ')),
        1,
      );
      statuses.push({ ...last, id: last.id + 500, state: 'queued', description: '' });
      expect(await told([180, 195])).toEqual(['completed', 'completed']);
      expect(statuses.at(-1)?.state).toBe('queued');
    }));
});

describe('ticks without an environment', () => {
  it('tell the same at every look, with one situation_key', () =>
    inPlace(
      async ({ told, receiver }) => {
        const outcomes = await told([0, 65, 130, 165, 180], { environment: '' });
        expect(outcomes).toEqual(['completed', 'completed']);
        const keys = receiver.received.map(
          ({ text }) => (JSON.parse(text) as { situation_key: string }).situation_key,
        );
        expect(new Set(keys).size).toBe(1);
      },
      { fleet: { profile: 'full' } },
    ));
});
