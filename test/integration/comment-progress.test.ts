/** The comment on a pull request while a long run goes on: what it says when, and that the rollout never waits for it. */
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/core/units.ts';
import { type EmulatedRun, START } from '../support/emulated-run.ts';
import { COMMIT, inRepository, type Place, type PlaceOptions, told } from '../support/event-runs.ts';

const PLAN =
  'model: radiology-v1\nversion: 2.0.0\nstages: [10%, 25%, 100%]\nsoak: 20m\nbake: 20m\ngates: { error_rate: 5%, crash_rate: none }\n';
const INPUTS = { command: 'run', plan: PLAN, 'poll-interval': '1m' };
const HARMFUL = { scenario: 'error-spike', scenarioSettings: { atPercentage: 25 } } as const;

/** Bold sentences of what was written, oldest first. */
function sentences(written: readonly string[]): readonly string[] {
  return written.map((body) => /^> \*\*(.*)\*\*$/m.exec(body)?.[1] ?? body);
}

/** Has time stand still in each stage until the comment on it is written. */
function holdStages({ github, world }: Place, minutes: readonly number[]): void {
  for (const [index, minute] of minutes.entries()) {
    world.at(START + minute * MINUTE_MS + 30_000, () => github.wrote(index + 1));
  }
}

const run = ({ ask }: Place, inputs: Readonly<Record<string, string>> = {}): Promise<EmulatedRun> =>
  ask({ inputs: { ...INPUTS, ...inputs } });

/** What the API was asked, and when. */
const asked = ({ world }: Place): readonly unknown[] =>
  world.emulator.requests.map(({ method, path, at }) => [method, path, at]);

/** What a run without any comment asks the API. */
async function askedWithout(fleet: NonNullable<PlaceOptions['fleet']>): Promise<readonly unknown[]> {
  let requests: readonly unknown[] = [];
  await inRepository({ fleet }, async (place) => {
    await run(place, { comment: 'never' });
    expect(place.github.requests).toEqual([]);
    requests = asked(place);
  });
  return requests;
}

describe('the comment on a run that goes on', () => {
  it('says at each stage how far it is, and how it ended, in one place', () =>
    inRepository({}, async (place) => {
      holdStages(place, [0, 10, 20]);
      expect((await run(place)).outcome).toBe('completed');
      const { comments, written } = place.github;
      expect(sentences(written)).toEqual([
        'Rolling out radiology-v1 2.0.0: stage 1 of 3 at 10%, next stage about 10:20 UTC.',
        'Rolling out radiology-v1 2.0.0: stage 2 of 3 at 25%, next stage about 10:30 UTC.',
        'Rolling out radiology-v1 2.0.0: stage 3 of 3 at 100%, complete about 10:40 UTC.',
        expect.stringMatching(/^Completed radiology-v1 2\.0\.0 at 100% of the fleet/),
      ]);
      expect(comments).toHaveLength(1);
      expect(written[1]).toContain('| 1 | 10% | ✅&nbsp;passed |');
      expect(written[1]).toContain('| 2 | 25% | ▶️&nbsp;current | 2026-11-20T10:10:00Z | 0s of 20m soak |');
      expect(written[1]).toContain('As of 2026-11-20T10:10:00Z.');
      expect(written[1]).toContain('](https://github.test/acme/models/actions/runs/77)');
    }));

  it('says that it is rolled back as soon as the API has accepted that', () =>
    inRepository({ fleet: HARMFUL }, async (place) => {
      holdStages(place, [0, 10]);
      place.world.at(START + 11.5 * MINUTE_MS, () => place.github.wrote(3));
      expect((await run(place)).outcome).toBe('rolled_back');
      expect(sentences(place.github.written)).toEqual([
        expect.stringMatching(/^Rolling out .*stage 1 of 3 at 10%/),
        expect.stringMatching(/^Rolling out .*stage 2 of 3 at 25%/),
        expect.stringMatching(/^Rolling back radiology-v1 2\.0\.0 to 1\.0\.0 at 25%: .*error/i),
        expect.stringMatching(/^Rolled back radiology-v1 2\.0\.0 to 1\.0\.0 at 25%: .*error/i),
      ]);
    }));

  it('says that somebody has paused it, and that it goes on', () =>
    inRepository({}, async (place) => {
      const { world, github } = place;
      holdStages(place, [0]);
      world.at(START + 5 * MINUTE_MS, (emulator) => emulator.human('pause'));
      world.at(START + 7 * MINUTE_MS, () => github.wrote(2));
      world.at(START + 9 * MINUTE_MS, (emulator) => emulator.human('resume'));
      world.at(START + 11 * MINUTE_MS, () => github.wrote(3));
      await run(place);
      expect(sentences(github.written).slice(1, 3)).toEqual([
        'Rolling out radiology-v1 2.0.0: stage 1 of 3 at 10%, paused by somebody.',
        expect.stringMatching(/stage 1 of 3 at 10%, next stage about 10:20 UTC\.$/),
      ]);
    }));

  it('is on the pull request of the commit that was pushed, which is looked up once', () =>
    inRepository(
      { commits: { [COMMIT]: [{ number: 41, merged_at: '2026-11-20T09:00:00Z' }] } },
      async (place) => {
        holdStages(place, [0, 10, 20]);
        await place.ask({ event: 'push', inputs: INPUTS });
        const { comments, requests } = place.github;
        expect(comments.map(({ pullRequest }) => pullRequest)).toEqual([41]);
        expect(requests.filter((request) => request.includes('/commits/'))).toHaveLength(1);
      },
    ));

  it('says nothing of a rollout that was over before', () =>
    inRepository({}, async (place) => {
      await run(place, { comment: 'never' });
      expect((await run(place)).outcome).toBe('noop');
      expect(sentences(place.github.written)).toEqual([expect.stringMatching(/^Nothing to do/)]);
    }));

  it('is written once by a tick, at its end', () =>
    inRepository({}, async (place) => {
      await run(place, { command: 'advance' });
      expect(sentences(place.github.written)).toEqual([expect.stringMatching(/^Advanced /)]);
    }));
});

describe('a GitHub that does not take part', () => {
  it.each([
    { wish: 'auto', kind: 'notice', other: 'warn' },
    { wish: 'always', kind: 'warn', other: 'notice' },
  ] as const)('by refusing is one $kind for the whole run with comment: $wish', ({ wish, kind, other }) =>
    inRepository({ permission: 'read' }, async (place) => {
      place.world.at(START + MINUTE_MS / 2, () => place.github.reached(2));
      const ended = await run(place, { comment: wish });
      expect([ended.exitCode, ended.outcome]).toEqual([0, 'completed']);
      expect(told(ended, kind)).toEqual([expect.stringContaining('permissions: pull-requests: write')]);
      expect(told(ended, other)).toEqual([]);
      // One attempt in the first stage, none in later ones, and one at the end.
      expect(place.github.requests.filter((request) => request.startsWith('POST'))).toHaveLength(2);
    }),
  );

  it.each([
    { title: 'a failure of its own', trouble: { status: 502 } },
    { title: 'its rate limit', trouble: { status: 403, headers: { 'retry-after': '9' } } },
  ])('for a while, by $title, is no notice: the next stage is told', ({ trouble }) =>
    inRepository({}, async (place) => {
      place.github.fail(trouble);
      place.world.at(START + 30_000, () => place.github.reached(1));
      place.world.at(START + 10.5 * MINUTE_MS, () => place.github.wrote(1));
      const ended = await run(place);
      expect(sentences(place.github.written)[0]).toContain('stage 2 of 3 at 25%');
      expect(place.github.written.at(-1)).toContain('**Completed');
      expect([...told(ended, 'notice'), ...told(ended, 'warn')]).toEqual([]);
    }),
  );

  it.each([
    { title: 'look', fleet: {}, outcome: 'completed', last: '**Completed' },
    { title: 'rollback', fleet: HARMFUL, outcome: 'rolled_back', last: '**Rolled back' },
  ])('by never answering holds up no $title', async ({ fleet, outcome, last }) => {
    const expected = await askedWithout(fleet);
    await inRepository({ fleet }, async (place) => {
      place.github.stall(1);
      place.world.at(START + 30_000, () => place.github.reached(1));
      const ended = await run(place);
      expect(ended.outcome).toBe(outcome);
      expect(asked(place)).toEqual(expected);
      expect(place.github.givenUp()).toBe(1);
      expect(place.github.written.at(-1)).toContain(last);
      expect([...told(ended, 'notice'), ...told(ended, 'warn')]).toEqual([]);
    });
  });

  it('is asked for nothing between the look that proves harm and the rollback', async () => {
    let requests: readonly { readonly method: string; readonly path: string }[] = [];
    const marks: number[] = [];
    let givenUpAt = Number.NaN;
    const onRequest = (): number => marks.push(requests.length);
    const onGivenUp = (): void => {
      givenUpAt = requests.length;
    };
    await inRepository({ fleet: HARMFUL, onRequest, onGivenUp }, async (place) => {
      const { world, github } = place;
      requests = world.emulator.requests;
      holdStages(place, [0]);
      // The comment on the second stage is under way, and stalls, when harm is proven.
      world.at(START + 5 * MINUTE_MS, () => github.stall(1));
      world.at(START + 10.5 * MINUTE_MS, () => github.reached(3));
      expect((await run(place)).outcome).toBe('rolled_back');
      const rollback = requests.findIndex(({ path }) => path.endsWith('/rollback'));
      const later = marks.slice(3);
      expect(rollback).toBeGreaterThan(marks[2] ?? Number.NaN);
      expect(later.length).toBeGreaterThan(0);
      expect(later.filter((mark) => mark <= rollback)).toEqual([]);
      expect(github.givenUp()).toBe(1);
      // Given up for the rollback, and not only for the end.
      expect(givenUpAt).toBeLessThan(requests.length);
    });
  });

  it('leaves a cancelled job the time to say how it ended', () =>
    inRepository({}, async (place) => {
      const { github, world, ask } = place;
      const stop = new AbortController();
      github.stall(1);
      world.at(START + 30_000, () => github.reached(1));
      world.at(START + 5 * MINUTE_MS, () => stop.abort(new Error('cancelled by the test')));
      const ended = await ask({ inputs: INPUTS, signal: stop.signal });
      expect(ended.outcome).toBe('cancelled');
      expect(github.givenUp()).toBe(1);
      expect(sentences(github.written)).toEqual([expect.stringMatching(/^Cancelled /)]);
    }));
});
