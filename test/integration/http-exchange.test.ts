/** The exchange against servers that misbehave, over real sockets: it always settles and never calls half an answer whole. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { CancelledError } from '../../src/runtime/abort.ts';
import { type ExchangeRequest, exchange } from '../../src/runtime/http-exchange.ts';
import type { TransportErrorKind } from '../../src/runtime/transport-error.ts';
import { type Reply, type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts';

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function exchangeWith(reply: Reply, overrides: Partial<ExchangeRequest> = {}) {
  server = await startScriptedServer({ 'GET /thing': reply, 'POST /thing': reply });
  return exchange({
    method: 'GET',
    url: new URL(`${server.url.href}/thing`),
    headers: { authorization: 'Bearer secret-key' },
    body: null,
    deadlineMs: 5_000,
    ...overrides,
  });
}

type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => void;
interface Row {
  readonly server: string;
  readonly does: Misbehaviour;
  readonly limits?: Partial<ExchangeRequest>;
  readonly throws: TransportErrorKind;
}

const startsLongBody = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"half":');
};

const ROWS: readonly Row[] = [
  { server: 'resets before any byte', does: (request) => request.socket.resetAndDestroy(), throws: 'cut' },
  { server: 'closes before any byte', does: (request) => void request.socket.end(), throws: 'cut' },
  {
    server: 'closes in the middle of the body',
    does(request, response) {
      startsLongBody(response);
      setImmediate(() => request.socket.end());
    },
    throws: 'cut',
  },
  {
    server: 'resets in the middle of the body',
    does(request, response) {
      startsLongBody(response);
      setImmediate(() => request.socket.resetAndDestroy());
    },
    throws: 'cut',
  },
  {
    server: 'cuts a chunked body',
    does(request, response) {
      response.write('{"half":');
      setImmediate(() => request.socket.end());
    },
    throws: 'cut',
  },
  {
    server: 'speaks no HTTP',
    does: (request) => void request.socket.end('this is not HTTP\r\n\r\n'),
    throws: 'cut',
  },
  { server: 'never answers', does: () => {}, limits: { idleMs: 50 }, throws: 'stalled' },
  {
    server: 'stalls after the headers',
    does(_request, response) {
      response.writeHead(200, { 'content-length': '10' });
      response.flushHeaders();
    },
    limits: { idleMs: 50 },
    throws: 'stalled',
  },
  {
    server: 'stalls in the middle of the body',
    does: (_request, response) => startsLongBody(response),
    limits: { idleMs: 50 },
    throws: 'stalled',
  },
  {
    server: 'drips without end',
    does(_request, response) {
      const drip = setInterval(() => response.write('x'), 5);
      response.on('close', () => clearInterval(drip));
    },
    limits: { deadlineMs: 100 },
    throws: 'deadline',
  },
  {
    server: 'sends more than the limit',
    does: (_request, response) => void response.end('x'.repeat(2_000)),
    limits: { maxBytes: 1_000 },
    throws: 'too_large',
  },
];

describe('exchange with a server that', () => {
  it.each(ROWS)('$server rejects as $throws', async ({ does, limits, throws }) => {
    await expect(exchangeWith(does, limits)).rejects.toMatchObject({ name: 'TransportError', kind: throws });
  });

  it.each(ROWS)('$server keeps the key and the query out of the error', async ({ does, limits }) => {
    server = await startScriptedServer({ 'GET /thing': does });
    const failing = exchange({
      method: 'GET',
      url: new URL(`${server.url.href}/thing?token=query-secret`),
      headers: { authorization: 'Bearer secret-key' },
      body: null,
      deadlineMs: 5_000,
      ...limits,
    });
    const error: unknown = await failing.catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('/thing');
    expect(String(error)).not.toMatch(/secret/);
  });

  it('is not there rejects as connect, so that nothing is taken to be sent', async () => {
    const listener = createTcpServer();
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as { port: number };
    await new Promise((resolve) => listener.close(resolve));
    const failing = exchange({
      method: 'GET',
      url: new URL(`http://127.0.0.1:${port}/`),
      headers: {},
      body: null,
      deadlineMs: 5_000,
    });
    await expect(failing).rejects.toMatchObject({ kind: 'connect' });
  });
});

describe('exchange', () => {
  it('returns a redirect instead of following it', async () => {
    const answer = await exchangeWith({ status: 302, headers: { location: 'http://127.0.0.1:1/elsewhere' } });
    expect(answer).toMatchObject({ status: 302, headers: { location: 'http://127.0.0.1:1/elsewhere' } });
    expect(server?.requests).toHaveLength(1);
  });

  it('returns any complete answer as it is: HTML, an error, nothing at all', async () => {
    expect(await exchangeWith({ body: '<html></html>' })).toMatchObject({
      status: 200,
      text: '<html></html>',
    });
    await server?.close();
    expect(await exchangeWith({ status: 503, body: 'busy' })).toMatchObject({ status: 503, text: 'busy' });
    await server?.close();
    expect(await exchangeWith({ status: 204 })).toMatchObject({ status: 204, text: '' });
  });

  it('does not repeat a request by itself', async () => {
    await exchangeWith({ status: 503 });
    expect(server?.requests).toHaveLength(1);
  });

  it('takes a slow answer that keeps coming, however long its pauses are together', async () => {
    const answer = await exchangeWith(
      (_request, response) => {
        let parts = 0;
        const drip = setInterval(() => {
          parts += 1;
          response.write('x');
          if (parts === 6) {
            clearInterval(drip);
            response.end();
          }
        }, 250);
      },
      { idleMs: 1_000, deadlineMs: 20_000 },
    );
    expect(answer.text).toBe('xxxxxx');
  });

  it('puts a character back together that was cut between two chunks', async () => {
    const bytes = Buffer.from('{"name":"Zoë"}');
    const answer = await exchangeWith((_request, response) => {
      response.write(bytes.subarray(0, 12));
      setImmediate(() => response.end(bytes.subarray(12)));
    });
    expect(answer.text).toBe('{"name":"Zoë"}');
  });

  it('reads the Date header and tells when there is none', async () => {
    const date = 'Fri, 20 Nov 2026 10:00:00 GMT';
    expect(await exchangeWith({ headers: { date } })).toMatchObject({ dateMs: Date.UTC(2026, 10, 20, 10) });
    await server?.close();
    expect(await exchangeWith({ headers: { date: 'soon' } })).toMatchObject({ dateMs: null });
  });

  it('sends the method, the headers and the body that it was given', async () => {
    await exchangeWith({}, { method: 'POST', body: '{"a":1}' });
    expect(server?.requests[0]).toMatchObject({
      method: 'POST',
      body: { a: 1 },
      headers: { authorization: 'Bearer secret-key', 'content-length': '7', connection: 'close' },
    });
  });

  it('ends at once when it is aborted, and the server sees the connection close', async () => {
    const controller = new AbortController();
    let closed: (() => void) | undefined;
    const seenClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const running = exchangeWith(
      (request) => {
        request.socket.on('close', () => closed?.());
        controller.abort(new CancelledError('SIGINT'));
      },
      { signal: controller.signal },
    );
    await expect(running).rejects.toMatchObject({ kind: 'aborted', cause: { by: 'SIGINT' } });
    await seenClosed;
  });

  it('sends nothing when it is aborted before it begins', async () => {
    const failing = exchangeWith({}, { signal: AbortSignal.abort(new CancelledError('SIGTERM')) });
    await expect(failing).rejects.toMatchObject({ kind: 'aborted' });
    expect(server?.requests).toEqual([]);
  });
});

describe('many exchanges that end with one job', () => {
  it('are no leak, so that the log has no warning of Node', async () => {
    const warnings: string[] = [];
    const note = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', note);
    server = await startScriptedServer({ 'GET /thing': (_request, response) => void response.end('{}') });
    const url = new URL(`${server.url.href}/thing`);
    const common = { method: 'GET', url, headers: {}, body: null, deadlineMs: 5_000 } as const;
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 30 }, () => exchange({ ...common, signal })));
    await new Promise<void>((resolve) => setImmediate(resolve));
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });
});
