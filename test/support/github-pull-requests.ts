/** A stand-in for GitHub's REST API for pull requests: real HTTP, permissions, field limits, pages, and nothing else. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GITHUB_TOKEN, REPOSITORY } from './github-api.ts';

/** Token of a person that the stand-in knows beside the workflow's own. */
export const PERSONAL_TOKEN = 'github_pat_standin0123456789';

const MAX_BODY_CHARS = 65_536;
const ALLOWED: Readonly<Record<'write' | 'read' | 'none', readonly string[]>> = {
  write: ['GET', 'POST', 'PATCH'],
  read: ['GET'],
  none: [],
};

/** A comment as it is stored. */
export interface StoredComment {
  readonly id: number;
  readonly pullRequest: number;
  readonly user: { readonly login: string; readonly type: string } | null;
  body: string;
}

/** One answer instead of the usual one. */
export interface Trouble {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message?: string;
}

/** What a test changes about the stand-in. */
export interface PullRequestOptions {
  /** What a token may do with pull requests. */
  readonly permission?: 'write' | 'read' | 'none';
  /** Pull requests by commit, in the order in which GitHub lists them. */
  /** Is told of every request when it comes. */
  readonly onRequest?: () => void;
  /** Is told of every request that is given up before it is answered. */
  readonly onGivenUp?: () => void;
  readonly commits?: Readonly<Record<string, readonly { number: number; merged_at: string | null }[]>>;
}

/** A running stand-in. */
export interface PullRequestServer {
  readonly comments: StoredComment[];
  /** `METHOD path?query` of every request so far, below the repository. */
  readonly requests: readonly string[];
  /** Texts of all comments as they were written, oldest first. */
  readonly written: readonly string[];
  /** Requests that were given up before they were answered. */
  givenUp(): number;
  /** Answers the next requests with these instead, before anything is stored. */
  fail(...troubles: readonly Trouble[]): void;
  /** Never answers the next requests. */
  stall(requests: number): void;
  /** Resolves as soon as so many requests have come in all. */
  reached(requests: number): Promise<void>;
  /** Resolves as soon as so many comments have been written in all. */
  wrote(comments: number): Promise<void>;
  /** Environment of a runner that belongs to it. */
  variables(): Readonly<Record<string, string>>;
  close(): Promise<void>;
}

class Refused extends Error {
  readonly trouble: Trouble;
  constructor(status: number, message: string) {
    super(message);
    this.trouble = { status, message };
  }
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Starts a stand-in on a free port of this machine. */
export async function startPullRequests(options: PullRequestOptions = {}): Promise<PullRequestServer> {
  const comments: StoredComment[] = [];
  const requests: string[] = [];
  const troubles: Trouble[] = [];
  const written: string[] = [];
  const waiters = createWaiters(() => ({ requests: requests.length, written: written.length }));
  let [stalls, givenUp] = [0, 0];
  const server = createServer((request, response) => {
    response.on('close', () => {
      if (response.writableFinished) return;
      givenUp += 1;
      options.onGivenUp?.();
    });
    response.on('finish', waiters.look);
    void readBody(request).then((body) => {
      const url = new URL(request.url ?? '/', 'http://github.test');
      const path = url.pathname.replace(`/api/v3/repos/${REPOSITORY}`, '');
      requests.push(`${request.method} ${path}${url.search}`);
      options.onRequest?.();
      waiters.look();
      stalls -= 1;
      if (stalls >= 0) return undefined;
      try {
        const trouble = troubles.shift();
        if (trouble !== undefined) return send(response, trouble.status, refusal(trouble), trouble.headers);
        const author = authorOf(request);
        const answer = answerTo(
          { method: request.method ?? 'GET', path, url, body, author },
          comments,
          options,
        );
        if (['POST', 'PATCH'].includes(request.method ?? '')) written.push(String(body['body']));
        return send(response, answer.status, answer.body);
      } catch (thrown) {
        if (!(thrown instanceof Refused)) throw thrown;
        return send(response, thrown.trouble.status, refusal(thrown.trouble));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v3`;
  return {
    comments,
    requests,
    written,
    givenUp: () => givenUp,
    stall: (count) => {
      stalls = count;
    },
    reached: (count) => waiters.until(({ requests: all }) => all >= count),
    wrote: (count) => waiters.until(({ written: all }) => all >= count),
    fail: (...all) => troubles.push(...all),
    variables: () => ({
      GITHUB_API_URL: apiUrl,
      GITHUB_SERVER_URL: 'https://github.test',
      GITHUB_REPOSITORY: REPOSITORY,
      GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
      GITHUB_RUN_ID: '77',
      GITHUB_RUN_NUMBER: '7',
      GITHUB_RUN_ATTEMPT: '1',
    }),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface Counts {
  readonly requests: number;
  readonly written: number;
}

function createWaiters(counts: () => Counts) {
  let waiting: { readonly isDue: (counts: Counts) => boolean; readonly go: () => void }[] = [];
  const look = (): void => {
    const due = waiting.filter(({ isDue }) => isDue(counts()));
    waiting = waiting.filter((each) => !due.includes(each));
    for (const { go } of due) go();
  };
  return {
    look,
    until: (isDue: (counts: Counts) => boolean): Promise<void> =>
      isDue(counts()) ? Promise.resolve() : new Promise((go) => waiting.push({ isDue, go })),
  };
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly url: URL;
  readonly body: Readonly<Record<string, unknown>>;
  readonly author: { readonly login: string; readonly type: string };
}

function authorOf({ headers }: IncomingMessage): Asked['author'] {
  if (headers.authorization === `token ${GITHUB_TOKEN}`) return { login: 'github-actions[bot]', type: 'Bot' };
  if (headers.authorization === `token ${PERSONAL_TOKEN}`) return { login: 'octocat', type: 'User' };
  throw new Refused(401, 'Bad credentials');
}

function answerTo(asked: Asked, comments: StoredComment[], options: PullRequestOptions): Answer {
  const { method, path, url, body, author } = asked;
  const allowed = ALLOWED[options.permission ?? 'write'];
  const [, commit] = /^\/commits\/(\w+)\/pulls$/.exec(path) ?? [];
  const [, number] = /^\/issues\/(\d+)\/comments$/.exec(path) ?? [];
  const [, id] = /^\/issues\/comments\/(\d+)$/.exec(path) ?? [];
  if (method === 'GET' && path === '/api/v3/user') {
    if (author.type === 'Bot') throw new Refused(403, 'Resource not accessible by integration');
    return { status: 200, body: author };
  }
  const isKnown =
    (method === 'GET' && commit !== undefined) ||
    (['GET', 'POST'].includes(method) && number !== undefined) ||
    (method === 'PATCH' && id !== undefined);
  if (!isKnown) throw new Refused(404, 'Not Found');
  if (!allowed.includes(method)) throw new Refused(403, 'Resource not accessible by integration');
  if (commit !== undefined) return { status: 200, body: options.commits?.[commit] ?? [] };
  if (method === 'GET') {
    const rows = comments.filter((each) => String(each.pullRequest) === number);
    return { status: 200, body: page(rows, url) };
  }
  const text = textOf(body);
  if (method === 'POST') {
    const made = { id: 1_000 + comments.length, pullRequest: Number(number), user: author, body: text };
    comments.push(made);
    return { status: 201, body: made };
  }
  const found = comments.find((each) => String(each.id) === id);
  if (found === undefined) throw new Refused(404, 'Not Found');
  found.body = text;
  return { status: 200, body: found };
}

/** GitHub keeps line ends as a browser sends them. */
function textOf(body: Readonly<Record<string, unknown>>): string {
  const { body: text, ...others } = body;
  if (typeof text !== 'string' || text === '' || Object.keys(others).length > 0) {
    throw new Refused(422, 'Validation Failed');
  }
  if (text.length > MAX_BODY_CHARS) {
    throw new Refused(422, `body is too long (maximum is ${MAX_BODY_CHARS} characters)`);
  }
  return text.replaceAll('\n', '\r\n');
}

function page(rows: readonly StoredComment[], url: URL): readonly unknown[] {
  const size = Math.min(100, Number(url.searchParams.get('per_page') ?? 30));
  const number = Number(url.searchParams.get('page') ?? 1);
  return rows.slice((number - 1) * size, number * size);
}

function refusal({ status, message = `Stand-in says ${status}` }: Trouble): object {
  return { message, documentation_url: 'https://docs.github.com/rest', status: String(status) };
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>);
}
