/** Where the API is: one address, parsed once, that every request starts with. Pure. */

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

/**
 * Returns the API's base address: the default for empty text, `/api/v1` appended to a bare host or to
 * `/api`, every other path kept as it is.
 *
 * A path that is exactly `/v1` is kept with a warning: that is the vendor's inference surface.
 * Errors: BaseUrlError for text that is no URL, for http beyond this machine, for a user name or
 * password, and for a query or fragment. The text itself is not repeated where it may hold a secret.
 */
export function parseBaseUrl(text: string): BaseUrl {
  const trimmed = text.trim();
  const url = parse(trimmed === '' ? DEFAULT_BASE_URL : trimmed);
  if (url.username !== '' || url.password !== '') {
    throw new BaseUrlError(
      'api-url contains a user name or password; expected a plain address. Pass the key with api-key.',
    );
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw new BaseUrlError(
      `api-url starts with ${url.protocol}//; expected https:// (http is accepted for this machine only), ` +
        'because the API key would travel in clear text. Use the https address.',
    );
  }
  if (trimmed.includes('?') || trimmed.includes('#')) {
    throw new BaseUrlError(
      'api-url has a query or fragment; expected an address that ends with its path. Remove it.',
    );
  }
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path === '' || path === '/api' ? '/api/v1' : path;
  return { url, warnings: warningsFor(url) };
}

/** Returns whether a URL's host name is this machine: 127.0.0.0/8, ::1 or localhost. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function parse(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new BaseUrlError(`api-url is not an address; expected one like ${DEFAULT_BASE_URL}.`);
  }
}

function warningsFor(url: URL): readonly string[] {
  if (url.pathname !== '/v1') return [];
  return [
    `api-url ends with /v1, which serves hosted inference at Octomil; the control plane is ${url.origin}/api/v1.`,
  ];
}
