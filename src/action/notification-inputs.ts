/** The inputs of notifications: where they go, how they are signed, and which endings are told. */
import { distance } from 'fastest-levenshtein';
import { OUTCOMES, type Outcome } from '../core/rollout.ts';
import type { Webhook } from '../notify/webhook.ts';
import { isLoopback } from '../runtime/server-address.ts';
import type { InputReader } from './input-reader.ts';
import type { InputKey } from './io-keys.ts';

/** Shapes of a notification: our own JSON, or the card that Microsoft Teams shows. */
export const WEBHOOK_FORMATS = ['json', 'teams'] as const;

export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];

/** Where and of what people are told. */
export interface NotificationInputs {
  readonly webhook: Webhook;
  readonly format: WebhookFormat;
  readonly outcomes: readonly Outcome[];
}

/**
 * Returns where notifications go, or null where none was asked for. Notes a problem for each wrong input.
 *
 * Neither the address nor the secret is repeated: some receivers know a sender by the address alone.
 */
export function readNotifications(reader: InputReader): NotificationInputs | null {
  const secret = webhookSecret(reader);
  const url = webhookUrl(reader);
  const format = WEBHOOK_FORMATS.find((each) => each === reader.read('webhook-format'));
  if (format === undefined) reader.refuse('webhook-format', `one of ${WEBHOOK_FORMATS.join(', ')}`);
  const outcomes = outcomesOf(reader);
  if (url === null) {
    if (secret !== null) reader.refuse('webhook-secret', 'a webhook-url beside it', 'a secret (not shown)');
    return null;
  }
  return { webhook: { url, secret }, format: format ?? 'json', outcomes };
}

/**
 * Returns what `readNotifications` returns, or null where one of its inputs is wrong: even a run whose other
 * inputs are refused can be told. Never throws.
 */
export function notificationsOf(read: (key: InputKey) => string): NotificationInputs | null {
  let isWrong = false;
  const refuse = (): void => {
    isWrong = true;
  };
  const notifications = readNotifications({ read, refuse });
  return isWrong ? null : notifications;
}

const HIDDEN = 'an address that cannot be used (not shown)';

function webhookUrl({ read, refuse }: InputReader): URL | null {
  const text = read('webhook-url');
  if (text === '') return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (url !== null && isSafe && url.username === '' && url.password === '' && url.hash === '') return url;
  const expected = 'an https address (http for this machine only) without user name, password and fragment';
  refuse('webhook-url', expected, HIDDEN);
  return null;
}

function webhookSecret({ read, refuse }: InputReader): string | null {
  const text = read('webhook-secret');
  if (text === '') return null;
  if (!/^[\x21-\x7e]{16,512}$/.test(text)) {
    const expected = '16 to 512 visible ASCII characters without spaces, as `openssl rand -hex 32` gives';
    refuse('webhook-secret', expected, 'something else (not shown)');
  }
  return text;
}

function outcomesOf({ read, refuse }: InputReader): readonly Outcome[] {
  const words = read('webhook-on')
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  const unknown = words.find((word) => !isOutcome(word));
  if (words.length === 0 || unknown !== undefined) {
    const near = OUTCOMES.find((each) => distance(each, unknown ?? '') <= 2);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    refuse('webhook-on', `outcomes with commas between them, out of ${OUTCOMES.join(', ')}${hint}`);
  }
  return [...new Set(words.filter(isOutcome))];
}

function isOutcome(word: string): word is Outcome {
  return OUTCOMES.some((each) => each === word);
}
