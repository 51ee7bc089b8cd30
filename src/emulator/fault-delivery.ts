/** Delivers an answer as a fault wants it: late, in part, damaged, or not at all. */
import type { ServerResponse } from 'node:http';
import { type EmulatorReply, jsonReply, textReply } from './exchange.ts';
import type { Fault } from './fault.ts';

const DRIP_MS = 100;
const DELAY_MS = 1_000;

/** Returns the answer that a fault gives in place of the application's, else null. */
export function replyInstead({ kind, status, retryAfter }: Fault): EmulatorReply | null {
  switch (kind) {
    case 'status': {
      const code = status ?? 503;
      const error = code === 429 ? 'rate_limited' : code >= 500 ? 'internal_error' : 'fault';
      const reply = jsonReply({ error, message: 'a fault was asked for', status_code: code }, code);
      const wait: Record<string, string> =
        retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
      return { ...reply, headers: { ...reply.headers, ...wait } };
    }
    case 'html':
      return textReply('<html><body><h1>Bad Gateway</h1></body></html>', 'text/html', status ?? 502);
    case 'cold-start-404':
      return jsonReply({ detail: 'Not Found' }, 404);
    default:
      return null;
  }
}

/** Returns an answer as a fault damages it. */
export function damaged(reply: EmulatorReply, { kind }: Fault): EmulatorReply {
  if (kind === 'malformed') return { ...reply, body: '{"rollout_id": "rol_' };
  if (kind === 'wrong-schema') return { ...reply, body: JSON.stringify({ unexpected: ['shape'] }) };
  return reply;
}

/** Sends an answer as a fault wants it sent; the headers are on the response already. */
export function sendFaulty(response: ServerResponse, body: string, fault: Fault): void {
  const bytes = Buffer.from(body);
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  switch (fault.kind) {
    case 'cut':
      response.write(half, () => response.destroy());
      return;
    case 'stall':
      response.write(half);
      return;
    case 'drip':
      drip(response, bytes, fault.delayMs ?? DRIP_MS);
      return;
    case 'delay': {
      const timer = setTimeout(() => response.end(bytes), fault.delayMs ?? DELAY_MS);
      response.once('close', () => clearTimeout(timer));
      return;
    }
    default:
      response.end(bytes);
  }
}

function drip(response: ServerResponse, bytes: Buffer, everyMs: number): void {
  let sent = 0;
  const timer = setInterval(() => {
    response.write(bytes.subarray(sent, sent + 1));
    sent += 1;
    if (sent < bytes.length) return;
    clearInterval(timer);
    response.end();
  }, everyMs);
  response.once('close', () => clearInterval(timer));
}
