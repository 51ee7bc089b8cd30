/** What started the run, as far as pull requests matter: from the event's payload, which is untrusted. */
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';

/** A pull request that a run is about. */
export interface PullRequestEvent {
  /** Null where the payload cannot be read. */
  readonly number: number | null;
  /** True also where it is not known whose branch it is: a stranger's until shown otherwise. */
  readonly isFromFork: boolean;
}

/** What started the run. */
export interface WorkflowEvent {
  /** As the runner names it; empty outside a workflow. */
  readonly name: string;
  /** Null where no pull request did. */
  readonly pullRequest: PullRequestEvent | null;
}

const PULL_REQUEST_EVENTS = [
  'pull_request',
  'pull_request_target',
  'pull_request_review',
  'pull_request_review_comment',
];

/** GitHub's own cap of a payload is 25 MB, and a pull request's is far below. */
const MAX_PAYLOAD_BYTES = 8 * 1_024 * 1_024;

const REPOSITORY = z.object({ id: z.int() });
const PAYLOAD = z.object({
  pull_request: z.object({
    number: z.int().min(1),
    // A fork that was deleted has no repository any more.
    head: z.object({ repo: REPOSITORY.nullish() }),
    base: z.object({ repo: REPOSITORY }),
  }),
});

/**
 * Returns what started the run. Never rejects.
 *
 * A pull request is from a fork unless the payload says that head and base are the same repository.
 * Source: docs.github.com /webhooks-and-events/webhooks/webhook-events-and-payloads, `pull_request`.
 */
export async function readWorkflowEvent(variable: (name: string) => string): Promise<WorkflowEvent> {
  const name = variable('GITHUB_EVENT_NAME');
  if (!PULL_REQUEST_EVENTS.includes(name)) return { name, pullRequest: null };
  const payload = PAYLOAD.safeParse(await readPayload(variable('GITHUB_EVENT_PATH')));
  if (!payload.success) return { name, pullRequest: { number: null, isFromFork: true } };
  const { number, head, base } = payload.data.pull_request;
  return { name, pullRequest: { number, isFromFork: head.repo?.id !== base.repo.id } };
}

async function readPayload(path: string): Promise<unknown> {
  try {
    const { size } = await stat(path);
    return size > MAX_PAYLOAD_BYTES ? null : JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}
