/** A local HTTP server that answers as a test tells it to and records what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One scripted answer: a status with a body, or full control over the response. */
export type Reply =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Text is sent as it is, undefined as nothing, everything else as JSON. */
      readonly body?: unknown;
    }
  | ((request: IncomingMessage, response: ServerResponse) => void);

/** One request as it arrived. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The parsed JSON body; undefined when there was none. */
  readonly body: unknown;
}

/** Answers by `METHOD path`; a list is used up one by one and its last answer stays. */
export type Script = Readonly<Record<string, Reply | readonly Reply[]>>;

/** A running scripted server. */
export interface ScriptedServer {
  /** Address with the prefix `/api/v1`. */
  readonly url: URL;
  readonly requests: readonly RecordedRequest[];
  /** Returns `METHOD path` of every request so far. */
  asked(): readonly string[];
  close(): Promise<void>;
}

const PREFIX = '/api/v1';
/** No client knows this status, so a request that the test forgot stands out. */
const NOT_SCRIPTED = 418;

/** Starts a server on a free port of this machine; paths of the script are below `/api/v1`. */
export async function startScriptedServer(script: Script): Promise<ScriptedServer> {
  const requests: RecordedRequest[] = [];
  const used = new Map<string, number>();
  const server = createServer((request, response) => {
    void record(request).then((recorded) => {
      requests.push(recorded);
      const key = `${recorded.method} ${recorded.path}`;
      const turn = used.get(key) ?? 0;
      used.set(key, turn + 1);
      answer(replyFor(script[key], turn) ?? notScripted(key), request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}${PREFIX}`),
    requests,
    asked: () => requests.map(({ method, path }) => `${method} ${path}`),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function replyFor(replies: Reply | readonly Reply[] | undefined, turn: number): Reply | undefined {
  if (!Array.isArray(replies)) return replies as Reply | undefined;
  return (replies as readonly Reply[])[Math.min(turn, replies.length - 1)];
}

function notScripted(key: string): Reply {
  return {
    status: NOT_SCRIPTED,
    body: { error: 'not_scripted', message: `the test has no answer for ${key}` },
  };
}

function answer(reply: Reply, request: IncomingMessage, response: ServerResponse): void {
  // A test that is about time says so itself.
  response.sendDate = false;
  if (typeof reply === 'function') {
    reply(request, response);
    return;
  }
  const { status = 200, headers = {}, body } = reply;
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(text);
}

async function record(request: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const url = new URL(request.url ?? '/', 'http://localhost');
  return {
    method: request.method ?? '',
    path: url.pathname.startsWith(PREFIX) ? url.pathname.slice(PREFIX.length) : url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers as Record<string, string | undefined>,
    body: text === '' ? undefined : JSON.parse(text),
  };
}
