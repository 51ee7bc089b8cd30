/** A receiver can check by itself that a notification is ours and fresh. */
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signatureOf } from '../../../src/notify/signature.ts';

const SECRET = 'whsec_0123456789abcdef';
const AT = Date.UTC(2026, 10, 20, 10, 0, 0, 999);

describe('the signature of a notification', () => {
  it('is a time in whole seconds and an HMAC-SHA-256 that stays as it is', () => {
    expect(signatureOf(SECRET, { at: AT, body: '{"text":"é"}' })).toBe(
      't=1795168800,v1=49952e9af9503d711222f97c4c79ded88b98d3e195bfbb563743111c2392b39a',
    );
  });

  it('is made over the time, a full stop and the bytes of the body', () => {
    const body = '{"text":"é"}';
    const hex = createHmac('sha256', SECRET)
      .update(Buffer.from(`1795168800.${body}`, 'utf8'))
      .digest('hex');
    expect(signatureOf(SECRET, { at: AT, body })).toBe(`t=1795168800,v1=${hex}`);
  });

  it.each([
    { what: 'body', secret: SECRET, at: AT, body: '{}' },
    { what: 'second', secret: SECRET, at: AT + 1_000, body: '{"a":1}' },
    { what: 'secret', secret: `${SECRET}0`, at: AT, body: '{"a":1}' },
  ])('is another one for another $what', ({ secret, at, body }) => {
    const [, one] = signatureOf(SECRET, { at: AT, body: '{"a":1}' }).split(',v1=');
    expect(signatureOf(secret, { at, body }).split(',v1=')[1]).not.toBe(one);
  });
});
