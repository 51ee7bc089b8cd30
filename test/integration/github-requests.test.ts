/** Where requests to GitHub go, and what its answers may print: against servers that are not as GitHub is. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connectDeployments } from '../../src/github/deployments-api.ts';
import type { GitHubAccess } from '../../src/github/github-access.ts';
import { connectPullRequests } from '../../src/github/pull-requests-api.ts';

const NEVER = new AbortController().signal;
const servers: Server[] = [];

/** Starts a server on a free port of this machine and returns its address. */
async function serve(host: string, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

afterEach(async () => {
  vi.restoreAllMocks();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const uses: readonly (readonly [string, (access: GitHubAccess) => Promise<unknown>])[] = [
  [
    'a new comment',
    async (access) => (await connectPullRequests(access, NEVER)).createComment(12, 'what went wrong'),
  ],
  ['the comments', async (access) => (await connectPullRequests(access, NEVER)).listComments(12)],
  [
    'a new status',
    async (access) =>
      (await connectDeployments(access)).createStatus(
        1,
        { state: 'success', description: 'what went well', logUrl: null, environmentUrl: null },
        NEVER,
      ),
  ],
  ['the deployments', async (access) => (await connectDeployments(access)).list('production', NEVER)],
];

function accessTo(apiUrl: string): GitHubAccess {
  return { apiUrl, token: 'ghs_standin0123456789', owner: 'acme', repo: 'models' };
}

describe('an API that sends requests elsewhere', () => {
  it.each(uses)('gets no further with %s', async (_what, use) => {
    const arrived: string[] = [];
    const elsewhere = await serve('localhost', (request, response) => {
      arrived.push(`${request.method} ${request.url}`);
      response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
    });
    const api = await serve('127.0.0.1', (_request, response) => {
      response.writeHead(307, { location: `${elsewhere}/taken` }).end();
    });
    await expect(use(accessTo(api))).rejects.toThrow();
    expect(arrived).toEqual([]);
  });
});

describe('an API that calls a route deprecated', () => {
  it.each(uses)('prints nothing past the log with %s', async (_what, use) => {
    const printed = (['debug', 'info', 'log', 'warn', 'error'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => {}),
    );
    const headers = {
      'content-type': 'application/json',
      deprecation: 'true',
      sunset: '##[error]the build is broken',
      link: '<https://elsewhere.test>; rel="deprecation"',
    };
    const api = await serve('127.0.0.1', (_request, response) => {
      response.writeHead(200, headers).end('[]');
    });
    await use(accessTo(api));
    expect(printed.flatMap((spy) => spy.mock.calls)).toEqual([]);
  });
});
