/** Hides every secret of the inputs from the job's log, before anything else happens. */
import type { InputKey } from './io-keys.ts';
import type { Shell } from './shell.ts';

const SECRET_INPUTS: readonly InputKey[] = ['api-key', 'github-token', 'webhook-secret', 'webhook-url'];

/** Masks every input that is a secret and returns the secrets, longest first. */
export function maskSecrets({ input, mask }: Pick<Shell, 'input' | 'mask'>): readonly string[] {
  const secrets = SECRET_INPUTS.map(input).filter((secret) => secret !== '');
  for (const secret of secrets) mask(secret);
  return secrets.toSorted((one, other) => other.length - one.length);
}
