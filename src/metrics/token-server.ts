/** A server of numbers that the workflow names by an address and a token. Adapter. */
import type { Clock } from '../core/ports.ts';
import type { DurationMs } from '../core/units.ts';
import { usableSecret } from '../runtime/connection-input-error.ts';
import { type AddressInput, parseServerAddress } from '../runtime/server-address.ts';
import { QUESTION_DEADLINE_MS, type ServerOfNumbers } from './server-of-numbers.ts';

/** Where a server is and what to show it, as the workflow says. */
export interface TokenServerOptions {
  /** A path in it is kept, and everything that is asked is below it. */
  readonly url: string;
  /** May be empty. */
  readonly token: string;
  readonly clock: Clock;
  readonly userAgent: string;
  /** For one question with its repetition; 20 s unless given. */
  readonly deadlineMs?: DurationMs;
}

/** What is the same for every server of a kind. */
export interface TokenServerKind
  extends Pick<ServerOfNumbers, 'label' | 'refusedAdvice' | 'waitHeaders' | 'errorText'> {
  readonly address: Omit<AddressInput, 'secret'>;
  /** The input that holds the token. */
  readonly tokenInput: string;
  /** Returns every form in which a token that is not empty could come back. */
  readonly secretsOf: (token: string) => readonly string[];
}

/** A server, its address without slashes at the end, and the token without blanks around it. */
export interface TokenServer {
  readonly server: ServerOfNumbers;
  readonly base: URL;
  readonly token: string;
}

/** Returns a server that can be asked. Errors: ConnectionInputError for an address or a token that cannot be used. */
export function tokenServer(options: TokenServerOptions, kind: TokenServerKind): TokenServer {
  const { label, refusedAdvice, waitHeaders, errorText } = kind;
  const token = usableSecret(options.token, kind.tokenInput);
  const base = parseServerAddress(options.url, { ...kind.address, secret: 'the token' });
  const server: ServerOfNumbers = {
    label,
    clock: options.clock,
    userAgent: options.userAgent,
    deadlineMs: options.deadlineMs ?? QUESTION_DEADLINE_MS,
    secrets: token === '' ? [] : kind.secretsOf(token),
    refusedAdvice,
    waitHeaders,
    errorText,
  };
  return { server, base, token };
}
