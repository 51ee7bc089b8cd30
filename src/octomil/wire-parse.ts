/** Checks an answer against a schema and names the field that does not fit. Pure. */
import type { z } from 'zod';
import { fieldPath } from '../runtime/field-path.ts';
import { oneLine } from '../runtime/untrusted-text.ts';
import { type OctomilErrorDetails, ProtocolError } from './errors.ts';

const MAX_SHOWN_CHARS = 60;

/** One answer of the API, ready to be read. */
export interface Answer {
  /** Method and route, for messages. */
  readonly where: string;
  readonly status: number;
  /** The parsed body; undefined when the body was empty. */
  readonly json: unknown;
  readonly requestId: string | null;
}

/**
 * Returns `answer.json` as the schema types it.
 *
 * Errors: ProtocolError for the first field that does not fit; the schema's own error text is what was
 * expected there. `prefix` is put before the field's path.
 */
export function parseAnswer<T>(schema: z.ZodType<T>, answer: Answer): T {
  const result = schema.safeParse(answer.json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path ?? [];
  throw new ProtocolError(
    answer.where,
    {
      field: fieldPath(path),
      got: showValue(valueAt(answer.json, path)),
      expected: issue?.message ?? 'another shape',
    },
    detailsOf(answer),
  );
}

/** Returns what an error about this answer carries beside its message. */
export function detailsOf(answer: Answer): Omit<OctomilErrorDetails, 'reasonCode'> {
  return { status: answer.status, requestId: answer.requestId };
}

/** Returns a short printable form of any value of an answer, for messages. */
export function showValue(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object')
    return `an object with ${oneLine(Object.keys(value).join(', '), MAX_SHOWN_CHARS) || 'nothing in it'}`;
  return typeof value === 'string' ? `"${oneLine(value, MAX_SHOWN_CHARS)}"` : String(value);
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    json,
  );
}
