/** Why a call to the API failed, in words for people and in a reason code for machines. */
import { adviceFor, type ReasonCode } from '../core/reason-codes.ts';
import type { TransportErrorKind } from '../runtime/transport-error.ts';

/** What every error of this adapter knows beside its message. */
export interface OctomilErrorDetails {
  readonly reasonCode: ReasonCode;
  readonly requestId?: string | null;
  /** HTTP status; left out where there was no answer. */
  readonly status?: number | null;
  /** One thing to do; the reason code's own advice unless given. */
  readonly advice?: string;
  /** True when the request was a write that may have taken effect all the same. */
  readonly uncertain?: boolean;
  /** The message without what was tried, for where one sentence has to do; the whole message unless given. */
  readonly headline?: string;
  readonly cause?: unknown;
}

/** The base of every error that the Octomil adapter throws, except for a caller's own abort reason. */
export class OctomilError extends Error {
  override readonly name: string = 'OctomilError';
  readonly reasonCode: ReasonCode;
  readonly requestId: string | null;
  readonly advice: string;
  readonly status: number | null;
  /** True when the request was a write that may have taken effect all the same. */
  readonly uncertain: boolean;
  /** The message, or its first sentence where the rest is about requests. */
  readonly headline: string;

  /** Creates the error; the message contains no secret and only sanitised text of the server. */
  constructor(message: string, details: OctomilErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.reasonCode = details.reasonCode;
    this.requestId = details.requestId ?? null;
    this.advice = details.advice ?? adviceFor(details.reasonCode);
    this.status = details.status ?? null;
    this.uncertain = details.uncertain ?? false;
    this.headline = details.headline ?? message;
  }
}

/** What an error status adds to the details. */
export interface ApiErrorDetails extends OctomilErrorDetails {
  readonly status: number;
  readonly code: string | null;
  readonly serverText: string;
  readonly routeUnknown: boolean;
  readonly retryAfter: string | null;
}

/** The API answered with an error status. */
export class ApiError extends OctomilError {
  override readonly name = 'ApiError';
  /** The API's own word for the error, for example `conflict`, or null. */
  readonly code: string | null;
  /** The API's text, sanitised and cut; empty where it sent none. */
  readonly serverText: string;
  /** True for the router's own "no such route", which says nothing about the thing that was asked for. */
  readonly routeUnknown: boolean;
  /** The `Retry-After` header as it came, or null. */
  readonly retryAfter: string | null;

  /** Creates the error from a status of 400 or more and what the body said. */
  constructor(message: string, details: ApiErrorDetails) {
    super(message, details);
    this.code = details.code;
    this.serverText = details.serverText;
    this.routeUnknown = details.routeUnknown;
    this.retryAfter = details.retryAfter;
  }
}

/** The API could not be reached, or its answer did not arrive completely. */
export class TransportFailure extends OctomilError {
  override readonly name = 'TransportFailure';
  readonly kind: TransportErrorKind;

  /** Creates the error from the transport's own one, which becomes its cause. */
  constructor(
    message: string,
    details: Omit<OctomilErrorDetails, 'reasonCode'> & { readonly kind: TransportErrorKind },
  ) {
    super(message, { ...details, reasonCode: 'api_unavailable' });
    this.kind = details.kind;
  }
}

/** What was wrong with an answer that arrived completely. */
export interface ProtocolProblem {
  /** Where in the answer, for example `rollouts[2].percentage`, or the part of the answer that is meant. */
  readonly field: string;
  readonly got: string;
  readonly expected: string;
}

/** The API answered with something that no source documents, so nothing was assumed. */
export class ProtocolError extends OctomilError {
  override readonly name = 'ProtocolError';
  readonly problem: ProtocolProblem;

  /** Creates the error; `where` is the method and path of the call. */
  constructor(
    where: string,
    problem: ProtocolProblem,
    details: Omit<OctomilErrorDetails, 'reasonCode'> = {},
  ) {
    super(`${where}: ${problem.field} is ${problem.got}; expected ${problem.expected}`, {
      ...details,
      reasonCode: 'api_protocol',
    });
    this.problem = problem;
  }
}

/** Returns whether the API said that there is no such thing or no such route: 404, 405, 410 or 501. */
export function isAbsent(error: unknown): error is ApiError {
  return error instanceof ApiError && [404, 405, 410, 501].includes(error.status ?? 0);
}
