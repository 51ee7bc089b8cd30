/** Says on the pull request how the run ended: in one comment that is kept up to date, and never at the outcome's cost. */
import { type DurationMs, SECOND_MS } from '../core/units.ts';
import { readGitHubAccess } from '../github/github-access.ts';
import { askedPauseMs, troubleOf } from '../github/github-trouble.ts';
import { connectPullRequests, type PullRequestsApi } from '../github/pull-requests-api.ts';
import { keepComment } from '../github/sticky-comment.ts';
import type { WorkflowEvent } from '../github/workflow-event.ts';
import { commentMarker, renderComment, renderPostComment } from '../report/comment.ts';
import { type News, newsOf, withoutSecrets } from '../report/news.ts';
import type { RunRecord } from '../report/run-record.ts';
import { askedNames } from './asked-names.ts';
import { type CommentInputs, commentOf } from './comment-inputs.ts';
import type { Telling } from './notify.ts';
import { shortlyAfterCancel } from './short-of-time.ts';

const MOST_MS: DurationMs = 30 * SECOND_MS;
const MOST_PAUSE_MS: DurationMs = 20 * SECOND_MS;
const PERMISSION = 'pull-requests: write';

/** What a comment says, and what started the run. Both texts are free of secrets. */
export interface CommentOccasion {
  readonly event: WorkflowEvent;
  /** The line by which the comment is found again; `body` begins with it. */
  readonly marker: string;
  readonly body: string;
}

/** Returns the comment on a run. */
export function commentOnRun(record: RunRecord, event: WorkflowEvent, telling: Telling): CommentOccasion {
  const clean = withoutSecrets(record, telling.secrets);
  const news = withoutSecrets(newsOf(record), telling.secrets);
  const marker = markerOf(news, telling);
  return { event, marker, body: `${marker}\n${renderComment(clean, news)}` };
}

/** Returns the comment on what the post step found. */
export function commentOnPost(news: News, event: WorkflowEvent, telling: Telling): CommentOccasion {
  const clean = withoutSecrets(news, telling.secrets);
  const marker = markerOf(clean, telling);
  return { event, marker, body: `${marker}\n${renderPostComment(clean)}` };
}

/** The same for every run of a workflow, however far it came. */
function markerOf(news: News, { shell, secrets }: Telling): string {
  const { model, group } = withoutSecrets(askedNames(shell), secrets);
  return commentMarker(model ?? news.model, group ?? news.group);
}

/**
 * Creates or updates the comment where one is wanted and there is a pull request for it. Never rejects.
 *
 * On `pull_request` from a fork nothing is asked of GitHub, because the token may only read. What goes wrong is one
 * notice, and a warning where `comment` is `always`.
 */
export async function leaveComment(occasion: CommentOccasion, telling: Telling): Promise<void> {
  const { shell, around, secrets } = telling;
  const { event } = occasion;
  const inputs = commentOf(shell.input);
  if (inputs === null || !hasPlace(event, inputs)) return;
  if (event.name !== 'pull_request_target' && event.pullRequest?.isFromFork === true) {
    shell.log.info('no comment: a pull request from a fork gets a token that may only read');
    return;
  }
  const { signal, end } = shortlyAfterCancel(around.signal, MOST_MS);
  try {
    const access = readGitHubAccess(inputs.token, shell.variable);
    const write = async (): Promise<string> =>
      comment(await connectPullRequests(access, signal), occasion, telling);
    shell.log.info(await once(write, (ms) => around.clock.sleepUntil(around.clock.now() + ms, signal)));
  } catch (thrown) {
    const { why } = troubleOf(thrown, PERMISSION, secrets);
    const hint = inputs.wish === 'auto' ? ', or set `comment: never`' : '';
    const said = `the pull request has no comment: ${signal.aborted ? 'GitHub did not answer in time' : why}${hint}`;
    if (inputs.wish === 'always') shell.log.warn(said);
    else shell.log.notice(said);
  } finally {
    end();
  }
}

/** The commit of a schedule or of a run by hand is whatever the branch ends with, so `auto` asks about pushes only. */
function hasPlace({ name, pullRequest }: WorkflowEvent, { wish }: CommentInputs): boolean {
  return pullRequest !== null || name === 'push' || wish === 'always';
}

async function comment(
  api: PullRequestsApi,
  { event, marker, body }: CommentOccasion,
  { shell }: Telling,
): Promise<string> {
  const pullRequest = await pullRequestOf(api, event, shell.variable('GITHUB_SHA'));
  if (pullRequest === null) return 'no comment: this commit belongs to no pull request';
  const result = await keepComment(api, { pullRequest, marker, body });
  return `comment on pull request ${pullRequest} ${result}`;
}

async function pullRequestOf(
  api: PullRequestsApi,
  { pullRequest }: WorkflowEvent,
  commit: string,
): Promise<number | null> {
  if (pullRequest !== null) return pullRequest.number;
  if (!/^[0-9a-f]{40,64}$/.test(commit)) return null;
  return (await api.pullRequestsOf(commit))[0] ?? null;
}

/** Repeats once what GitHub refused for its rate limit: it was not done then, so nothing is written twice. */
async function once(act: () => Promise<string>, pause: (ms: DurationMs) => Promise<void>): Promise<string> {
  try {
    return await act();
  } catch (thrown) {
    const askedMs = askedPauseMs(thrown);
    if (askedMs === null || askedMs > MOST_PAUSE_MS) throw thrown;
    await pause(askedMs);
    return act();
  }
}
