/** The address that a series is asked at: always below the one that the workflow gives. Pure. */
import type { PlaceholderStyle } from '../placeholders.ts';

/** A series' address, or why it has none. */
export type RequestAddress =
  | { readonly kind: 'url'; readonly url: URL }
  | { readonly kind: 'error'; readonly why: string };

/** How placeholders are filled in a path and a query: percent-encoded, times in RFC 3339. */
export const ADDRESS_STYLE: PlaceholderStyle = { escape: encoded, times: 'rfc3339' };

/**
 * Returns the address of a filled path and query below a base address.
 *
 * Invariant: INV-12. Scheme, host and port are the base's and the path is below the base's path, whatever the
 * text contains; text that could mean anything else, once or several times decoded, is `error`.
 */
export function addressOf(base: URL, filled: string): RequestAddress {
  const problem = problemOf(filled);
  if (problem !== null) return { kind: 'error', why: `the path ${problem}` };
  const root = base.href.replace(/\/+$/, '');
  const url = new URL(`${root}${filled}`);
  const isBelow =
    url.origin === base.origin &&
    url.username === '' &&
    url.password === '' &&
    url.href.startsWith(`${root}/`);
  return isBelow ? { kind: 'url', url } : { kind: 'error', why: 'the path leaves the address of health-url' };
}

function problemOf(filled: string): string | null {
  if (!filled.startsWith('/'))
    return 'does not start with a slash; write it as in /health?version={{version}}';
  if (!/^[\x21-\x7e]+$/.test(filled))
    return 'has a blank or another character that has to be percent-encoded';
  if (/[\\#]/.test(filled)) return 'has a \\ or a #; percent-encode it in the query, or leave it out';
  const [path = ''] = filled.split('?');
  const segments = fullyDecoded(path).slice(1).split(/[\\/]/);
  // What follows a semicolon is a parameter to some servers, and the dots before it are a segment.
  if (segments.some((segment) => /^\.{1,2}(;|$)/.test(segment))) {
    return 'has a segment . or .. in it, which would leave the address of health-url';
  }
  return segments.slice(0, -1).includes('') ? 'has an empty segment (//); is a placeholder empty?' : null;
}

// Servers behind a proxy may decode a path once more than they should.
function fullyDecoded(path: string): string {
  let text = path;
  for (;;) {
    const decoded = text.replace(/%(?:2e|2f|5c|25)/gi, (code) => decodeURIComponent(code));
    if (decoded === text) return text;
    text = decoded;
  }
}

// Half a character cannot be encoded; empty text is refused as a placeholder without a value.
function encoded(value: string): string {
  try {
    return encodeURIComponent(value);
  } catch {
    return '';
  }
}
