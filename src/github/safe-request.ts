/** What every request to GitHub has in common: it goes to nobody else, and nobody's text is printed on its way. Pure. */

/** Discards what a client says. */
export const QUIET = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/**
 * Returns the request options of octokit for a request that `signal` ends.
 *
 * A redirect is an error: it would carry the body to a host that nobody chose. Without a log of its own,
 * `@octokit/request` prints the `Sunset` and `Link` headers of an answer to the console, where the runner looks for
 * commands.
 */
export function safely(signal: AbortSignal): {
  readonly signal: AbortSignal;
  readonly redirect: 'error';
  readonly log: typeof QUIET;
} {
  return { signal, redirect: 'error', log: QUIET };
}
