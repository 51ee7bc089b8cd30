/** What started the run, and whether a stranger may have: from the event's payload, which is untrusted. */
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';

/** A pull request that a run is about. */
export interface PullRequestEvent {
  /** Null where the payload cannot be read. */
  readonly number: number | null;
}

/**
 * How somebody without any right to the repository may be behind a run: by a pull request from a fork, or by a
 * workflow that such a pull request, or anybody, may have started before this one.
 */
export type Stranger = 'fork' | 'workflow_run';

/** What started the run. */
export interface WorkflowEvent {
  /** As the runner names it; empty outside a workflow. */
  readonly name: string;
  /** Null where no pull request did. */
  readonly pullRequest: PullRequestEvent | null;
  /** Null only where the payload shows that the run is the repository's own: a stranger's until shown otherwise. */
  readonly stranger: Stranger | null;
}

const PULL_REQUEST_EVENTS = [
  'pull_request',
  'pull_request_target',
  'pull_request_review',
  'pull_request_review_comment',
];

/** What nobody can cause who may not write to the repository. */
const STARTED_INSIDE = [
  'push',
  'merge_group',
  'release',
  'schedule',
  'workflow_dispatch',
  'repository_dispatch',
  'deployment',
  'deployment_status',
];

/** Its pull requests come from branches of the repository itself, and GitHub gives them the rights of a fork's. */
const DEPENDABOT = 'dependabot[bot]';

/** GitHub's own cap of a payload is 25 MB, and a pull request's is far below. */
const MAX_PAYLOAD_BYTES = 8 * 1_024 * 1_024;

const REPOSITORY = z.object({ id: z.int() });
const PULL_REQUEST = z.object({
  pull_request: z.object({
    number: z.int().min(1),
    // A fork that was deleted has no repository any more.
    head: z.object({ repo: REPOSITORY.nullish() }),
    base: z.object({ repo: REPOSITORY }),
  }),
});

const WORKFLOW_RUN = z.object({
  repository: REPOSITORY,
  workflow_run: z.object({
    event: z.string(),
    actor: z.object({ login: z.string() }).nullish(),
    // Where a pull request started it, this is the repository of its branch; a deleted fork has none.
    head_repository: REPOSITORY.nullish(),
  }),
});

/**
 * Returns what started the run. Never rejects.
 *
 * A pull request is from a fork unless the payload says that head and base are the same repository. A run that
 * follows another one has the secrets of the repository whoever started the first: it is a stranger's unless the
 * first one was on the repository itself, by an event that takes the right to write or a pull request of a branch
 * of its own. One that followed a third one itself tells nothing of that one's origin.
 * Sources: docs.github.com /webhooks/webhook-events-and-payloads, `pull_request` and `workflow_run`; actions/checkout
 * 7, which refuses the same runs the code of a fork (its pull request 2454).
 */
export async function readWorkflowEvent(variable: (name: string) => string): Promise<WorkflowEvent> {
  const name = variable('GITHUB_EVENT_NAME');
  const isAfterOther = name === 'workflow_run';
  if (!isAfterOther && !PULL_REQUEST_EVENTS.includes(name))
    return { name, pullRequest: null, stranger: null };
  const payload = await readPayload(variable('GITHUB_EVENT_PATH'));
  if (isAfterOther) return { name, pullRequest: null, stranger: isOwnRun(payload) ? null : 'workflow_run' };
  const parsed = PULL_REQUEST.safeParse(payload);
  if (!parsed.success) return { name, pullRequest: { number: null }, stranger: 'fork' };
  const { number, head, base } = parsed.data.pull_request;
  return { name, pullRequest: { number }, stranger: head.repo?.id === base.repo.id ? null : 'fork' };
}

function isOwnRun(payload: unknown): boolean {
  const parsed = WORKFLOW_RUN.safeParse(payload);
  if (!parsed.success) return false;
  const { repository, workflow_run: first } = parsed.data;
  if (first.head_repository?.id !== repository.id) return false;
  if (PULL_REQUEST_EVENTS.includes(first.event)) return (first.actor?.login ?? DEPENDABOT) !== DEPENDABOT;
  return STARTED_INSIDE.includes(first.event);
}

async function readPayload(path: string): Promise<unknown> {
  try {
    const { size } = await stat(path);
    return size > MAX_PAYLOAD_BYTES ? null : JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}
