/** A stand-in for GitHub's REST API for deployments: real HTTP, permissions, field limits, pages, and nothing else. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Json, newDeployment, newStatus, Refused, type StoredDeployment } from './github-records.ts';

/** Token that the stand-in knows. */
export const GITHUB_TOKEN = 'ghs_standin0123456789';

/** Repository that the stand-in has. */
export const REPOSITORY = 'acme/models';

/** What a test changes about the stand-in. */
export interface GitHubOptions {
  /** GitHub's clock. */
  readonly now: () => number;
  /** What the token may do with deployments. */
  readonly permission?: 'write' | 'read' | 'none';
  /** How payloads come back. */
  readonly payloadAs?: 'object' | 'text';
  /** Statuses that one deployment takes. */
  readonly mostStatuses?: number;
}

/** A running stand-in. */
export interface GitHubApi {
  readonly url: string;
  readonly deployments: StoredDeployment[];
  /** `METHOD path` of every request so far. */
  readonly requests: readonly string[];
  /** Answers the next requests with these statuses instead, before anything is stored; 0 cuts the connection. */
  fail(...statuses: readonly number[]): void;
  /** Answers the next write that was stored with a cut connection. */
  cutAfterWrite(): void;
  /** Environment of a runner that belongs to it. */
  variables(): Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts a stand-in on a free port of this machine. */
export async function startGitHub(options: GitHubOptions): Promise<GitHubApi> {
  const store: StoredDeployment[] = [];
  const requests: string[] = [];
  const failures: number[] = [];
  let cuts = 0;
  const routes = createRoutes(store, options);
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const url = new URL(request.url ?? '/', 'http://github.test');
      const { method = 'GET' } = request;
      requests.push(`${method} ${url.pathname}`);
      const failure = failures.shift();
      if (failure === 0) return request.socket.destroy();
      try {
        if (failure !== undefined) throw new Refused(failure, `Stand-in says ${failure}`);
        authorise(request, options.permission ?? 'write');
        const answer = routes(method, url, body);
        if (answer.status === 201 && cuts > 0) {
          cuts -= 1;
          return request.socket.destroy();
        }
        return send(response, answer, options.now());
      } catch (thrown) {
        if (!(thrown instanceof Refused)) throw thrown;
        const { status, message, errors } = thrown;
        const documentation_url = 'https://docs.github.com/rest';
        const said = { message, ...(errors.length > 0 ? { errors } : {}), documentation_url };
        return send(response, { status, body: { ...said, status: String(status) } }, options.now());
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v3`;
  return {
    url,
    deployments: store,
    requests,
    fail: (...statuses) => failures.push(...statuses),
    cutAfterWrite: () => {
      cuts += 1;
    },
    variables: () => ({
      GITHUB_API_URL: url,
      GITHUB_SERVER_URL: 'https://github.test',
      GITHUB_REPOSITORY: REPOSITORY,
      GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
      GITHUB_RUN_ID: '12345678901',
      GITHUB_RUN_NUMBER: '77',
      GITHUB_RUN_ATTEMPT: '1',
    }),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

function authorise({ headers, method }: IncomingMessage, permission: 'write' | 'read' | 'none'): void {
  if (headers.authorization !== `token ${GITHUB_TOKEN}`) throw new Refused(401, 'Bad credentials');
  const needed = method === 'GET' ? ['read', 'write'] : ['write'];
  if (!needed.includes(permission)) throw new Refused(403, 'Resource not accessible by integration');
}

function createRoutes(store: StoredDeployment[], options: GitHubOptions) {
  let lastId = 1_000;
  const at = (): string => `${new Date(options.now()).toISOString().slice(0, 19)}Z`;
  const shown = ({ statuses: _, payload, ...rest }: StoredDeployment): Json => ({
    ...rest,
    payload: options.payloadAs === 'text' ? JSON.stringify(payload) : payload,
  });
  const known = (id: string | undefined): StoredDeployment => {
    const found = store.find((each) => String(each.id) === id);
    if (found === undefined) throw new Refused(404, 'Not Found');
    return found;
  };
  return (method: string, url: URL, body: Json): Answer => {
    const [, rest] = /^\/api\/v3\/repos\/acme\/models\/deployments(.*)$/.exec(url.pathname) ?? [];
    const [, id] = /^\/(\d+)\/statuses$/.exec(rest ?? '') ?? [];
    if (rest === '' && method === 'GET') {
      const wanted = (each: StoredDeployment): boolean =>
        (['environment', 'task'] as const).every((key) =>
          [null, each[key]].includes(url.searchParams.get(key)),
        );
      return paged(store.filter(wanted).toReversed().map(shown), url);
    }
    if (rest === '' && method === 'POST') {
      lastId += 1;
      const made = newDeployment(body, { id: lastId, created_at: at() });
      store.push(made);
      return { status: 201, body: shown(made) };
    }
    if (id !== undefined && method === 'GET') return paged(known(id).statuses.toReversed(), url);
    if (id !== undefined && method === 'POST') {
      const { statuses } = known(id);
      if (statuses.length >= (options.mostStatuses ?? 100)) {
        throw new Refused(422, 'Validation Failed', [
          {
            resource: 'DeploymentStatus',
            message: 'This deployment has reached the maximum number of statuses.',
          },
        ]);
      }
      lastId += 1;
      statuses.push(newStatus(body, { id: lastId, created_at: at() }));
      return { status: 201, body: statuses.at(-1) };
    }
    throw new Refused(404, 'Not Found');
  };
}

function paged(rows: readonly unknown[], url: URL): Answer {
  const size = Math.min(100, Number(url.searchParams.get('per_page') ?? 30));
  const page = Number(url.searchParams.get('page') ?? 1);
  return { status: 200, body: rows.slice((page - 1) * size, page * size) };
}

function send(response: ServerResponse, { status, body }: Answer, now: number): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    date: new Date(now).toUTCString(),
  });
  response.end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? {} : (JSON.parse(text) as Json);
}
