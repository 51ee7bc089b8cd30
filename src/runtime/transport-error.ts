/** Why an HTTP exchange produced no complete answer. */

/**
 * `connect`: the request never reached a server. `cut`: the connection ended before the answer did.
 * `stalled`: nothing arrived for the idle limit. `deadline`: the exchange as a whole took too long.
 * `too_large`: the answer exceeds the limit. `aborted`: the caller's signal ended it.
 */
export type TransportErrorKind = 'connect' | 'cut' | 'stalled' | 'deadline' | 'too_large' | 'aborted';

/** No complete HTTP answer. The message names the method and the address without its query, never a header. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly kind: TransportErrorKind;

  /** Creates the error; `cause` is the platform's own error where there is one. */
  constructor(kind: TransportErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
  }
}

const NEVER_SENT_CODES = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const CERTIFICATE_CODE = /CERT|SELF_SIGNED|UNABLE_TO|ERR_SSL|ERR_TLS/;

/**
 * Returns `connect` when the platform's error proves that no request was sent, else `cut`: a request that
 * may have arrived is never called unsent.
 */
export function kindOfPlatformError(error: Error): 'connect' | 'cut' {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === 'connect' || syscall === 'getaddrinfo') return 'connect';
  if (code === undefined) return 'cut';
  return NEVER_SENT_CODES.has(code) || CERTIFICATE_CODE.test(code) ? 'connect' : 'cut';
}
