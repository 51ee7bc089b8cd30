/** Stand-ins for the receivers of notifications: real HTTP, refusing what Slack's and Teams' documents rule out. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One notification as it arrived. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  /** The body's bytes as text. */
  readonly text: string;
  readonly status: number;
}

/** A running receiver. */
export interface Receiver {
  /** Address to give as `webhook-url`. */
  readonly url: string;
  readonly received: readonly Received[];
  /** Answers the next requests with these statuses, before anything is looked at; 0 gives no answer at all. */
  fail(...statuses: readonly number[]): void;
  close(): Promise<void>;
}

type Json = Readonly<Record<string, unknown>>;

/** What a receiver answers to a JSON body, and to what else came with it. */
type Rule = (
  body: Json,
  parcel: Pick<Received, 'headers' | 'text'>,
) => { readonly status: number; readonly says: string };

/** Starts a receiver that takes any JSON. */
export function startReceiver(): Promise<Receiver> {
  return start(() => ({ status: 204, says: '' }));
}

const FRESH_SECONDS = 300;

/** Starts a receiver that takes nothing but what was signed with `secret` within the last five minutes. */
export function startSigned(secret: string): Promise<Receiver> {
  return start((_, { headers, text }) => {
    const [, time = '', given = ''] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-octomil-signature'])) ?? [];
    const expected = createHmac('sha256', secret).update(`${time}.${text}`).digest('hex');
    const isFresh = Math.abs(Date.now() / 1_000 - Number(time)) <= FRESH_SECONDS;
    return given === expected && isFresh ? { status: 204, says: '' } : { status: 401, says: 'unsigned' };
  });
}

/** Starts a receiver that takes what Slack's incoming webhooks document: a text, and known fields in their types. */
export function startSlack(): Promise<Receiver> {
  return start((body) => {
    const { text } = body;
    if (typeof text !== 'string' || text.trim() === '') return { status: 400, says: 'no_text' };
    const lists = ['blocks', 'attachments'].filter((key) => key in body && !Array.isArray(body[key]));
    const names = ['channel', 'username', 'thread_ts', 'icon_url'].filter((key) => key in body);
    if (lists.length + names.length > 0 || text.length > 40_000)
      return { status: 400, says: 'invalid_payload' };
    return { status: 200, says: 'ok' };
  });
}

const CARD_PARTS = ['TextBlock', 'RichTextBlock', 'FactSet', 'Container', 'ColumnSet', 'Image'];
const MOST_TEAMS_BYTES = 28 * 1_024;

/** Starts a receiver that takes what Teams' Workflows document: one message with one Adaptive Card, up to 28 KB. */
export function startTeams(): Promise<Receiver> {
  return start((body) => {
    const isSmall = Buffer.byteLength(JSON.stringify(body)) <= MOST_TEAMS_BYTES;
    const [attachment, ...others] = Array.isArray(body['attachments']) ? (body['attachments'] as Json[]) : [];
    const card = (attachment?.['content'] ?? {}) as Json;
    const parts = Array.isArray(card['body']) ? (card['body'] as Json[]) : [];
    const isCard =
      body['type'] === 'message' &&
      attachment?.['contentType'] === 'application/vnd.microsoft.card.adaptive' &&
      others.length === 0 &&
      card['type'] === 'AdaptiveCard' &&
      /^1\.[0-5]$/.test(String(card['version'])) &&
      parts.length > 0 &&
      parts.every(({ type }) => CARD_PARTS.includes(String(type)));
    return isCard && isSmall ? { status: 202, says: '' } : { status: 400, says: 'InvalidRequestContent' };
  });
}

async function start(rule: Rule): Promise<Receiver> {
  const received: Received[] = [];
  const failures: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const failure = failures.shift();
      const isJson = /^application\/json\b/.test(request.headers['content-type'] ?? '');
      const answer =
        failure === undefined
          ? isJson && request.method === 'POST'
            ? rule(JSON.parse(text) as Json, { headers: request.headers, text })
            : { status: 400, says: 'invalid_payload' }
          : { status: failure, says: '' };
      received.push({ headers: request.headers, text, status: answer.status });
      if (answer.status === 0) return;
      response.writeHead(answer.status, { 'content-type': 'text/plain' });
      response.end(answer.says);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T0/B0/hush?sig=hush`,
    received,
    fail: (...statuses) => failures.push(...statuses),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
