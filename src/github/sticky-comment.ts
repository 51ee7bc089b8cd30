/** Keeps one comment of a pull request up to date: found again by its marker, and never somebody else's. */
import { isBy } from './authorship.ts';
import { MOST_COMMENTS, type PullRequestComment, type PullRequestsApi } from './pull-requests-api.ts';

/** What came of it. */
export type CommentResult = 'created' | 'updated' | 'unchanged';

/** A comment to be kept. */
export interface StickyComment {
  readonly pullRequest: number;
  /** The first line of the body, by which it is found again. */
  readonly marker: string;
  /** Begins with the marker. */
  readonly body: string;
}

/**
 * Creates the comment, or replaces the text of the one that was created before.
 *
 * Ours is the oldest that begins with the marker and is written by whom the token is: by that login, or, for an app
 * or a workflow, by a bot. A person who writes the marker gets no answer in their own words. Rejects with
 * what GitHub answered, and where ours may stand behind more comments than are read: every run would add one.
 */
export async function keepComment(
  api: PullRequestsApi,
  { pullRequest, marker, body }: StickyComment,
): Promise<CommentResult> {
  const me = await api.whoAmI();
  const comments = await api.listComments(pullRequest);
  const ours = comments.find((each) => isOurs(each, marker, me));
  if (ours === undefined) {
    if (comments.length >= MOST_COMMENTS) {
      throw new Error(`it may stand behind the first ${MOST_COMMENTS} comments, and no more are read`);
    }
    await api.createComment(pullRequest, body);
    return 'created';
  }
  // GitHub stores other line ends than it was sent.
  if (ours.body.replaceAll('\r\n', '\n').trim() === body.trim()) return 'unchanged';
  await api.updateComment(ours.id, body);
  return 'updated';
}

function isOurs({ body, author }: PullRequestComment, marker: string, me: string | null): boolean {
  return body.startsWith(marker) && isBy(me, author);
}
