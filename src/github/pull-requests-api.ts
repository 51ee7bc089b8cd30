/** GitHub's pull requests of one repository and their comments, over its REST API; loaded only when it is asked for. */
import { z } from 'zod';
import { AUTHOR, type Author, loginOf } from './authorship.ts';
import type { GitHubAccess } from './github-access.ts';
import { QUIET, safely } from './safe-request.ts';

/** One comment, as far as it is read. */
export interface PullRequestComment {
  readonly id: number;
  readonly body: string;
  readonly author: Author | null;
}

/** The routes for comments that this product uses. Each rejects with what GitHub answered, or with the signal's reason. */
export interface PullRequestsApi {
  /** Returns who the token is, or null for an app or a workflow, which GitHub does not tell. */
  whoAmI(): Promise<string | null>;
  /** Returns the numbers of the pull requests that brought a commit, merged ones first. */
  pullRequestsOf(commit: string): Promise<readonly number[]>;
  /** Oldest first, at most `MOST_COMMENTS` of them. */
  listComments(pullRequest: number): Promise<readonly PullRequestComment[]>;
  createComment(pullRequest: number, body: string): Promise<void>;
  updateComment(id: number, body: string): Promise<void>;
}

const PER_PAGE = 100;
const MOST_PAGES = 10;
/** Most comments of a pull request that are read. */
export const MOST_COMMENTS = PER_PAGE * MOST_PAGES;

const COMMENTS = z.array(z.object({ id: z.int(), body: z.string().nullish(), user: AUTHOR.nullish() }));
const PULL_REQUESTS = z.array(z.object({ number: z.int(), merged_at: z.string().nullish() }));

/**
 * Returns the routes, with nothing sent yet; `signal` ends every request.
 *
 * Source: docs.github.com /rest/issues/comments, /rest/commits/commits, @octokit/openapi-types 29.0.1.
 */
export async function connectPullRequests(
  access: GitHubAccess,
  signal: AbortSignal,
): Promise<PullRequestsApi> {
  // Eager keeps it in the one file of the bundle; it reads the environment when it is evaluated.
  const { getOctokit } = await import(/* webpackMode: "eager" */ '@actions/github');
  const { rest } = getOctokit(access.token, { baseUrl: access.apiUrl, log: QUIET });
  const { owner, repo } = access;
  const common = { owner, repo, request: safely(signal) } as const;
  return {
    whoAmI: () => loginOf(access.token, () => rest.users.getAuthenticated({ request: safely(signal) })),
    async pullRequestsOf(commit) {
      const { data } = await rest.repos.listPullRequestsAssociatedWithCommit({
        ...common,
        commit_sha: commit,
      });
      const found = PULL_REQUESTS.parse(data);
      const isMerged = ({ merged_at }: (typeof found)[number]): boolean => typeof merged_at === 'string';
      return [...found.filter(isMerged), ...found.filter((each) => !isMerged(each))].map(
        (each) => each.number,
      );
    },
    async listComments(pullRequest) {
      const comments: PullRequestComment[] = [];
      for (let page = 1; page <= MOST_PAGES; page += 1) {
        const { data } = await rest.issues.listComments({
          ...common,
          issue_number: pullRequest,
          per_page: PER_PAGE,
          page,
        });
        const found = COMMENTS.parse(data);
        comments.push(...found.map(({ id, body, user }) => ({ id, body: body ?? '', author: user ?? null })));
        if (found.length < PER_PAGE) break;
      }
      return comments;
    },
    async createComment(pullRequest, body) {
      await rest.issues.createComment({ ...common, issue_number: pullRequest, body });
    },
    async updateComment(id, body) {
      await rest.issues.updateComment({ ...common, comment_id: id, body });
    },
  };
}
