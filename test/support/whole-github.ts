/** Both stand-ins for GitHub's REST API behind one address, for a process that is given only one. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type GitHubOptions, startGitHub } from './github-api.ts';
import { type PullRequestOptions, type StoredComment, startPullRequests } from './github-pull-requests.ts';
import type { StoredDeployment } from './github-records.ts';

/** What a test changes about it; `permission` is that of a token everywhere. */
export type WholeGitHubOptions = Omit<GitHubOptions, 'now'> & PullRequestOptions;

/** A running GitHub. */
export interface WholeGitHub {
  readonly deployments: readonly StoredDeployment[];
  readonly comments: readonly StoredComment[];
  /** `METHOD path → status` of every request that was answered with an error. */
  readonly refused: readonly string[];
  /** Environment of a runner that belongs to it. */
  variables(): Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts it on a free port of this machine; what neither stand-in knows is refused by that for pull requests. */
export async function startWholeGitHub(options: WholeGitHubOptions = {}): Promise<WholeGitHub> {
  const [deployments, pullRequests] = await Promise.all([
    startGitHub({ ...options, now: Date.now }),
    startPullRequests(options),
  ]);
  const refused: string[] = [];
  const originOf = ({ GITHUB_API_URL = '' }: Readonly<Record<string, string>>): string =>
    new URL(GITHUB_API_URL).origin;
  const server = createServer((request, response) => {
    const { method = 'GET', url = '/' } = request;
    const behind = /^\/api\/v3\/repos\/[^/]+\/[^/]+\/deployments\b/.test(url) ? deployments : pullRequests;
    void forward(request, `${originOf(behind.variables())}${url}`).then(async (answer) => {
      if (!answer.ok) refused.push(`${method} ${url} → ${answer.status}`);
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    deployments: deployments.deployments,
    comments: pullRequests.comments,
    refused,
    variables: () => ({ ...deployments.variables(), GITHUB_API_URL: `${origin}/api/v3` }),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all([deployments.close(), pullRequests.close()]);
    },
  };
}

async function forward(request: IncomingMessage, url: string): Promise<Response> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = 'GET', headers } = request;
  return fetch(url, {
    method,
    headers: { authorization: headers.authorization ?? '' },
    ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
  });
}
