/** Turns what an exchange brought into an answer or an error. Pure. */
import type { ReasonCode } from '../core/reason-codes.ts';
import type { ExchangeResponse } from '../runtime/http-exchange.ts';
import type { TransportError } from '../runtime/transport-error.ts';
import { oneLine, withoutSecret } from '../runtime/untrusted-text.ts';
import { type ErrorBody, parseErrorBody } from './error-body.ts';
import { ApiError, type OctomilError, ProtocolError, TransportFailure } from './errors.ts';
import { policyReason } from './policy-text.ts';
import type { Failure } from './retry-policy.ts';
import type { Answer } from './wire-parse.ts';

/** What one try brought: an answer of any status, or none. */
export type TryResult =
  | { readonly kind: 'answered'; readonly response: ExchangeResponse }
  | { readonly kind: 'failed'; readonly error: TransportError };

/** The call that a result belongs to. */
export interface CallFacts {
  /** Method and path, for messages. */
  readonly where: string;
  /** The API key, so that it can be taken out of every text. */
  readonly secret: string;
  readonly write: boolean;
  /** True when the write may have taken effect, in this try or an earlier one. */
  readonly uncertain: boolean;
  /** The reason code of a refusal (400, 402, 409, 422 and the like). */
  readonly refusedAs: ReasonCode;
}

const REQUEST_ID_HEADERS = ['x-request-id', 'request-id', 'x-correlation-id'];
const MAX_ID_CHARS = 100;
/** Returns why a try failed, or null when it brought an answer below 400. */
export function failureOf(result: TryResult): Failure | null {
  if (result.kind === 'failed') return { kind: 'transport', error: result.error.kind };
  const { status, headers, text } = result.response;
  if (status < 400) return null;
  return {
    kind: 'status',
    status,
    retryAfter: headers['retry-after'] ?? null,
    routeUnknown: parseErrorBody(text).routeUnknown,
  };
}

/** Returns whether a write that failed this way may have taken effect. */
export function leavesEffectOpen(failure: Failure): boolean {
  if (failure.kind === 'transport') return failure.error !== 'connect';
  return (
    failure.status === 408 || (failure.status >= 500 && failure.status !== 501 && failure.status !== 505)
  );
}

/**
 * Returns the answer of a status below 400.
 *
 * Errors: ProtocolError for a redirect, for anything but 2xx and for a body that is not JSON; an empty body
 * is an answer whose `json` is undefined.
 */
export function readSuccess(response: ExchangeResponse, facts: CallFacts): Answer {
  const requestId = requestIdOf(response, null);
  const details = { status: response.status, requestId, uncertain: facts.write };
  if (response.status >= 300 || response.status < 200) {
    const location = redirectTarget(response, facts.secret);
    throw new ProtocolError(
      facts.where,
      {
        field: 'the status',
        got: `${response.status}${location}`,
        expected: '2xx; redirects are not followed',
      },
      { ...details, advice: 'Set `api-url` to the address that the API itself answers on.' },
    );
  }
  if (response.text.trim() === '')
    return { where: facts.where, status: response.status, json: undefined, requestId };
  try {
    return { where: facts.where, status: response.status, json: JSON.parse(response.text), requestId };
  } catch (cause) {
    throw new ProtocolError(
      facts.where,
      { field: 'the body', got: bodyKind(response, facts.secret), expected: 'JSON' },
      { ...details, cause: cause instanceof SyntaxError ? undefined : cause },
    );
  }
}

/** Returns the error of a try whose `failureOf` is not null. */
export function errorOf(result: TryResult, facts: CallFacts): OctomilError {
  if (result.kind === 'answered') return apiErrorOf(result.response, facts);
  const { error } = result;
  const message = withoutSecret(error.message, facts.secret);
  if (error.kind === 'too_large') {
    return new ProtocolError(
      facts.where,
      { field: 'the body', got: 'larger than the limit', expected: 'at most 8 MiB of JSON' },
      { uncertain: facts.uncertain, cause: error },
    );
  }
  return new TransportFailure(message, { kind: error.kind, uncertain: facts.uncertain, cause: error });
}

function apiErrorOf(response: ExchangeResponse, facts: CallFacts): ApiError {
  const body = parseErrorBody(withoutSecret(response.text, facts.secret));
  const requestId = requestIdOf(response, body.requestId);
  const said = body.text === '' ? '' : `: ${body.text}`;
  const code = body.code === null || body.code === body.text ? '' : ` ${body.code}`;
  const id = requestId === null ? '' : ` (request ${requestId})`;
  return new ApiError(`${facts.where}: HTTP ${response.status}${code}${said}${id}`, {
    reasonCode: reasonFor(response.status, body, facts),
    status: response.status,
    requestId,
    uncertain: facts.uncertain,
    code: body.code,
    serverText: body.text,
    routeUnknown: body.routeUnknown,
    retryAfter: response.headers['retry-after'] ?? null,
  });
}

function reasonFor(status: number, body: ErrorBody, facts: CallFacts): ReasonCode {
  // Policies are refused with 403, 409 or 422 and only the text tells. Source: docs /advanced/policy.
  const aboutPolicy = facts.write ? policyReason(body) : null;
  if (status === 401) return 'unauthorized';
  if (status === 403) return aboutPolicy ?? 'unauthorized';
  if (status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505))
    return 'api_unavailable';
  if (body.code === 'model_not_found' || body.code === 'version_not_found') return body.code;
  return aboutPolicy ?? facts.refusedAs;
}

function requestIdOf(response: ExchangeResponse, fromBody: string | null): string | null {
  const name = REQUEST_ID_HEADERS.find((header) => response.headers[header] !== undefined);
  const id = name === undefined ? fromBody : (response.headers[name] ?? null);
  return id === null || id === '' ? null : oneLine(id, MAX_ID_CHARS);
}

function redirectTarget(response: ExchangeResponse, secret: string): string {
  const location = response.headers['location'];
  if (location === undefined) return '';
  return ` to ${oneLine(withoutSecret(location.replace(/[?#].*$/s, ''), secret), MAX_ID_CHARS)}`;
}

function bodyKind(response: ExchangeResponse, secret: string): string {
  const type = oneLine(response.headers['content-type'] ?? 'no content type', MAX_ID_CHARS);
  const start = oneLine(withoutSecret(response.text, secret), 60);
  return /^\s*</.test(response.text) ? `an HTML page (${type})` : `not JSON (${type}): "${start}"`;
}
