/** What the emulator remembers of every request to the API. */
import type { EpochMs } from '../core/units.ts';
import type { EmulatorRequest } from './exchange.ts';

/** One request that was answered, or that a fault kept from being answered. */
export interface LoggedRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The parsed JSON body; text when it is none, null when it is empty. */
  readonly body: unknown;
  /** Status of the answer; 0 when the connection was closed without one. */
  readonly status: number;
  /** The emulator's time. */
  readonly at: EpochMs;
}

/** Returns the entry of a request. Headers are left out: a key is nobody's business. */
export function logEntry(
  { method, path, query, body }: EmulatorRequest,
  { status, at }: { readonly status: number; readonly at: EpochMs },
): LoggedRequest {
  return { method, path, query: Object.fromEntries(query), body: parsedBody(body), status, at };
}

function parsedBody(body: string): unknown {
  if (body === '') return null;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
