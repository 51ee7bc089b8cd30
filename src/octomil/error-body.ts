/** Reads the text and the code out of an error's body, in every shape that a source shows. Pure. */
import { oneLine } from '../runtime/untrusted-text.ts';

const MAX_TEXT_CHARS = 500;
const MAX_CODE_CHARS = 64;

/** What an error body said. */
export interface ErrorBody {
  /** The API's own word for the error, or null. */
  readonly code: string | null;
  /** Sanitised, at most 500 characters; empty where the body said nothing. */
  readonly text: string;
  readonly requestId: string | null;
  /** True for the router's own "no such route", which says nothing about the thing that was asked for. */
  readonly routeUnknown: boolean;
}

/**
 * Returns what an error body says. Never throws: a body of unknown shape is plain text.
 *
 * Shapes: `{error, message, status_code}` (docs /api-reference/introduction), `{code, message, details?,
 * request_id?}` (octomil-ios bd482a5), `{detail: text}` and `{detail: [{loc, msg, type}]}` (FastAPI), plain
 * text, HTML and nothing (octomil-python 3c7bad6 raises with the raw body).
 */
export function parseErrorBody(body: string): ErrorBody {
  const json = parseJsonObject(body);
  if (json === null) {
    const text = /^\s*</.test(body) ? 'an HTML page' : oneLine(body, MAX_TEXT_CHARS);
    return { code: null, text, requestId: null, routeUnknown: body.trim() === 'Not Found' };
  }
  const detail = json['detail'];
  const code = textOf(json['code']) ?? textOf(json['error']);
  const text = textOf(json['message']) ?? textOf(detail) ?? validationText(detail) ?? code ?? body;
  return {
    code: code === null ? null : oneLine(code, MAX_CODE_CHARS),
    text: oneLine(text, MAX_TEXT_CHARS),
    requestId: textOf(json['request_id']),
    routeUnknown: detail === 'Not Found' && Object.keys(json).length === 1,
  };
}

function parseJsonObject(body: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function validationText(detail: unknown): string | null {
  if (!Array.isArray(detail)) return null;
  const lines = detail.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { loc, msg } = entry as { loc?: unknown; msg?: unknown };
    if (typeof msg !== 'string') return [];
    return [Array.isArray(loc) ? `${loc.map(String).join('.')}: ${msg}` : msg];
  });
  return lines.length > 0 ? lines.join('; ') : null;
}
