/** The address of a server that an input names: parsed once, and refused where a secret would leak. Pure. */
import { ConnectionInputError } from './connection-input-error.ts';

/** What an address is for, so that a refusal can name the inputs. */
export interface AddressInput {
  /** The input that holds the address, for example `prometheus-url`. */
  readonly input: string;
  /** Where the secret belongs instead, as in "Pass the token with prometheus-token."; ends with a full stop. */
  readonly secretAdvice: string;
  /** What would travel in clear text over http. */
  readonly secret: string;
  /** An address as it should look like. */
  readonly example: string;
}

/**
 * Returns the address without slashes at its end; its path is kept.
 *
 * Errors: ConnectionInputError for text that is no URL, for http beyond this machine, for a user name or
 * password, and for a query or fragment. The text itself is not repeated where it may hold a secret.
 */
export function parseServerAddress(text: string, about: AddressInput): URL {
  const trimmed = text.trim();
  const url = parse(trimmed, about);
  if (url.username !== '' || url.password !== '') {
    throw new ConnectionInputError(
      `${about.input} contains a user name or password; expected a plain address. ${about.secretAdvice}`,
    );
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw new ConnectionInputError(
      `${about.input} starts with ${url.protocol}//; expected https:// (http is accepted for this machine ` +
        `only), because ${about.secret} would travel in clear text. Use the https address.`,
    );
  }
  if (trimmed.includes('?') || trimmed.includes('#')) {
    throw new ConnectionInputError(
      `${about.input} has a query or fragment; expected an address that ends with its path. Remove it.`,
    );
  }
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}

/** Returns the address of a path below a server's address. The path is the program's own, never a plan's. */
export function addressBelow(base: URL, path: `/${string}`): URL {
  return new URL(`${base.href.replace(/\/+$/, '')}${path}`);
}

/** Returns whether a URL's host name is this machine: 127.0.0.0/8, ::1 or localhost. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function parse(text: string, about: AddressInput): URL {
  try {
    return new URL(text);
  } catch {
    throw new ConnectionInputError(`${about.input} is not an address; expected one like ${about.example}.`);
  }
}
