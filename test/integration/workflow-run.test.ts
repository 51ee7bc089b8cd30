/** A run that follows another workflow: whether a stranger may be behind it decides whether it may write. */
import { describe, expect, it } from 'vitest';
import { writesOf } from '../support/emulated-run.ts';
import { COMMIT, inRepository, PLAN, told } from '../support/event-runs.ts';

interface First {
  /** What started the first workflow. */
  readonly event: string;
  /** The repository whose branch it was on; 1 is the one that both workflows are of. */
  readonly of?: number | null;
  readonly actor?: string | null;
}

const payloadAfter = ({ event, of = 1, actor = 'octocat' }: First): string =>
  JSON.stringify({
    action: 'completed',
    repository: { id: 1 },
    workflow_run: {
      event,
      actor: actor === null ? null : { login: actor },
      head_branch: 'main',
      head_repository: of === null ? null : { id: of },
      pull_requests: [],
    },
  });

const VERB = { command: 'rollback', model: 'radiology-v1', 'to-version': '', reason: 'by hand' };
const SHORT = 'model: radiology-v1\nversion: 2.0.0\nstages: [100%]\nbake: 1m\n';

describe('a run after a workflow that only somebody with the right to write can have started', () => {
  it.each<First>([
    { event: 'push' },
    { event: 'merge_group' },
    { event: 'release' },
    { event: 'schedule', actor: null },
    { event: 'workflow_dispatch' },
    { event: 'pull_request' },
    { event: 'pull_request_target' },
    { event: 'push', actor: 'dependabot[bot]' },
  ])('rolls out: %j', (first) =>
    inRepository({}, async ({ world, ask }) => {
      const inputs = { command: 'advance', plan: SHORT };
      const run = await ask({ event: 'workflow_run', payload: payloadAfter(first), inputs });
      expect([run.exitCode, run.outcome, run.reason]).toEqual([0, 'advanced', 'starting']);
      expect(writesOf(world.emulator)[0]).toMatch(/^POST .*rollouts$/);
    }),
  );
});

describe('a run after a workflow that a stranger may have started', () => {
  it.each<{ title: string; payload: string }>([
    { title: 'a pull request from a fork', payload: payloadAfter({ event: 'pull_request', of: 2 }) },
    {
      title: 'the same with the rights of the base',
      payload: payloadAfter({ event: 'pull_request_target', of: 2 }),
    },
    {
      title: 'a review of such a pull request',
      payload: payloadAfter({ event: 'pull_request_review', of: 2 }),
    },
    { title: 'a fork that was deleted', payload: payloadAfter({ event: 'pull_request', of: null }) },
    { title: 'a push that claims to be in a fork', payload: payloadAfter({ event: 'push', of: 2 }) },
    { title: 'a comment, which anybody may write', payload: payloadAfter({ event: 'issue_comment' }) },
    { title: 'a third workflow, whoever started that', payload: payloadAfter({ event: 'workflow_run' }) },
    { title: 'an event that is not known', payload: payloadAfter({ event: 'levitate' }) },
    { title: 'Dependabot', payload: payloadAfter({ event: 'pull_request', actor: 'dependabot[bot]' }) },
    { title: 'a pull request of nobody', payload: payloadAfter({ event: 'pull_request', actor: null }) },
    { title: 'nobody knows what', payload: '{"repository":{"id":1}}' },
    { title: 'a payload that is no JSON', payload: '{' },
  ])('plans and changes nothing: $title', ({ payload }) =>
    inRepository({}, async ({ github, world, ask }) => {
      const run = await ask({ event: 'workflow_run', payload, inputs: { command: 'run' } });
      expect([run.exitCode, run.outcome, run.reason]).toEqual([0, 'planned', 'planned_after_fork']);
      expect(run.shell.summary()).toContain('because a fork may be behind this run');
      expect(run.shell.summary()).toContain('command: run');
      expect(writesOf(world.emulator)).toEqual([]);
      expect(github.requests).toEqual([]);
      expect([...told(run, 'notice'), ...told(run, 'warn')]).toEqual([]);
    }),
  );

  it.each(['advance', 'rollback', 'pause', 'resume'])('carries out no %s either', (command) =>
    inRepository({}, async ({ world, ask }) => {
      const payload = payloadAfter({ event: 'pull_request', of: 2 });
      const run = await ask({ event: 'workflow_run', payload, inputs: { ...VERB, command } });
      expect(run.reason).toBe('planned_after_fork');
      expect(writesOf(world.emulator)).toEqual([]);
    }),
  );

  it('leaves no comment on whatever was merged last, even where one is always wanted', () =>
    inRepository(
      { commits: { [COMMIT]: [{ number: 41, merged_at: '2026-11-20T09:00:00Z' }] } },
      async ({ github, ask }) => {
        const payload = payloadAfter({ event: 'pull_request', of: 2 });
        await ask({ event: 'workflow_run', payload, inputs: { comment: 'always', plan: PLAN } });
        expect(github.requests).toEqual([]);
      },
    ));

  it('still reads: status says what is running', () =>
    inRepository({}, async ({ ask }) => {
      const payload = payloadAfter({ event: 'pull_request', of: 2 });
      const inputs = { command: 'status', model: 'radiology-v1', plan: '' };
      expect((await ask({ event: 'workflow_run', payload, inputs })).outcome).toBe('done');
    }));
});
