/** What every call of the API has in common: the key, retries, strictness about answers, errors for people. */
import { afterEach, describe, expect, it } from 'vitest';
import type { OctomilError } from '../../../src/octomil/errors.ts';
import { CancelledError } from '../../../src/runtime/abort.ts';
import {
  API_KEY,
  ROUTE_UNKNOWN,
  START,
  scriptedOctomil,
  stopScriptedServers,
  wireRollout,
} from '../../support/scripted-octomil.ts';
import type { Reply } from '../../support/scripted-server.ts';

afterEach(stopScriptedServers);

const READ = 'GET /models/mdl_1/rollouts/rol_1';
const cut: Reply = (request) => request.socket.resetAndDestroy();
const rollout: Reply = { body: wireRollout() };

async function readWith(replies: Reply | readonly Reply[]) {
  const octomil = await scriptedOctomil({ [READ]: replies });
  const result: unknown = await octomil.client
    .forModel('mdl_1')
    .readRollout('rol_1')
    .catch((thrown: unknown) => thrown);
  return { ...octomil, result, waitedMs: octomil.clock.now() - START };
}

describe('a read', () => {
  it('sends the key as a bearer token and asks for JSON', async () => {
    const { server } = await readWith(rollout);
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${API_KEY}`,
      accept: 'application/json',
      'user-agent': 'test',
    });
  });

  it.each([408, 429, 500, 502, 503, 504])('is repeated after %d', async (status) => {
    const { result, server } = await readWith([{ status }, rollout]);
    expect(result).toMatchObject({ id: 'rol_1' });
    expect(server.requests).toHaveLength(2);
  });

  it('is repeated after a cut connection', async () => {
    expect((await readWith([cut, cut, rollout])).result).toMatchObject({ id: 'rol_1' });
  });

  it('gives up after four tries and says that the API was not available', async () => {
    const { result, server } = await readWith({ status: 503, body: 'busy' });
    expect(server.requests).toHaveLength(4);
    expect(result).toMatchObject({ name: 'ApiError', reasonCode: 'api_unavailable', status: 503 });
  });

  it.each([400, 401, 402, 403, 409, 422, 501, 505])('is not repeated after %d', async (status) => {
    expect((await readWith({ status })).server.requests).toHaveLength(1);
  });

  it('waits as long as Retry-After asks, in seconds or until a date of the server', async () => {
    const seconds = await readWith([{ status: 429, headers: { 'retry-after': '7' } }, rollout]);
    expect(seconds.waitedMs).toBe(7_000);
    const headers = {
      date: new Date(START).toUTCString(),
      'retry-after': new Date(START + 9_000).toUTCString(),
    };
    expect((await readWith([{ status: 503, headers }, rollout])).waitedMs).toBe(9_000);
  });

  it('spends at most a minute on waiting, whatever Retry-After asks for', async () => {
    const { server, waitedMs } = await readWith({ status: 429, headers: { 'retry-after': '40' } });
    expect(server.requests).toHaveLength(2);
    expect(waitedMs).toBe(40_000);
  });

  it('asks a router that does not know the route at most twice more, and once when it still does not', async () => {
    const { client, server, waitedMs } = await readWith(ROUTE_UNKNOWN);
    expect(server.requests).toHaveLength(3);
    expect(waitedMs).toBe(3_000);
    expect(await client.forModel('mdl_1').readRollout('rol_1')).toBeNull();
    expect(server.requests).toHaveLength(4);
  });

  it('does not ask again for a thing that the API says is not there', async () => {
    const { result, server } = await readWith({
      status: 404,
      body: { error: 'not_found', message: 'no rollout' },
    });
    expect(result).toBeNull();
    expect(server.requests).toHaveLength(1);
  });

  it('ends with the reason of the abort, during a wait as well', async () => {
    const controller = new AbortController();
    const busy: Reply = (_request, response) => {
      response.writeHead(503, { 'retry-after': '30' }).end();
      setImmediate(() => controller.abort(new CancelledError('SIGINT')));
    };
    const { client } = await scriptedOctomil({ [READ]: busy }, { signal: controller.signal });
    await expect(client.forModel('mdl_1').readRollout('rol_1')).rejects.toBeInstanceOf(CancelledError);
  });
});

interface StrangeAnswer {
  readonly title: string;
  readonly reply: Reply;
  readonly says: RegExp;
}

const STRANGE: readonly StrangeAnswer[] = [
  {
    title: 'an HTML page',
    reply: { body: '<html>login</html>', headers: { 'content-type': 'text/html' } },
    says: /HTML page/,
  },
  {
    title: 'a redirect',
    reply: { status: 302, headers: { location: 'https://login.example/?k=1' } },
    says: /302 to https:\/\/login\.example\/;/,
  },
  { title: 'an empty body', reply: { status: 200 }, says: /the answer is missing; expected an object/ },
  { title: 'no content', reply: { status: 204 }, says: /expected an object/ },
  { title: 'NaN, which is not JSON', reply: { body: '{"percentage": NaN}' }, says: /not JSON/ },
  { title: 'a list', reply: { body: [] }, says: /a list of 0; expected an object/ },
  {
    title: 'another rollout',
    reply: { body: wireRollout({ rollout_id: 'rol_9' }) },
    says: /rol_9; expected rol_1/,
  },
];

describe('an answer that cannot be understood', () => {
  it.each(STRANGE)('$title is an error that names it', async ({ reply, says }) => {
    const { result } = await readWith(reply);
    expect(result).toMatchObject({ name: 'ProtocolError', reasonCode: 'api_protocol' });
    expect((result as Error).message).toMatch(says);
  });
});

describe('an error', () => {
  it('carries the request id, the API text on one line and one thing to do', async () => {
    const { result } = await readWith({
      status: 402,
      headers: { 'x-request-id': 'req_7' },
      body: { error: 'payment_required', message: 'plan limit\n::error::injected' },
    });
    expect(result).toMatchObject({ reasonCode: 'api_refused', requestId: 'req_7', code: 'payment_required' });
    const { message, advice } = result as OctomilError;
    expect(message).toBe(
      'GET /api/v1/models/mdl_1/rollouts/rol_1: HTTP 402 payment_required: plan limit ::error::injected (request req_7)',
    );
    expect(advice).not.toBe('');
  });

  it.each([
    { title: 'an echoed key', body: { error: 'unauthorized', message: `bad key ${API_KEY}` } },
    { title: 'an echoed key in plain text', body: `bad key ${API_KEY}` },
  ])('never repeats $title', async ({ body }) => {
    const { result } = await readWith({ status: 401, body });
    expect(result).toMatchObject({ reasonCode: 'unauthorized' });
    expect(JSON.stringify(result) + (result as Error).message).not.toContain(API_KEY);
  });

  it('never repeats a key that comes back in a page instead of JSON', async () => {
    const { result } = await readWith({ body: `your key is ${API_KEY}` });
    expect((result as Error).message).not.toContain(API_KEY);
  });
});

describe('the client', () => {
  it.each([
    ['empty', ''],
    ['broken over two lines', 'edg_live\nabc'],
    ['publishable', 'oct_pub_live_123'],
  ])('refuses a key that is %s before anything is sent', async (_title, apiKey) => {
    const failing = scriptedOctomil({}, { apiKey });
    await expect(failing).rejects.toMatchObject({ reasonCode: 'invalid_input' });
    await failing.catch((error: unknown) => {
      if (apiKey !== '') expect(String(error)).not.toContain(apiKey);
    });
  });

  it('keeps ids inside their place in the path', async () => {
    const { client, server } = await scriptedOctomil({});
    await expect(client.forModel('mdl_1').readRollout('..')).rejects.toThrow(/cannot be ".."/);
    await client
      .forModel('a/b')
      .readRollout('c?d#e')
      .catch(() => {});
    expect(server.asked()).toEqual(['GET /models/a%2Fb/rollouts/c%3Fd%23e']);
  });

  it('reports every try without headers or bodies', async () => {
    const seen: unknown[] = [];
    const { client } = await scriptedOctomil(
      { [READ]: [{ status: 503 }, cut, rollout] },
      { onRequest: (record) => seen.push(record) },
    );
    await client.forModel('mdl_1').readRollout('rol_1');
    const path = '/api/v1/models/mdl_1/rollouts/rol_1';
    expect(seen).toMatchObject([
      { method: 'GET', path, attempt: 1, result: 503 },
      { attempt: 2, result: 'cut' },
      { attempt: 3, result: 200 },
    ]);
  });

  it('tells the time of the server where it differs from ours by 2 s and more', async () => {
    const date = new Date(START + 60_000).toUTCString();
    const ahead = await readWith({ ...rollout, headers: { date } });
    expect(ahead.client.now()).toBe(START + 60_500);
    const same = await readWith({ ...rollout, headers: { date: new Date(START - 1_000).toUTCString() } });
    expect(same.client.now()).toBe(START);
  });

  it('stays within the rate limit', async () => {
    const { client, clock } = await scriptedOctomil({ [READ]: rollout }, { rateLimitPerMinute: 2 });
    const api = client.forModel('mdl_1');
    for (let read = 0; read < 5; read += 1) await api.readRollout('rol_1');
    expect(clock.now() - START).toBe(120_000);
  });
});
