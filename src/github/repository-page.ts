/** Pages of this run's repository on GitHub, from the runner's environment. Pure. */

/** Longest address that is put on a status. GitHub documents no limit; browsers and proxies have theirs. */
export const MAX_ADDRESS_CHARS = 1_024;

/**
 * Returns the address of the repository's page, without a slash at its end; null where the runner does not say.
 *
 * The server is the runner's own, so that GitHub Enterprise is linked where it is.
 */
export function repositoryPage(variable: (name: string) => string): string | null {
  const server = variable('GITHUB_SERVER_URL');
  const repository = variable('GITHUB_REPOSITORY');
  const isKnown = /^https?:\/\/[\w.:-]+$/.test(server) && /^[\w.-]+\/[\w.-]+$/.test(repository);
  return isKnown ? `${server}/${repository}` : null;
}

/**
 * Returns the address of the page with an environment's deployments; null where the runner does not say, or where
 * it is longer than a status should carry. Never throws.
 */
export function deploymentsPage(environment: string, variable: (name: string) => string): string | null {
  const page = repositoryPage(variable);
  if (page === null) return null;
  // Half a character cannot be percent-encoded.
  const name = encodeURIComponent(environment.replace(/\p{Surrogate}/gu, '\ufffd'));
  const address = `${page}/deployments/${name}`;
  return address.length <= MAX_ADDRESS_CHARS ? address : null;
}
