/** The exchange through a proxy of the environment, as self-hosted runners have one. */
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exchange } from '../../src/runtime/http-exchange.ts';
import { type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts';

const VARIABLES = ['http_proxy', 'HTTP_PROXY', 'no_proxy', 'NO_PROXY'] as const;

let before: (string | undefined)[];
let target: ScriptedServer;
let proxy: Server;
let connected: string[];
let clients: Duplex[];

beforeEach(async () => {
  before = VARIABLES.map((name) => process.env[name]);
  for (const name of VARIABLES) delete process.env[name];
  target = await startScriptedServer({ 'GET /thing': { body: { proxied: true } } });
  connected = [];
  clients = [];
});

afterEach(async () => {
  for (const [index, name] of VARIABLES.entries()) {
    const value = before[index];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  for (const client of clients) client.destroy();
  await new Promise((resolve) => proxy.close(resolve));
  await target.close();
});

async function startProxy(onConnect: (client: Duplex, target: Socket) => void): Promise<void> {
  proxy = createServer().on('connect', (request, client: Duplex) => {
    connected.push(request.url ?? '');
    clients.push(client);
    const upstream = connect(Number(target.url.port), '127.0.0.1', () => onConnect(client, upstream));
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
    client.on('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  process.env['http_proxy'] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

const request = (idleMs: number) =>
  exchange({
    method: 'GET',
    url: new URL('http://api.example.test/api/v1/thing'),
    headers: {},
    body: null,
    deadlineMs: 5_000,
    idleMs,
  });

describe('exchange behind a proxy', () => {
  it('reaches the API through it', async () => {
    await startProxy((client, upstream) => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    expect(await request(5_000)).toMatchObject({ status: 200, text: '{"proxied":true}' });
    expect(connected).toEqual(['api.example.test:80']);
  });

  it('rejects and hangs up when the proxy never answers', async () => {
    let hungUp: (() => void) | undefined;
    const closed = new Promise<void>((resolve) => {
      hungUp = resolve;
    });
    // A socket that is not read does not notice that the other side closed it.
    await startProxy((client) => client.on('end', () => hungUp?.()).resume());
    await expect(request(50)).rejects.toMatchObject({ kind: 'stalled' });
    await closed;
  });

  it('rejects when the proxy refuses', async () => {
    await startProxy((client) => client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
    await expect(request(5_000)).rejects.toMatchObject({ name: 'TransportError' });
  });
});
