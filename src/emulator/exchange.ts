/** A request and a reply of the emulated server, without sockets. */

/** One request as the application sees it. */
export interface EmulatorRequest {
  readonly method: string;
  /** Path without the query, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** One answer. Every header that a client sees is in it. */
export interface EmulatorReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Returns an answer with a JSON body. */
export function jsonReply(value: unknown, status = 200): EmulatorReply {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  };
}

/** Returns an answer with a text of a type. */
export function textReply(body: string, contentType: string, status = 200): EmulatorReply {
  return { status, headers: { 'content-type': contentType }, body };
}

/** Returns 204 and nothing. */
export function emptyReply(): EmulatorReply {
  return { status: 204, headers: {}, body: '' };
}
