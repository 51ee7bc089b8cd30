/** What people outside the job see of a rollout, from the committed bundles: deployment, pull request and webhook. */
import { describe, expect, it } from 'vitest';
import { type Receiver, startReceiver, startSigned } from '../support/chat-stand-ins.ts';
import { GITHUB_TOKEN } from '../support/github-api.ts';
import { rehearse, startEmulatorProcess } from '../support/rehearsal.ts';
import { findRuntimes } from '../support/runtimes.ts';
import { startWholeGitHub, type WholeGitHub, type WholeGitHubOptions } from '../support/whole-github.ts';

type Step = Awaited<ReturnType<typeof rehearse>>;
type Scenario = 'healthy' | 'error-spike';

const PLAN =
  'model: radiology-v1\nversion: 2.0.0\nstages: [5%, 25%, 100%]\nsoak: 4s\nbake: 4s\nmax_wait: 12s\n';
const FLEET = ['--devices', '124', '--requests-per-hour', '36000', '--sync-seconds', '1', '--seed', '7'];
const SECRET = 'whsec_0123456789abcdef';
const PULL_REQUEST = 12;
const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const MERGED = { [COMMIT]: [{ number: PULL_REQUEST, merged_at: '2026-11-20T09:00:00Z' }] };
const REPOSITORY = { id: 1 };
const ON_PULL_REQUEST = {
  pull_request: { number: PULL_REQUEST, head: { repo: REPOSITORY }, base: { repo: REPOSITORY } },
};

interface Place {
  readonly github: WholeGitHub;
  readonly receiver: Receiver;
  /** The plan on the pull request, when one is asked for, and then the run of the merged commit. */
  plan(): Promise<Step>;
  run(): Promise<Step>;
}

interface Setting {
  readonly node: string;
  readonly scenario: Scenario;
  readonly github: WholeGitHubOptions;
  startOne(): Promise<Receiver>;
}

async function inPlace(
  { node, scenario, github: how, startOne }: Setting,
  use: (place: Place) => Promise<void>,
): Promise<void> {
  const [emulator, github, receiver] = await Promise.all([
    startEmulatorProcess(['--scenario', scenario, ...FLEET], node),
    startWholeGitHub({ commits: MERGED, ...how }),
    startOne(),
  ]);
  const step = (command: 'plan' | 'run', eventName: string, event: object): Promise<Step> =>
    rehearse({
      emulator,
      node,
      inputs: {
        command,
        plan: PLAN,
        environment: 'production',
        'webhook-url': receiver.url,
        'webhook-secret': SECRET,
      },
      options: {
        event,
        env: { ...github.variables(), GITHUB_EVENT_NAME: eventName },
        githubToken: GITHUB_TOKEN,
      },
    });
  try {
    await use({
      github,
      receiver,
      plan: () => step('plan', 'pull_request', ON_PULL_REQUEST),
      run: () => step('run', 'push', {}),
    });
  } finally {
    await Promise.all([emulator.stop(), github.close(), receiver.close()]);
  }
}

/** Every annotation of one kind, of the main step and of the post step. */
function annotated({ annotations, post }: Step, kind: 'notice' | 'warning'): readonly string[] {
  const all = [...annotations, ...(post?.annotations ?? [])];
  return all.filter(({ type }) => type === kind).map(({ message }) => message);
}

const naming = (messages: readonly string[], text: string): readonly string[] =>
  messages.filter((message) => message.includes(text));

interface Row {
  readonly scenario: Scenario;
  readonly gives: {
    readonly outcome: string;
    readonly exitCode: 0 | 1;
    /** The sentence that everybody is told. */
    readonly sentence: RegExp;
    /** Statuses of the deployment, oldest first, each as its state and how it begins. */
    readonly shown: readonly RegExp[];
  };
}

const ROWS: readonly Row[] = [
  {
    scenario: 'healthy',
    gives: {
      outcome: 'completed',
      exitCode: 0,
      sentence: /Completed radiology-v1 2\.0\.0 at 100%/,
      shown: [
        /^in_progress Stage 1\/3: 5% since /,
        /^in_progress Stage 2\/3: 25% since /,
        /^in_progress Stage 3\/3: 100% since /,
        /^success Completed radiology-v1 2\.0\.0 at 100%/,
      ],
    },
  },
  {
    scenario: 'error-spike',
    gives: {
      outcome: 'rolled_back',
      exitCode: 1,
      sentence: /Rolled back radiology-v1 2\.0\.0 to 1\.0\.0 at 25%/,
      shown: [
        /^in_progress Stage 1\/3: 5% since /,
        /^in_progress Stage 2\/3: 25% since /,
        /^in_progress Rolling back in stage 2\/3: 25% since /,
        /^failure Rolling back radiology-v1 2\.0\.0 to 1\.0\.0 at 25%: .*error/,
        /^inactive Rolled back 2\.0\.0 to 1\.0\.0: /,
      ],
    },
  },
];

describe.each(findRuntimes())('on Node $version', ({ path: node }) => {
  it.concurrent.each(ROWS)(
    'a rollout that ends $gives.outcome is told once, in every place, in the same words',
    async ({ scenario, gives }) => {
      const startOne = (): Promise<Receiver> => startSigned(SECRET);
      await inPlace({ node, scenario, github: {}, startOne }, async ({ github, receiver, plan, run }) => {
        expect((await plan()).exitCode).toBe(0);
        expect(github.comments.map(({ body }) => body)).toEqual([
          expect.stringContaining('Planned radiology-v1 2.0.0'),
        ]);
        expect([github.deployments, receiver.received]).toEqual([[], []]);
        const [planned] = github.comments;

        const step = await run();
        const log = step.log.join('\n');
        expect([step.outputs['outcome'], step.exitCode], log).toEqual([gives.outcome, gives.exitCode]);
        expect(step.post?.exitCode).toBe(0);

        const [deployment, ...otherDeployments] = github.deployments;
        expect(otherDeployments).toEqual([]);
        expect(deployment).toMatchObject({ environment: 'production', ref: COMMIT });
        expect(deployment?.statuses.map(({ state, description }) => `${state} ${description}`)).toEqual(
          gives.shown.map((shown) => expect.stringMatching(shown)),
        );

        const [comment, ...otherComments] = github.comments;
        expect(otherComments).toEqual([]);
        expect([comment?.id, comment?.pullRequest]).toEqual([planned?.id, PULL_REQUEST]);
        expect(comment?.body.replaceAll('\\', '')).toMatch(gives.sentence);
        expect(comment?.body).not.toContain('Planned');

        expect(receiver.received.map(({ status }) => status)).toEqual([204]);
        expect(JSON.parse(receiver.received[0]?.text ?? '{}')).toMatchObject({
          outcome: gives.outcome,
          sentence: expect.stringMatching(gives.sentence),
          run_url: deployment?.statuses.at(-1)?.log_url,
        });

        expect(github.refused).toEqual([]);
        expect([...annotated(step, 'notice'), ...annotated(step, 'warning')]).toEqual([]);
        const raw = [...step.rawLines, ...(step.post?.rawLines ?? [])];
        const said = raw.filter((line) => !line.startsWith('::add-mask::'));
        const left = [...said, step.rawSummary, ...Object.values(step.rawOutputs)].join('\n');
        for (const secret of [SECRET, GITHUB_TOKEN, receiver.url]) expect(left).not.toContain(secret);
      });
    },
  );

  it.concurrent.each(ROWS)(
    'a rollout that nobody can be told of still ends $gives.outcome, and each missing permission is one notice',
    async ({ scenario, gives }) => {
      const startOne = async (): Promise<Receiver> => {
        const receiver = await startReceiver();
        receiver.fail(...Array<number>(50).fill(500));
        return receiver;
      };
      const github = { permission: 'none' } as const;
      await inPlace({ node, scenario, github, startOne }, async ({ github, receiver, run }) => {
        const step = await run();
        const log = step.log.join('\n');
        expect([step.outputs['outcome'], step.exitCode], log).toEqual([gives.outcome, gives.exitCode]);
        expect(step.post?.exitCode).toBe(0);
        expect([github.deployments, github.comments]).toEqual([[], []]);
        expect(github.refused.every((request) => request.endsWith(' → 403'))).toBe(true);

        const notices = annotated(step, 'notice');
        expect(notices).toHaveLength(2);
        expect(naming(notices, 'permissions: deployments: write')).toHaveLength(1);
        expect(naming(notices, 'permissions: pull-requests: write')).toHaveLength(1);
        const warnings = annotated(step, 'warning');
        expect(naming(warnings, 'was not told: it answered 500')).toHaveLength(1);
        expect(new Set(receiver.received.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
      });
    },
  );
});
