/** Where GitHub's REST API is and who asks, from the runner's environment. */

/** Where GitHub is and who asks. */
export interface GitHubAccess {
  /** Base URL of the REST API, as the runner gives it. */
  readonly apiUrl: string;
  readonly token: string;
  readonly owner: string;
  readonly repo: string;
}

/**
 * Returns the way to the repository of this run.
 *
 * The runner names the API, so that GitHub Enterprise is asked where it is; the token goes nowhere in clear text.
 * Errors: throws where the runner does not say which repository this is, and for an address that is not https
 * (http on loopback).
 */
export function readGitHubAccess(token: string, variable: (name: string) => string): GitHubAccess {
  const apiUrl = readApiUrl(variable('GITHUB_API_URL'));
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(variable('GITHUB_REPOSITORY')) ?? [];
  if (owner === undefined || repo === undefined) {
    throw new Error('GITHUB_REPOSITORY does not say which repository this is');
  }
  return { apiUrl, token, owner, repo };
}

function readApiUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isLoopback = url !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback);
  if (url === null || !isSafe || url.username !== '' || url.password !== '') {
    throw new Error('GITHUB_API_URL is not an https URL');
  }
  return text.replace(/\/+$/, '');
}
