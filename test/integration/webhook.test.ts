/** Sending one notification over real HTTP: what is repeated, what is final, and that it always ends. */
import { describe, expect, it } from 'vitest';
import { signatureOf } from '../../src/notify/signature.ts';
import { type Delivery, deliver } from '../../src/notify/webhook.ts';
import { createVirtualClock, type VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { type Reply, type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts';

const START = Date.UTC(2026, 10, 20, 10);
const SECRET = 'whsec_0123456789abcdef';
const PARCEL = { body: '{"text":"é"}', idempotencyKey: 'k1' };

interface Sent {
  readonly delivery: Delivery;
  readonly server: ScriptedServer;
  readonly waitedMs: number;
}

async function send(
  replies: readonly Reply[],
  how: { readonly tryMs?: number; readonly signal?: AbortSignal; readonly secret?: null } = {},
): Promise<Sent> {
  const server = await startScriptedServer({ 'POST /hook': replies });
  const clock: VirtualClock = createVirtualClock(START);
  const { signal = new AbortController().signal, secret = SECRET, tryMs = 5_000 } = how;
  try {
    const url = new URL(`${server.url.href}/hook?sig=hush`);
    const sending = { clock, random: () => 0.5, signal, tryMs };
    const delivery = await deliver({ url, secret }, PARCEL, sending);
    return { delivery, server, waitedMs: clock.now() - START };
  } finally {
    await server.close();
  }
}

const cut: Reply = (_request, response) => {
  response.writeHead(200, { 'content-length': '100' });
  response.write('half');
  setImmediate(() => response.destroy());
};
const never: Reply = () => {};

describe('a notification that is accepted', () => {
  it('was sent once, signed over the time and the body, with its key', async () => {
    const { delivery, server } = await send([{ status: 204 }]);
    expect(delivery).toEqual({ delivered: true });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'idempotency-key': 'k1',
      'x-octomil-signature': signatureOf(SECRET, { at: START, body: PARCEL.body }),
    });
    expect(server.requests[0]?.body).toEqual({ text: 'é' });
  });

  it('has no signature without a secret', async () => {
    const { server } = await send([{ status: 200 }], { secret: null });
    expect(server.requests[0]?.headers['x-octomil-signature']).toBeUndefined();
  });
});

describe('a notification that is not accepted at once', () => {
  it.each<{ title: string; replies: readonly Reply[]; tries: number; leastMs: number }>([
    { title: 'a 500', replies: [{ status: 500 }, { status: 200 }], tries: 2, leastMs: 250 },
    {
      title: 'a 429 with Retry-After',
      replies: [{ status: 429, headers: { 'retry-after': '7' } }, { status: 200 }],
      tries: 2,
      leastMs: 7_000,
    },
    { title: 'a cut answer', replies: [cut, { status: 200 }], tries: 2, leastMs: 250 },
    {
      title: 'three failures in a row',
      replies: [{ status: 503 }, cut, { status: 408 }, { status: 200 }],
      tries: 4,
      leastMs: 750,
    },
  ])('is sent again after $title, with the same key and body', async ({ replies, tries, leastMs }) => {
    const { delivery, server, waitedMs } = await send(replies);
    expect(delivery).toEqual({ delivered: true });
    expect(server.requests).toHaveLength(tries);
    expect(new Set(server.requests.map(({ headers }) => headers['idempotency-key']))).toEqual(
      new Set(['k1']),
    );
    expect(waitedMs).toBeGreaterThanOrEqual(leastMs);
  });

  it('is sent again after an answer that does not come', async () => {
    const { delivery, server } = await send([never, { status: 200 }], { tryMs: 50 });
    expect(delivery).toEqual({ delivered: true });
    expect(server.requests).toHaveLength(2);
  });

  it.each<{ title: string; reply: Reply; tries: number; says: RegExp; again: boolean }>([
    { title: 'a 404', reply: { status: 404 }, tries: 1, says: /^it answered 404$/, again: false },
    { title: 'a 501', reply: { status: 501 }, tries: 1, says: /^it answered 501$/, again: false },
    {
      title: 'an endless 500',
      reply: { status: 500 },
      tries: 4,
      says: /^it answered 500 \(tried 4 times\)$/,
      again: true,
    },
    {
      title: 'a 429 that asks for more time than there is',
      reply: { status: 429, headers: { 'retry-after': '3600' } },
      tries: 1,
      says: /^it answered 429$/,
      again: true,
    },
    {
      title: 'a huge answer',
      reply: { status: 200, body: 'x'.repeat(100_000) },
      tries: 1,
      says: /too large/,
      again: false,
    },
  ])('is given up after $title', async ({ reply, tries, says, again }) => {
    const { delivery, server } = await send([reply]);
    expect(server.requests).toHaveLength(tries);
    expect(delivery).toEqual({ delivered: false, why: expect.stringMatching(says), again });
  });

  it('follows no redirect, so that it reaches no host that nobody chose', async () => {
    const other = await startScriptedServer({});
    const { delivery } = await send([{ status: 307, headers: { location: `${other.url.href}/hook` } }]);
    await other.close();
    expect(delivery).toEqual({
      delivered: false,
      why: 'it answered 307, and redirects are not followed',
      again: false,
    });
    expect(other.requests).toEqual([]);
  });

  it('is given up at once when no time is left', async () => {
    const stop = new AbortController();
    const hang: Reply = () => stop.abort(new Error('no time'));
    const { delivery, server } = await send([hang], { signal: stop.signal });
    expect(delivery).toEqual({ delivered: false, why: 'there was no time left', again: true });
    expect(server.requests).toHaveLength(1);
  });

  it('is never told with the address, which may be all that a receiver asks of a sender', async () => {
    const said = JSON.stringify(
      await Promise.all(
        [{ status: 500 }, { status: 404 }, cut].map(async (reply) => (await send([reply])).delivery),
      ),
    );
    expect(said).not.toMatch(/hush|hook|127\.0\.0\.1/);
  });

  it('says that nobody is there', async () => {
    const server = await startScriptedServer({});
    await server.close();
    const sending = {
      clock: createVirtualClock(START),
      random: () => 0.5,
      signal: new AbortController().signal,
    };
    expect(await deliver({ url: server.url, secret: null }, PARCEL, sending)).toEqual({
      delivered: false,
      why: 'it could not be reached (tried 4 times)',
      again: true,
    });
  });
});
