/** The inputs that say where series come from: hosts and secrets, which no plan may name. */
import { datadogAddress } from '../metrics/datadog/datadog-site.ts';
import { usableSecret } from '../runtime/connection-input-error.ts';
import { parseServerAddress } from '../runtime/server-address.ts';
import { toError } from '../runtime/to-error.ts';
import type { InputReader } from './input-reader.ts';
import type { InputKey } from './io-keys.ts';

/** Addresses and secrets of the places that series come from; empty where they are not given. */
export interface SourceInputs {
  readonly prometheusUrl: string;
  readonly prometheusToken: string;
  readonly datadogSite: string;
  readonly datadogApiKey: string;
  readonly datadogAppKey: string;
  readonly healthUrl: string;
  readonly healthToken: string;
}

/** Returns the inputs of the sources, and notes those that cannot be used; no secret is repeated. */
export function readSourceInputs(reader: InputReader): SourceInputs {
  return {
    prometheusUrl: address(reader, 'prometheus-url', 'prometheus-token'),
    prometheusToken: secret(reader, 'prometheus-token'),
    datadogSite: site(reader),
    datadogApiKey: secret(reader, 'datadog-api-key'),
    datadogAppKey: secret(reader, 'datadog-app-key'),
    healthUrl: address(reader, 'health-url', 'health-token'),
    healthToken: secret(reader, 'health-token'),
  };
}

function address({ read, refuse }: InputReader, input: InputKey, token: InputKey): string {
  const text = read(input);
  if (text === '') return '';
  try {
    parseServerAddress(text, {
      input,
      secretAdvice: `Pass it with ${token}.`,
      secret: 'the token',
      example: 'https://metrics.example.com',
    });
  } catch (thrown) {
    refuse(input, `an https address of a server: ${toError(thrown).message}`, 'something else (not shown)');
  }
  return text;
}

function secret({ read, refuse }: InputReader, input: InputKey): string {
  const text = read(input);
  try {
    return usableSecret(text, input);
  } catch {
    refuse(input, 'visible ASCII characters on one line', 'something else (not shown)');
    return '';
  }
}

function site({ read, refuse }: InputReader): string {
  const text = read('datadog-site');
  if (text === '') return '';
  try {
    datadogAddress(text);
  } catch (thrown) {
    refuse('datadog-site', toError(thrown).message);
  }
  return text;
}
