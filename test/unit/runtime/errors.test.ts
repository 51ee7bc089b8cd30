/** What the machine throws becomes an error that can be told apart. */
import { describe, expect, it } from 'vitest';
import { CancelledError, eitherSignal } from '../../../src/runtime/abort.ts';
import { toError } from '../../../src/runtime/to-error.ts';
import { kindOfPlatformError } from '../../../src/runtime/transport-error.ts';

const circular: { self?: unknown } = {};
circular.self = circular;

describe('toError', () => {
  it('returns an error as it is', () => {
    const error = new TypeError('bad');
    expect(toError(error)).toBe(error);
  });

  it.each([
    ['text', 'plain text', 'plain text'],
    ['an object', { code: 7 }, '{"code":7}'],
    ['nothing', undefined, 'undefined'],
    ['a circle', circular, 'object'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
  ])('says that %s was thrown and keeps it', (_title, thrown, shown) => {
    const error = toError(thrown);
    expect(error.message).toContain(shown);
    expect(error.cause).toBe(thrown);
  });
});

describe('kindOfPlatformError', () => {
  it.each([
    [{ code: 'ECONNREFUSED' }, 'connect'],
    [{ code: 'ENOTFOUND', syscall: 'getaddrinfo' }, 'connect'],
    [{ code: 'ETIMEDOUT', syscall: 'connect' }, 'connect'],
    [{ code: 'CERT_HAS_EXPIRED' }, 'connect'],
    [{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, 'connect'],
    [{ code: 'ETIMEDOUT', syscall: 'read' }, 'cut'],
    [{ code: 'ECONNRESET', syscall: 'read' }, 'cut'],
    [{ code: 'EPIPE', syscall: 'write' }, 'cut'],
    [{ code: 'HPE_INVALID_CONSTANT' }, 'cut'],
    [{}, 'cut'],
  ])('takes %j for %s: only what is proven is called unsent', (fields, kind) => {
    expect(kindOfPlatformError(Object.assign(new Error('x'), fields))).toBe(kind);
  });
});

describe('eitherSignal', () => {
  it('is aborted by whichever comes first, with its reason', () => {
    const one = new AbortController();
    const either = eitherSignal(one.signal, new AbortController().signal);
    one.abort(new CancelledError('SIGINT'));
    expect(either?.reason).toMatchObject({ by: 'SIGINT' });
  });

  it('is the only one there is, or none', () => {
    const { signal } = new AbortController();
    expect(eitherSignal(undefined, signal)).toBe(signal);
    expect(eitherSignal(signal, undefined)).toBe(signal);
    expect(eitherSignal(undefined, undefined)).toBeUndefined();
  });
});
