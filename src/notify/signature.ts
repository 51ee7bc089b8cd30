/** The signature by which a receiver knows that a notification is ours and fresh. */
import { createHmac } from 'node:crypto';
import { type EpochMs, SECOND_MS } from '../core/units.ts';

/** Header that carries the signature. */
export const SIGNATURE_HEADER = 'X-Octomil-Signature';

/**
 * Returns the header's value, `t=<Unix seconds>,v1=<hex>`: HMAC-SHA-256 over `<t>.<body>`, all in UTF-8.
 *
 * The time is signed with the body, so that a receiver can refuse an old one that is played again. A later
 * scheme would stand beside `v1`, not in its place.
 */
export function signatureOf(
  secret: string,
  { at, body }: { readonly at: EpochMs; readonly body: string },
): string {
  const seconds = Math.floor(at / SECOND_MS);
  const hex = createHmac('sha256', secret).update(`${seconds}.${body}`, 'utf8').digest('hex');
  return `t=${seconds},v1=${hex}`;
}
