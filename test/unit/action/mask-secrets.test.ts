import { describe, expect, it } from 'vitest';
import type { InputKey } from '../../../src/action/io-keys.ts';
import { maskSecrets, SECRET_INPUTS } from '../../../src/action/mask-secrets.ts';

describe('secrets among the inputs', () => {
  it('are all masked, the password of a pair by itself too, and given back longest first', () => {
    const masks: string[] = [];
    const input = (key: InputKey): string => (key === 'prometheus-token' ? 'me:password' : `of ${key}`);
    const secrets = maskSecrets({ input, mask: (secret) => masks.push(secret) });
    for (const key of SECRET_INPUTS) expect(masks).toContain(input(key));
    expect(masks).toContain('password');
    expect(secrets.map(({ length }) => length)).toEqual(
      secrets.map(({ length }) => length).sort((a, b) => b - a),
    );
  });

  it('are none where none is given', () => {
    const masks: string[] = [];
    expect(maskSecrets({ input: () => '', mask: (secret) => masks.push(secret) })).toEqual([]);
    expect(masks).toEqual([]);
  });
});
