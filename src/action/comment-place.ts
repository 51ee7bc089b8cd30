/** Where a comment is written: on which pull request, if on any, and with which rights. */
import { readGitHubAccess } from '../github/github-access.ts';
import { connectPullRequests, type PullRequestsApi } from '../github/pull-requests-api.ts';
import { keepComment } from '../github/sticky-comment.ts';
import type { WorkflowEvent } from '../github/workflow-event.ts';
import type { Comment } from './comment.ts';
import type { CommentInputs } from './comment-inputs.ts';
import type { Shell } from './shell.ts';

/** What a job needs to comment. */
export const COMMENT_PERMISSION = 'pull-requests: write';

/** Where the comment of a job is written. */
export interface Desk {
  /** Creates or updates the comment, and resolves with what was done; rejects with what GitHub answered. */
  write(comment: Comment, signal: AbortSignal): Promise<string>;
}

/**
 * Returns why an event gets no comment, empty where none was asked for; null where there may be one.
 *
 * On `pull_request` from a fork the token may only read. After a workflow that a stranger may have started, the
 * commit of the run is not theirs. The commit of a schedule or of a run by hand is whatever the branch ends with, so
 * `auto` asks about pushes only.
 */
export function noPlaceFor(
  { name, pullRequest, stranger }: WorkflowEvent,
  inputs: CommentInputs | null,
): string | null {
  if (inputs === null) return '';
  if (stranger === 'workflow_run') return 'nothing tells which pull request started the workflow before';
  if (stranger === 'fork' && name !== 'pull_request_target') {
    return 'a pull request from a fork gets a token that may only read';
  }
  return pullRequest !== null || name === 'push' || inputs.wish === 'always' ? null : '';
}

/** Returns where the comment of an event is written. Which pull request it is on is asked for once; nothing is yet. */
export function createDesk(
  { pullRequest }: WorkflowEvent,
  token: string,
  { variable }: Pick<Shell, 'variable'>,
): Desk {
  let known = pullRequest === null ? null : { number: pullRequest.number };
  return {
    async write(comment, signal) {
      const api = await connectPullRequests(readGitHubAccess(token, variable), signal);
      known ??= { number: await pullRequestOf(api, variable('GITHUB_SHA')) };
      const { number } = known;
      if (number === null) return 'no comment: this commit belongs to no pull request';
      const result = await keepComment(api, { pullRequest: number, ...comment });
      return `comment on pull request ${number} ${result}`;
    },
  };
}

async function pullRequestOf(api: PullRequestsApi, commit: string): Promise<number | null> {
  if (!/^[0-9a-f]{40,64}$/.test(commit)) return null;
  return (await api.pullRequestsOf(commit))[0] ?? null;
}
