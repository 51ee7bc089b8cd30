/** The inputs that say where on GitHub a rollout is remembered, and by which token. */
import type { InputReader } from './input-reader.ts';

/** An environment of the repository and the token for its deployments. */
export interface DeploymentInputs {
  readonly environment: string;
  /** A secret: it goes to GitHub's API only. */
  readonly token: string;
}

const MAX_ENVIRONMENT_CHARS = 255;

/** Returns what `environment` and `github-token` say; null without an environment. Never puts the token into a message. */
export function readDeployments({ read, refuse }: InputReader): DeploymentInputs | null {
  const environment = read('environment');
  const token = read('github-token');
  if (environment === '') return null;
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
  return { environment, token };
}
