/** What a JSON pointer (RFC 6901) finds in an answer, or how far it gets. Pure. */
import { append, get, type Json, pointerSegments } from '@hyperjump/json-pointer';
import { describeJson } from '../describe-json.ts';

/** What a pointer found. */
export type Found =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'error'; readonly why: string };

/** Returns a name as one segment of a pointer, whatever it contains. */
export function pointerSegment(name: string): string {
  return append(name, '').slice(1);
}

/**
 * Returns the value that a pointer finds among the answer's own members.
 *
 * A null on the way or an empty list is `none`: the server says that there is nothing. A member that is not there
 * is `error` and names the part that is, with its members; so is a pointer that is none.
 */
export function lookUp(pointer: string, answer: unknown): Found {
  const segments = segmentsOf(pointer);
  if (segments === null)
    return { kind: 'error', why: `${pointer} is no JSON pointer; write it as in /data/count` };
  let at = '';
  let value = answer as Json;
  for (const segment of segments) {
    const empty = emptyAt(value);
    if (empty !== null) return { kind: 'none', why: `${placeName(at)} is ${empty}` };
    const next = stepInto(value, segment);
    if (next === undefined) return { kind: 'error', why: missing(pointer, at, value) };
    at = append(segment, at);
    value = next;
  }
  return value === null ? { kind: 'none', why: `${placeName(at)} is null` } : { kind: 'value', value };
}

function emptyAt(value: Json): string | null {
  if (value === null) return 'null';
  return Array.isArray(value) && value.length === 0 ? 'an empty list' : null;
}

function stepInto(value: Json, segment: string): Json | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  // The library reads "1x" as an index as well, which RFC 6901 does not.
  if (Array.isArray(value) && !/^(0|[1-9]\d*)$/.test(segment)) return undefined;
  return get(append(segment, ''), value);
}

function missing(pointer: string, at: string, value: Json): string {
  return `${pointer} is not in the answer: ${placeName(at)} is there and is ${describeJson(value)}`;
}

function placeName(at: string): string {
  return at === '' ? 'the answer' : at;
}

function segmentsOf(pointer: string): readonly string[] | null {
  try {
    return [...pointerSegments(pointer)];
  } catch {
    return null;
  }
}
