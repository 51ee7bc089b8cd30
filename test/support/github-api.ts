/** A stand-in for GitHub's REST API for deployments: real HTTP, permissions, field limits, pages, and nothing else. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Token that the stand-in knows. */
export const GITHUB_TOKEN = 'ghs_standin0123456789';

/** Repository that the stand-in has. */
export const REPOSITORY = 'acme/models';

type Json = Readonly<Record<string, unknown>>;

/** A deployment as it is stored. */
export interface StoredDeployment {
  readonly id: number;
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly payload: unknown;
  readonly created_at: string;
  readonly statuses: StoredStatus[];
}

/** A status as it is stored. */
export interface StoredStatus {
  readonly id: number;
  readonly state: string;
  readonly description: string;
  readonly log_url: string;
  readonly created_at: string;
}

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

class Refused extends Error {
  readonly status: number;
  readonly errors: readonly Json[];
  constructor(status: number, message: string, errors: readonly Json[] = []) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

const ALLOWED = {
  deployment: [
    'ref',
    'task',
    'auto_merge',
    'required_contexts',
    'payload',
    'environment',
    'description',
    'transient_environment',
    'production_environment',
  ],
  status: [
    'state',
    'target_url',
    'log_url',
    'description',
    'environment',
    'environment_url',
    'auto_inactive',
  ],
  states: ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success'],
};
const MAX_DESCRIPTION_CHARS = 140;
const MAX_PAYLOAD_BYTES = 65_535;

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

interface Stamp {
  readonly id: number;
  readonly created_at: string;
}

function newDeployment(body: Json, stamp: Stamp): StoredDeployment {
  refuseUnknown(body, ALLOWED.deployment);
  const { ref, task = 'deploy', environment = 'production', payload = '' } = body;
  if (typeof ref !== 'string' || ref === '') throw new Refused(422, 'No ref found for: ');
  if (body['auto_merge'] !== false) throw new Refused(409, 'Conflict merging main into the ref.');
  const contexts = body['required_contexts'];
  if (!Array.isArray(contexts) || contexts.length > 0) {
    throw new Refused(409, 'Conflict: Commit status checks failed for the ref.');
  }
  refuseLong(body, 'description');
  if (Buffer.byteLength(JSON.stringify(payload)) > MAX_PAYLOAD_BYTES) {
    throw new Refused(422, 'Validation Failed', [{ field: 'payload', message: 'is too long' }]);
  }
  return { ...stamp, ref, task: String(task), environment: String(environment), payload, statuses: [] };
}

function newStatus(body: Json, stamp: Stamp): StoredStatus {
  refuseUnknown(body, ALLOWED.status);
  const { state, description = '', log_url = '' } = body;
  if (!ALLOWED.states.includes(String(state))) throw new Refused(422, 'Validation Failed');
  refuseLong(body, 'description');
  return { ...stamp, state: String(state), description: String(description), log_url: String(log_url) };
}

function refuseUnknown(body: Json, allowed: readonly string[]): void {
  const unknown = Object.keys(body).filter((key) => !allowed.includes(key));
  if (unknown.length > 0) throw new Refused(422, `Invalid request. Unknown: ${unknown.join(', ')}`);
}

function refuseLong(body: Json, field: string): void {
  if (String(body[field] ?? '').length <= MAX_DESCRIPTION_CHARS) return;
  const message = `${field} is too long (maximum is 140 characters)`;
  throw new Refused(422, 'Validation Failed', [{ field, code: 'custom', message }]);
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
