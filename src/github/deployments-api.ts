/** GitHub's deployments of one repository, over its REST API; loaded only when it is asked for. */
import { z } from 'zod';
import type { EpochMs } from '../core/units.ts';
import { AUTHOR, isBy, loginOf } from './authorship.ts';
import type { GitHubAccess } from './github-access.ts';
import { troubleOf } from './github-trouble.ts';
import { QUIET, safely } from './safe-request.ts';

/** One deployment, as far as it is read. */
export interface Deployment {
  readonly id: number;
  /** An object or JSON text. */
  readonly payload: unknown;
}

/** One status of a deployment, as far as it is read. */
export interface DeploymentStatus {
  readonly id: number;
  readonly state: string;
  readonly description: string;
  /** By GitHub's clock. */
  readonly createdAt: EpochMs;
}

/** The statuses of a deployment and when they were read, by GitHub's clock; null where it does not tell. */
export interface StatusList {
  readonly statuses: readonly DeploymentStatus[];
  readonly readAt: EpochMs | null;
}

/** What a new deployment is about. */
export interface NewDeployment {
  /** Commit of the run. */
  readonly ref: string;
  readonly environment: string;
  readonly description: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What a new status says. */
export interface NewStatus {
  readonly state: 'in_progress' | 'success' | 'failure' | 'error' | 'inactive';
  /** At most 140 characters. */
  readonly description: string;
  /** The run's page, or null. */
  readonly logUrl: string | null;
  /** Where the environment is looked at, http or https; or null. */
  readonly environmentUrl: string | null;
}

/**
 * The routes for deployments that this product uses. Each rejects with what GitHub answered, or with the signal's reason.
 *
 * What anybody else wrote than who the token is (for a workflow, any bot) is not listed: a person who may write
 * deployments can neither move a stage's entry nor mark a pause as ours.
 */
export interface DeploymentsApi {
  /** Newest first, at most 300 of them. */
  list(environment: string, signal: AbortSignal): Promise<readonly Deployment[]>;
  create(deployment: NewDeployment, signal: AbortSignal): Promise<Deployment>;
  /** Oldest first, at most 300 of them. */
  listStatuses(id: number, signal: AbortSignal): Promise<StatusList>;
  /** An address of the environment that GitHub refuses is left out: what the status remembers matters more. */
  createStatus(id: number, status: NewStatus, signal: AbortSignal): Promise<void>;
}

/** The task that tells deployments of ours from others in the same environment. */
export const TASK = 'octomil-rollout';

const PER_PAGE = 100;
const MOST_PAGES = 3;

const DEPLOYMENT = z.object({ id: z.int(), payload: z.unknown(), creator: AUTHOR.nullish() });
const STATUS = z.object({
  id: z.int(),
  state: z.string(),
  description: z.string().nullish(),
  created_at: z.string(),
  creator: AUTHOR.nullish(),
});

/**
 * Returns the routes, with nothing sent yet.
 *
 * Source: docs.github.com /rest/deployments, @octokit/openapi-types 29.0.1. A deployment cannot be changed once it is
 * created: the API has no route for it. So what changes is in its statuses.
 */
export async function connectDeployments(access: GitHubAccess): Promise<DeploymentsApi> {
  // Eager keeps it in the one file of the bundle; it reads the environment when it is evaluated.
  const { getOctokit } = await import(/* webpackMode: "eager" */ '@actions/github');
  const octokit = getOctokit(access.token, { baseUrl: access.apiUrl, log: QUIET });
  const place = { owner: access.owner, repo: access.repo };
  const { repos, users } = octokit.rest;
  let known: { readonly login: string | null } | null = null;
  const ours = async <T extends Written>(items: readonly T[], signal: AbortSignal): Promise<T[]> => {
    known ??= {
      login: await loginOf(access.token, () => users.getAuthenticated({ request: safely(signal) })),
    };
    const { login } = known;
    return items.filter(({ creator }) => isBy(login, creator));
  };
  return {
    async list(environment, signal) {
      const { items } = await inPages(DEPLOYMENT, (page) =>
        repos.listDeployments({ ...place, environment, task: TASK, ...page, request: safely(signal) }),
      );
      return ours(items, signal);
    },
    async create({ ref, environment, description, payload }, signal) {
      const { data } = await repos.createDeployment({
        ...place,
        ref,
        environment,
        description,
        payload: { ...payload },
        task: TASK,
        // Otherwise GitHub merges the default branch into the ref, or refuses because this very job is not over.
        auto_merge: false,
        required_contexts: [],
        request: safely(signal),
      });
      return DEPLOYMENT.parse(data);
    },
    async listStatuses(id, signal) {
      const { items, readAt } = await inPages(STATUS, (page) =>
        repos.listDeploymentStatuses({
          ...place,
          deployment_id: id,
          ...page,
          request: safely(signal),
        }),
      );
      const statuses = (await ours(items, signal)).map(statusOf);
      return { statuses: statuses.toSorted((one, other) => one.id - other.id), readAt };
    },
    async createStatus(id, { state, description, logUrl, environmentUrl }, signal) {
      const status = {
        ...place,
        deployment_id: id,
        state,
        description,
        // Other models, groups and applications of the same environment go on serving.
        auto_inactive: false,
        ...(logUrl === null ? {} : { log_url: logUrl }),
        request: safely(signal),
      } as const;
      if (environmentUrl === null) {
        await repos.createDeploymentStatus(status);
        return;
      }
      try {
        await repos.createDeploymentStatus({ ...status, environment_url: environmentUrl });
      } catch (thrown) {
        if (!troubleOf(thrown).isAboutAddress) throw thrown;
        await repos.createDeploymentStatus(status);
      }
    },
  };
}

function statusOf({ description, created_at, ...rest }: z.infer<typeof STATUS>): DeploymentStatus {
  return { ...rest, description: description ?? '', createdAt: Date.parse(created_at) };
}

type Written = Pick<z.infer<typeof DEPLOYMENT>, 'creator'>;

interface Page {
  readonly per_page: number;
  readonly page: number;
}

interface Answer {
  readonly data: unknown;
  readonly headers: { readonly date?: string | undefined };
}

/** GitHub lists newest first, so what a cut list lacks is the oldest. */
async function inPages<T>(
  schema: z.ZodType<T>,
  ask: (page: Page) => Promise<Answer>,
): Promise<{ readonly items: readonly T[]; readonly readAt: EpochMs | null }> {
  const items: T[] = [];
  let readAt: EpochMs | null = null;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const { data, headers } = await ask({ per_page: PER_PAGE, page });
    const found = z.array(schema).parse(data);
    items.push(...found);
    const date = Date.parse(headers.date ?? '');
    if (readAt === null && Number.isFinite(date)) readAt = date;
    if (found.length < PER_PAGE) break;
  }
  return { items, readAt };
}
