/** Routes of the emulated server and how a path finds its one. */
import type { ControlPlane } from './control-plane.ts';
import type { EmulatorSettings } from './emulator-options.ts';
import type { EmulatorReply, EmulatorRequest } from './exchange.ts';
import { Refusal } from './refusal.ts';

/** What a handler is given. */
export interface RouteContext {
  readonly plane: ControlPlane;
  readonly settings: EmulatorSettings;
  /** Decoded parts of the path, by the name that the pattern gives them. */
  readonly params: Readonly<Record<string, string>>;
  readonly request: EmulatorRequest;
}

/** Answers one request. Errors: Refusal and RouteAbsent become the answer. */
export type Handler = (context: RouteContext) => EmulatorReply;

/** One route; a part of the pattern in braces is a parameter, as in `/models/{model_id}`. */
export interface Route {
  readonly method: string;
  readonly pattern: string;
  readonly handler: Handler;
}

/** Returns the route of a path with its parameters, or null. Earlier routes win. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { readonly route: Route; readonly params: Readonly<Record<string, string>> } | null {
  const parts = path.split('/');
  for (const route of routes) {
    if (route.method !== method) continue;
    const params = matchParts(route.pattern.split('/'), parts);
    if (params !== null) return { route, params };
  }
  return null;
}

/** Returns a parameter of the path. Errors: Error for one that the pattern does not name, which is a bug. */
export function param({ params }: RouteContext, name: string): string {
  const value = params[name];
  if (value === undefined) throw new Error(`the route has no parameter ${name}`);
  return value;
}

/** Returns the request's body as an object; an empty one for no body. Errors: Refusal `bad_request`. */
export function jsonBody({ request }: RouteContext): Readonly<Record<string, unknown>> {
  if (request.body.trim() === '') return {};
  const value = parseJson(request.body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal('bad_request', 'the body is no JSON object');
  }
  return value as Record<string, unknown>;
}

/** Returns a page of a list with its numbers. Errors: Refusal `bad_request` for a limit out of range. */
export function pageOf<T>(
  items: readonly T[],
  { query }: EmulatorRequest,
  limits: { readonly usual: number; readonly max: number },
): { readonly items: readonly T[]; readonly paging: Readonly<Record<string, number>> } {
  const limit = wholeNumber(query.get('limit'), 'limit') ?? limits.usual;
  const offset = wholeNumber(query.get('offset'), 'offset') ?? 0;
  if (limit < 1 || limit > limits.max) {
    throw new Refusal('bad_request', `limit ${limit}: expected 1 to ${limits.max}`);
  }
  return { items: items.slice(offset, offset + limit), paging: { total: items.length, limit, offset } };
}

function wholeNumber(text: string | null, name: string): number | null {
  if (text === null) return null;
  if (!/^\d{1,9}$/.test(text)) throw new Refusal('bad_request', `${name} "${text}": expected a whole number`);
  return Number(text);
}

function matchParts(
  pattern: readonly string[],
  parts: readonly string[],
): Readonly<Record<string, string>> | null {
  if (pattern.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const part = decoded(parts[index] ?? '');
    if (part === null) return null;
    if (expected.startsWith('{')) params[expected.slice(1, -1)] = part;
    else if (expected !== part) return null;
  }
  return params;
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
