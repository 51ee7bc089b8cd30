/** The memory in GitHub deployments against a stand-in for GitHub's REST API over real HTTP. */
import { describe, expect, it } from 'vitest';
import type { DeploymentInputs } from '../../src/action/deployment-inputs.ts';
import { memoryOf } from '../../src/action/github-memory.ts';
import { readTag } from '../../src/core/memory-tag.ts';
import type { Moment, RolloutMemory } from '../../src/core/ports.ts';
import { createVirtualClock } from '../../src/runtime/virtual-clock.ts';
import { GITHUB_TOKEN, type GitHubApi, type GitHubOptions, startGitHub } from '../support/github-api.ts';
import { createRecordingShell, type RecordingShell } from '../support/recording-shell.ts';

const T0 = Date.UTC(2026, 10, 20, 10);
const MINUTE = 60_000;
const INPUTS = { environment: 'production', token: GITHUB_TOKEN, environmentUrl: null } as const;
const NAMES = { modelId: 'mdl_1', version: '2.0.0', groupId: null };

function momentAt(minute: number, stage: number, more: Partial<Moment> = {}): Moment {
  return {
    rolloutId: 'rol_1',
    percentage: [10, 50, 100][stage - 1] ?? 0,
    planDigest: '0123456789ab',
    stage,
    stagesTotal: 3,
    previousVersion: '1.0.0',
    run: '12345678901.77.1',
    at: T0 + minute * MINUTE,
    pausing: null,
    leaseUntil: null,
    ...more,
  };
}

interface World {
  readonly github: GitHubApi;
  readonly clock: ReturnType<typeof createVirtualClock>;
  readonly shell: RecordingShell;
  /** The memory of a fresh run. */
  run(names?: typeof NAMES, given?: Partial<DeploymentInputs>): RolloutMemory;
}

const NEVER = new AbortController().signal;

async function withGitHub(use: (world: World) => Promise<void>, options: Partial<GitHubOptions> = {}) {
  const clock = createVirtualClock(T0);
  const github = await startGitHub({ now: clock.now, ...options });
  const shell = createRecordingShell({}, {}, github.variables());
  try {
    await use({
      github,
      clock,
      shell,
      run: (names = NAMES, given = {}) =>
        memoryOf({ ...INPUTS, ...given }, names, { shell, around: { clock, signal: NEVER } }),
    });
  } finally {
    await github.close();
  }
}

const statuses = (github: GitHubApi): readonly number[] =>
  github.deployments.map((each) => each.statuses.length);

describe('a memory in deployments', () => {
  it('gives a later run what earlier ones noted, oldest first, whatever became of other deployments', () =>
    withGitHub(async ({ run, clock, github }) => {
      await run().remember(momentAt(0, 1, { leaseUntil: T0 + 11 * MINUTE }), NEVER);
      await run({ ...NAMES, version: '3.0.0' }).remember(momentAt(1, 1, { rolloutId: 'rol_2' }), NEVER);
      clock.advanceTo(T0 + 60 * MINUTE);
      await run().remember(momentAt(60, 2), NEVER);
      const entries = await run().recall('rol_1', T0 + 61 * MINUTE);
      expect(entries.map(({ percentage, at }) => [percentage, at])).toEqual([
        [10, T0],
        [50, T0 + 60 * MINUTE],
      ]);
      expect(readTag(entries[0]?.reason ?? null)).toMatchObject({
        previousVersion: '1.0.0',
        leaseUntil: T0 + 11 * MINUTE,
        run: '12345678901.77.1',
      });
      expect(statuses(github)).toEqual([2, 1]);
    }));

  it('is kept for a version of any characters, however long', () =>
    withGitHub(async ({ run, github }) => {
      const version = '🚀'.repeat(100);
      expect(await run({ ...NAMES, version }).remember(momentAt(0, 1), NEVER)).toBe(true);
      const [deployment] = github.deployments;
      expect(deployment?.description).toMatch(/^Rollout of 🚀+$/u);
      expect(await run({ ...NAMES, version }).recall('rol_1', T0)).toHaveLength(1);
    }));

  it('finds its deployment behind a hundred others', () =>
    withGitHub(async ({ run, github }) => {
      await run().remember(momentAt(0, 1), NEVER);
      const [ours] = github.deployments;
      if (ours === undefined) throw new Error('nothing was remembered');
      for (let id = 1; id <= 120; id += 1) {
        const payload = { ...(ours.payload as object), rollout_id: `other_${id}` };
        github.deployments.push({ ...ours, id: 5_000 + id, payload, statuses: [] });
      }
      expect(await run().recall('rol_1', T0)).toHaveLength(1);
      expect(await run({ ...NAMES, modelId: 'mdl_2' }).recall('rol_1', T0)).toEqual([]);
    }));

  it('goes on in a second deployment where the first takes no further status, and reads both', () =>
    withGitHub(
      async ({ run, github }) => {
        const memory = run();
        for (const stage of [1, 2, 3])
          expect(await memory.remember(momentAt(stage, stage), NEVER)).toBe(true);
        expect(statuses(github)).toEqual([2, 1]);
        const entries = await run().recall('rol_1', T0 + 10 * MINUTE);
        expect(entries.map(({ percentage }) => percentage)).toEqual([10, 50, 100]);
      },
      { mostStatuses: 2 },
    ));

  it('makes one deployment although the answer to the first was lost', () =>
    withGitHub(async ({ run, github }) => {
      github.cutAfterWrite();
      expect(await run().remember(momentAt(0, 1), NEVER)).toBe(true);
      expect(statuses(github)).toEqual([1]);
    }));

  it.each([500, 502, 503, 0])('notes again after one answer %d', (status) =>
    withGitHub(async ({ run, github, shell }) => {
      const memory = run();
      github.fail(status);
      expect(await memory.remember(momentAt(0, 1), NEVER)).toBe(true);
      expect(shell.lines).toEqual([]);
    }),
  );

  it('asks no more once GitHub has refused, and says so once', () =>
    withGitHub(
      async ({ run, github, shell }) => {
        const memory = run();
        for (const stage of [1, 2, 3])
          expect(await memory.remember(momentAt(stage, stage), NEVER)).toBe(false);
        expect(await memory.recall('rol_1', T0)).toEqual([]);
        expect(github.requests).toHaveLength(1);
        expect(shell.lines).toEqual([
          expect.stringMatching(/^notice .*`permissions: deployments: write` \(403/),
        ]);
      },
      { permission: 'none' },
    ));

  it('says that the token is refused, and never which one', () =>
    withGitHub(async ({ run, shell }) => {
      const wrong = 'ghs_wrong_0123456789';
      expect(await run(NAMES, { token: wrong }).recall('rol_1', T0)).toEqual([]);
      expect(shell.lines).toEqual([expect.stringContaining('refuses github-token (401')]);
      expect(shell.lines.join('\n')).not.toContain(wrong);
    }));

  it('keeps nothing waiting when the job is aborted', () =>
    withGitHub(async ({ run }) => {
      expect(await run().remember(momentAt(0, 1), AbortSignal.abort())).toBe(false);
    }));
});

describe('the address of the environment', () => {
  const addresses = (github: GitHubApi): readonly string[] =>
    github.deployments.flatMap((each) => each.statuses.map(({ environment_url }) => environment_url));
  const ENDING = { rolloutId: 'rol_1', kind: 'rolled_back', failure: 'harm', sentence: 'over' } as const;

  it.each([
    {
      title: "the repository's page of it, where the workflow names none",
      given: {},
      gives: 'https://github.test/acme/models/deployments/production',
    },
    {
      title: 'that page, whatever the environment is called',
      given: { environment: 'eu/prod ü?#\u{1F680}' },
      gives: 'https://github.test/acme/models/deployments/eu%2Fprod%20%C3%BC%3F%23%F0%9F%9A%80',
    },
    {
      title: 'what the workflow names',
      given: { environmentUrl: 'https://fleet.example.com/eu?view=2' },
      gives: 'https://fleet.example.com/eu?view=2',
    },
    { title: 'none where its name is too long', given: { environment: 'ü'.repeat(255) }, gives: '' },
  ])('is on every status: $title', ({ given, gives }) =>
    withGitHub(async ({ run, github }) => {
      const memory = run(NAMES, given);
      await memory.remember(momentAt(0, 1), NEVER);
      await memory.remember(momentAt(60, 2), NEVER);
      await memory.conclude(ENDING, NEVER);
      expect(addresses(github)).toEqual(Array(4).fill(gives));
    }),
  );

  it('costs no memory where GitHub refuses it', () =>
    withGitHub(async ({ run, github, shell }) => {
      const memory = run(NAMES, { environmentUrl: 'gopher://fleet.example.com' });
      expect(await memory.remember(momentAt(0, 1), NEVER)).toBe(true);
      expect(await run().recall('rol_1', T0)).toHaveLength(1);
      expect(addresses(github)).toEqual(['']);
      expect(shell.lines).toEqual([]);
    }));
});

describe('an hour between the clocks of the two servers', () => {
  it.each([-1, 1])('changes nothing that is remembered (%d h)', (hours) =>
    withGitHub(async ({ run, clock }) => {
      const skew = hours * 60 * MINUTE;
      await run().remember(momentAt(0, 1, { at: T0 + skew }), NEVER);
      clock.advanceTo(T0 + 30 * MINUTE);
      const [entry] = await run().recall('rol_1', T0 + skew + 30 * MINUTE);
      expect(entry?.at).toBe(T0 + skew);
    }),
  );
});

describe('a status that claims another time than it can have', () => {
  it.each([
    { name: 'older than it was written', minute: -300, gives: 0 },
    { name: 'in the future', minute: 300, gives: 30 },
  ])('counts from a time that is possible: $name', ({ minute, gives }) =>
    withGitHub(async ({ run, clock }) => {
      await run().remember(momentAt(minute, 1), NEVER);
      clock.advanceTo(T0 + 30 * MINUTE);
      const [entry] = await run().recall('rol_1', T0 + 30 * MINUTE);
      expect(((entry?.at ?? 0) - T0) / MINUTE).toBe(gives);
      expect(readTag(entry?.reason ?? null)?.at).toBe(entry?.at);
    }),
  );
});

describe('GITHUB_API_URL', () => {
  it.each(['', 'http://github.test/api/v3', 'https://me:secret@github.test', 'ftp://github.test'])(
    'that is %s gets no token',
    (GITHUB_API_URL) =>
      withGitHub(async ({ github, clock }) => {
        const shell = createRecordingShell({}, {}, { ...github.variables(), GITHUB_API_URL });
        const around = { clock, signal: NEVER };
        const memory = memoryOf(INPUTS, NAMES, { shell, around });
        expect(await memory.remember(momentAt(0, 1), NEVER)).toBe(false);
        expect(shell.lines).toEqual([expect.stringContaining('GITHUB_API_URL is not an https URL')]);
      }),
  );
});
