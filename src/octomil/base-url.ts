/** Where the API is: one address, parsed once, that every request starts with. Pure. */
import { ConnectionInputError } from '../runtime/connection-input-error.ts';
import { type AddressInput, parseServerAddress } from '../runtime/server-address.ts';

/** The vendor's public control plane. Source: docs /api-reference/introduction, octomil-python 3c7bad6. */
export const DEFAULT_BASE_URL = 'https://api.octomil.com/api/v1';

/** The API's address without a trailing slash, and what is worth saying about it. */
export interface BaseUrl {
  readonly url: URL;
  readonly warnings: readonly string[];
}

/** The address of the API cannot be used. The message says what was got, what is expected and what to do. */
export class BaseUrlError extends Error {
  override readonly name = 'BaseUrlError';
}

const API_URL: AddressInput = {
  input: 'api-url',
  secretAdvice: 'Pass the key with api-key.',
  secret: 'the API key',
  example: DEFAULT_BASE_URL,
};

/**
 * Returns the API's base address: the default for empty text, `/api/v1` appended to a bare host or to
 * `/api`, every other path kept as it is.
 *
 * A path that is exactly `/v1` is kept with a warning: that is the vendor's inference surface.
 * Errors: BaseUrlError for text that is no URL, for http beyond this machine, for a user name or
 * password, and for a query or fragment. The text itself is not repeated where it may hold a secret.
 */
export function parseBaseUrl(text: string): BaseUrl {
  const url = parse(text.trim() === '' ? DEFAULT_BASE_URL : text);
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path === '' || path === '/api' ? '/api/v1' : path;
  return { url, warnings: warningsFor(url) };
}

function parse(text: string): URL {
  try {
    return parseServerAddress(text, API_URL);
  } catch (thrown) {
    throw thrown instanceof ConnectionInputError ? new BaseUrlError(thrown.message) : thrown;
  }
}

function warningsFor(url: URL): readonly string[] {
  if (url.pathname !== '/v1') return [];
  return [
    `api-url ends with /v1, which serves hosted inference at Octomil; the control plane is ${url.origin}/api/v1.`,
  ];
}
