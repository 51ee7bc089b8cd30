/** Hides every secret of the inputs from the job's log, before anything else happens. */
import type { InputKey } from './io-keys.ts';
import type { Shell } from './shell.ts';

/** Inputs whose text is a secret. */
export const SECRET_INPUTS = [
  'api-key',
  'github-token',
  'prometheus-token',
  'datadog-api-key',
  'datadog-app-key',
  'health-token',
  'webhook-secret',
  'webhook-url',
] as const satisfies readonly InputKey[];

/** Masks every secret among the inputs, the password of a `user:password` by itself too, and returns them, longest first. */
export function maskSecrets({ input, mask }: Pick<Shell, 'input' | 'mask'>): readonly string[] {
  const token = input('prometheus-token');
  const password = token.includes(':') ? token.slice(token.indexOf(':') + 1) : '';
  const secrets = [...SECRET_INPUTS.map(input), password].filter((secret) => secret !== '');
  for (const secret of secrets) mask(secret);
  return secrets.toSorted((one, other) => other.length - one.length);
}
