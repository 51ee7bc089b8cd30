/** The inputs that say where on GitHub a rollout is remembered, by which token, and what its deployment links to. */
import { MAX_ADDRESS_CHARS } from '../github/repository-page.ts';
import type { InputReader } from './input-reader.ts';

/** An environment of the repository and the token for its deployments. */
export interface DeploymentInputs {
  readonly environment: string;
  /** A secret: it goes to GitHub's API only. */
  readonly token: string;
  /** What every status links to as its environment; null for the environment's own page on GitHub. */
  readonly environmentUrl: string | null;
}

const MAX_ENVIRONMENT_CHARS = 255;

/**
 * Returns what `environment`, `environment-url` and `github-token` say; null without an environment. Notes a problem
 * for each wrong one, and puts neither the token nor a password into it.
 */
export function readDeployments(reader: InputReader): DeploymentInputs | null {
  const { read, refuse } = reader;
  const environment = read('environment');
  const token = read('github-token');
  const environmentUrl = readAddress(reader);
  if (environment === '') {
    if (environmentUrl !== null) {
      refuse('environment-url', 'an `environment` beside it, whose deployments link to this address');
    }
    return null;
  }
  if (environment.length > MAX_ENVIRONMENT_CHARS || /\p{Cc}/u.test(environment)) {
    refuse('environment', 'the name of a GitHub environment: one line of at most 255 characters');
  }
  if (token === '') {
    refuse('github-token', 'a token for the deployments of the environment, as in ${{ github.token }}');
  } else if (!/^[\x21-\x7e]{1,2000}$/.test(token)) {
    refuse(
      'github-token',
      'visible ASCII characters without spaces, as in ${{ github.token }}',
      'something else (not shown)',
    );
  }
  return { environment, token, environmentUrl };
}

function readAddress({ read, refuse }: InputReader): string | null {
  const text = read('environment-url');
  if (text === '') return null;
  const url = /^[^\s\p{Cc}]+$/u.test(text) && URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.username !== '' || url.password !== '')) {
    const expected = 'an address without user name and password: everybody who sees the repository sees it';
    refuse('environment-url', expected, 'an address with a user name or password (not shown)');
    return null;
  }
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url !== null && isWeb && url.href.length <= MAX_ADDRESS_CHARS) return url.href;
  const expected = `an address such as https://fleet.example.com/production, at most ${MAX_ADDRESS_CHARS} characters`;
  refuse('environment-url', expected);
  return null;
}
