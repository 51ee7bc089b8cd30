/** The comment on a pull request against a stand-in for GitHub: whose it is, when it is written, and what forks may do. */
import { describe, expect, it } from 'vitest';
import { writesOf } from '../support/emulated-run.ts';
import { COMMIT, FORK, inRepository, MARKER, OWN_BRANCH, PLAN, told } from '../support/event-runs.ts';
import { GITHUB_TOKEN } from '../support/github-api.ts';
import { PERSONAL_TOKEN } from '../support/github-pull-requests.ts';
import { startNumbersServer } from '../support/numbers-server.ts';

describe('the comment', () => {
  it('is written once, and kept up to date', () =>
    inRepository({}, async ({ github, ask }) => {
      expect((await ask()).exitCode).toBe(0);
      await ask({ inputs: { plan: PLAN.replace('5%', '10%') } });
      expect(github.comments).toHaveLength(1);
      const { body, pullRequest } = github.comments[0] ?? { body: '', pullRequest: 0 };
      expect(pullRequest).toBe(12);
      expect(body.split('\r\n')[0]).toBe(MARKER);
      expect(body).toContain('Planned radiology-v1 2.0.0: 2 stages (10% → 100%)');
      expect(body).toContain('https://github.test/acme/models/actions/runs/77');
    }));

  it('is not written again when it says so already', () =>
    inRepository({}, async ({ github, ask }) => {
      await ask();
      await ask();
      expect(github.requests.filter((request) => !request.startsWith('GET'))).toHaveLength(1);
    }));

  it('is another one for another group', () =>
    inRepository({}, async ({ github, ask }) => {
      await ask({ inputs: { 'api-key': '' } });
      await ask({ inputs: { 'api-key': '', group: 'beta testers --> x' } });
      expect(github.comments.map(({ body }) => body.split('\r\n')[0])).toEqual([
        MARKER,
        '<!-- octomil-rollout:radiology-v1:beta%20testers%20--%3E%20x -->',
      ]);
    }));

  it('is found behind a hundred others', () =>
    inRepository({}, async ({ github, ask }) => {
      const user = { login: 'someone', type: 'User' };
      for (let id = 1; id <= 130; id += 1) github.comments.push({ id, pullRequest: 12, user, body: 'hm' });
      await ask();
      await ask({ inputs: { plan: PLAN.replace('5%', '10%') } });
      expect(github.comments).toHaveLength(131);
    }));

  it('is not written anew by every run where it may stand behind more comments than are read', () =>
    inRepository({}, async ({ github, ask }) => {
      const user = { login: 'someone', type: 'User' };
      for (let id = 1; id <= 1_000; id += 1) github.comments.push({ id, pullRequest: 12, user, body: 'hm' });
      const run = await ask();
      expect(github.comments).toHaveLength(1_000);
      expect(told(run, 'notice')).toEqual([expect.stringContaining('the first 1000 comments')]);
    }));

  it.each([
    { whose: 'a person', user: { login: 'mallory', type: 'User' }, token: GITHUB_TOKEN },
    { whose: 'nobody any more', user: null, token: GITHUB_TOKEN },
    { whose: 'another person', user: { login: 'mallory', type: 'User' }, token: PERSONAL_TOKEN },
    { whose: 'a bot', user: { login: 'other[bot]', type: 'Bot' }, token: PERSONAL_TOKEN },
  ])('never replaces the words of $whose', ({ user, token }) =>
    inRepository({}, async ({ github, ask }) => {
      const body = `${MARKER}\nmine`;
      github.comments.push({ id: 1, pullRequest: 12, user, body });
      await ask({ inputs: { 'github-token': token } });
      await ask({ inputs: { 'github-token': token, plan: PLAN.replace('5%', '10%') } });
      expect(github.comments).toHaveLength(2);
      expect(github.comments[0]?.body).toBe(body);
      expect(github.comments[1]?.body).toContain('10%');
    }),
  );

  it('never replaces an answer that quotes it', () =>
    inRepository({}, async ({ github, ask }) => {
      const user = { login: 'github-actions[bot]', type: 'Bot' };
      github.comments.push({ id: 1, pullRequest: 12, user, body: `> ${MARKER}\n\nindeed` });
      await ask();
      expect(github.comments).toHaveLength(2);
    }));

  it.each([
    { what: 'a plan that is refused', inputs: { plan: PLAN.replace('100%', '200%') } },
    { what: 'a plan that is no YAML', inputs: { plan: `${PLAN}stages: [` } },
    { what: 'a version that is not there', inputs: { plan: PLAN.replace('2.0.0', '9.9.9') } },
    { what: 'an input that is wrong', inputs: { timeout: 'soon' } },
  ])('stays the same one for $what', ({ inputs }) =>
    inRepository({}, async ({ github, ask }) => {
      await ask({ inputs });
      expect(github.comments[0]?.body).not.toContain('Planned');
      await ask();
      expect(github.comments).toHaveLength(1);
      expect(github.comments[0]?.body).toContain('Planned radiology-v1 2.0.0');
    }),
  );

  it('tells a plan that is refused, too', () =>
    inRepository({}, async ({ github, ask }) => {
      expect((await ask({ inputs: { plan: PLAN.replace('100%', '200%') } })).exitCode).toBe(1);
      expect(github.comments[0]?.body).toContain('Refused the plan');
    }));
});

describe('for a merged commit', () => {
  const commits = {
    [COMMIT]: [
      { number: 40, merged_at: null },
      { number: 41, merged_at: '2026-11-20T09:00:00Z' },
    ],
  };

  it.each([
    { event: 'push', wish: 'auto', on: [41] },
    { event: 'schedule', wish: 'auto', on: [] },
    { event: 'workflow_dispatch', wish: 'auto', on: [] },
    { event: 'workflow_dispatch', wish: 'always', on: [41] },
    { event: 'push', wish: 'never', on: [] },
  ])('on $event with comment: $wish it is written on $on', ({ event, wish, on }) =>
    inRepository({ commits }, async ({ github, ask }) => {
      await ask({ event, inputs: { comment: wish } });
      expect(github.comments.map(({ pullRequest }) => pullRequest)).toEqual(on);
      if (on.length === 0) expect(github.requests).toEqual([]);
    }),
  );

  it('there is none where the commit came without a pull request', () =>
    inRepository({}, async ({ github, ask }) => {
      const run = await ask({ event: 'push' });
      expect(github.comments).toEqual([]);
      expect([...told(run, 'notice'), ...told(run, 'warn')]).toEqual([]);
    }));

  it('there is none for status, which decides nothing', () =>
    inRepository({ commits }, async ({ github, ask }) => {
      await ask({ event: 'push', inputs: { command: 'status', model: 'radiology-v1', plan: '' } });
      expect(github.requests).toEqual([]);
    }));
});

describe('a job that was killed', () => {
  it('is told in the same comment by its post step', () =>
    inRepository(
      { commits: { [COMMIT]: [{ number: 12, merged_at: null }] } },
      async ({ github, world, ask }) => {
        await ask();
        const stop = new AbortController();
        world.at(world.clock.now() + 600_000, () => stop.abort(new Error('cancelled by the test')));
        const run = await world.run({ plan: PLAN, 'on-cancel': 'leave' }, { signal: stop.signal });
        const handover = JSON.parse(run.shell.states.rollout ?? '{}') as object;
        const rollout = JSON.stringify({ ...handover, onCancel: 'pause', intent: null, settled: false });
        const inputs = { 'github-token': GITHUB_TOKEN, comment: 'always' };
        const post = await world.finish(
          { rollout },
          { inputs, variables: { ...github.variables(), GITHUB_EVENT_NAME: 'push' } },
        );
        expect(post.exitCode).toBe(0);
        expect(github.comments).toHaveLength(1);
        expect(github.comments[0]?.body).toContain('The job was killed before it could say');
        expect(github.comments[0]?.body).toContain('command: rollback');
      },
    ));
});

describe('a token that no header can carry', () => {
  it.each(['auto', 'always'])('is in no word repeated with comment: %s', (wish) =>
    inRepository({}, async ({ github, ask }) => {
      const token = `ghs_${'a'.repeat(300)}\nb`;
      const run = await ask({ inputs: { comment: wish, 'github-token': token } });
      expect([run.exitCode, run.outcome]).toEqual([0, 'planned']);
      expect(github.requests).toEqual([]);
      const said = run.shell.lines.join('\n');
      expect(said).toContain('the pull request has no comment');
      expect(said).not.toContain('aaaa');
    }),
  );
});

describe('what GitHub refuses', () => {
  it.each([
    { wish: 'auto', kind: 'notice', other: 'warn' },
    { wish: 'always', kind: 'warn', other: 'notice' },
  ] as const)('is one $kind with the permission that is missing, with comment: $wish', (row) =>
    inRepository({ permission: 'read' }, async ({ github, ask }) => {
      const run = await ask({ inputs: { comment: row.wish } });
      expect([run.exitCode, run.outcome]).toEqual([0, 'planned']);
      expect(told(run, row.kind)).toHaveLength(1);
      expect(told(run, row.kind)[0]).toContain('permissions: pull-requests: write');
      expect(told(run, row.other)).toEqual([]);
      expect(github.comments).toEqual([]);
    }),
  );

  it('for its rate limit is asked for once more, when it says', () =>
    inRepository({}, async ({ github, ask, world }) => {
      const before = world.clock.now();
      const message = 'You have exceeded a secondary rate limit';
      github.fail({ status: 403, headers: { 'retry-after': '9' }, message });
      const run = await ask();
      expect(github.comments).toHaveLength(1);
      expect(told(run, 'notice')).toEqual([]);
      expect(world.clock.now() - before).toBeGreaterThanOrEqual(9_000);
    }));

  it.each([
    { title: 'a limit again', troubles: 2, headers: { 'retry-after': '1' }, status: 429, requests: 2 },
    {
      title: 'a limit for an hour',
      troubles: 1,
      headers: { 'retry-after': '3600' },
      status: 429,
      requests: 1,
    },
    { title: 'a failure of its own', troubles: 1, headers: {}, status: 502, requests: 1 },
    { title: 'a token that it does not know', troubles: 1, headers: {}, status: 401, requests: 1 },
  ])('is one notice after $title', ({ troubles, headers, status, requests }) =>
    inRepository({}, async ({ github, ask }) => {
      github.fail(...Array(troubles).fill({ status, headers }));
      const run = await ask();
      expect(run.exitCode).toBe(0);
      expect(told(run, 'notice')).toHaveLength(1);
      expect(github.requests).toHaveLength(requests);
    }),
  );

  it('never shows the token', () =>
    inRepository({}, async ({ github, ask }) => {
      github.fail({ status: 422, message: `bad token ${GITHUB_TOKEN}` });
      const { shell } = await ask();
      const said = JSON.stringify([shell.lines, shell.outputs, shell.saves, shell.summary()]);
      expect(said).not.toContain(GITHUB_TOKEN);
      expect(shell.masks).toContain(GITHUB_TOKEN);
    }));
});

describe('a pull request from a fork', () => {
  it.each([
    { command: 'run', key: '' },
    { command: 'advance', key: '' },
    { command: 'run', key: 'edg_test_integration_0123456789' },
    { command: 'rollback', key: 'edg_test_integration_0123456789' },
  ])('gets a plan instead of $command, key "$key", and changes nothing', ({ command, key }) =>
    inRepository({ permission: 'read' }, async ({ github, world, ask }) => {
      const run = await ask({ payload: FORK, inputs: { command, 'api-key': key } });
      expect([run.exitCode, run.outcome, run.reason]).toEqual([0, 'planned', 'planned_for_fork']);
      expect(run.shell.summary()).toContain('because the pull request is from a fork');
      expect(run.shell.summary()).toContain(`command: ${command}`);
      expect(writesOf(world.emulator)).toEqual([]);
      expect(github.requests).toEqual([]);
      expect([...told(run, 'notice'), ...told(run, 'warn')]).toEqual([]);
    }),
  );

  it.each(['run', 'plan'])(
    'has its queries sent nowhere, with the keys of the repository too: %s',
    (command) =>
      inRepository({}, async ({ world, ask }) => {
        const numbers = await startNumbersServer(() => ({ body: {} }));
        try {
          const inputs = {
            command,
            plan: `${PLAN}metrics: { error_rate: { source: prometheus, events: a, trials: b } }\n`,
            'api-key': 'edg_test_integration_0123456789',
            'prometheus-url': numbers.origin,
          };
          const run = await ask({ event: 'pull_request_target', payload: FORK, inputs });
          expect([run.exitCode, run.outcome], run.shell.lines.join('\n')).toEqual([0, 'planned']);
          expect(world.emulator.requests).toEqual([]);
          expect(numbers.asked).toEqual([]);
        } finally {
          await numbers.close();
        }
      }),
  );

  it('gets its plan refused like any other', () =>
    inRepository({}, async ({ ask }) => {
      const plan = PLAN.replace('100%', '200%');
      const run = await ask({ payload: FORK, inputs: { command: 'run', 'api-key': '', plan } });
      expect([run.exitCode, run.outcome]).toEqual([1, 'invalid_plan']);
    }));

  it.each([
    {
      title: 'a fork that was deleted',
      payload: '{"pull_request":{"number":1,"head":{"repo":null},"base":{"repo":{"id":1}}}}',
    },
    { title: 'a payload that is no JSON', payload: '{' },
    { title: 'a payload without a pull request', payload: '{}' },
    { title: 'a payload of absurd size', payload: `${' '.repeat(9_000_000)}${OWN_BRANCH}` },
  ])('is what $title is taken for', ({ payload }) =>
    inRepository({}, async ({ world, ask }) => {
      const run = await ask({ payload, inputs: { command: 'run' } });
      expect(run.reason).toBe('planned_for_fork');
      expect(writesOf(world.emulator)).toEqual([]);
    }),
  );

  it('is commented on where the workflow runs with the rights of the repository', () =>
    inRepository({}, async ({ github, world, ask }) => {
      await ask({ event: 'pull_request_target', payload: FORK, inputs: { command: 'run' } });
      expect(github.comments).toHaveLength(1);
      expect(writesOf(world.emulator)).toEqual([]);
    }));
});
