/** A local HTTP server that stands for one that keeps series: it records what it is asked, and can misbehave. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it arrived. */
export interface AskedNumbers {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Of the address, and of a form in the body. */
  readonly fields: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the server does with a request. */
export type NumbersReply =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Text as it is, everything else as JSON. */
      readonly body: unknown;
    }
  | 'cut'
  | 'silent';

/** A running server. */
export interface NumbersServer {
  readonly origin: string;
  readonly asked: readonly AskedNumbers[];
  close(): Promise<void>;
}

/** Starts a server on a free port of this machine. `reply` is given each request and its number, from 0. */
export async function startNumbersServer(
  reply: (asked: AskedNumbers, turn: number) => NumbersReply,
): Promise<NumbersServer> {
  const asked: AskedNumbers[] = [];
  const server = createServer((request, response) => {
    void read(request).then((one) => {
      asked.push(one);
      send(response, reply(one, asked.length - 1));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, reply: NumbersReply): void {
  if (reply === 'silent') return;
  if (reply === 'cut') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"status":"succ');
    response.socket?.end();
    return;
  }
  const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
  response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
  response.end(text);
}

async function read(request: IncomingMessage): Promise<AskedNumbers> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const url = new URL(request.url ?? '/', 'http://localhost');
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  const form = isForm ? new URLSearchParams(body) : new URLSearchParams();
  return {
    method: request.method ?? '',
    path: url.pathname,
    headers: request.headers as AskedNumbers['headers'],
    fields: Object.fromEntries([...url.searchParams, ...form]),
    body,
  };
}
