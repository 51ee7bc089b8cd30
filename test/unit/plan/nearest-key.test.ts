import { describe, expect, it } from 'vitest';
import { nearestKey } from '../../../src/plan/nearest-key.ts';

const KEYS = ['to', 'soak', 'bake', 'stages', 'min_samples', 'min_devices', 'no_data_grace'];

describe('nearestKey', () => {
  it.each([
    ['soka', 'soak'],
    ['Soak', 'soak'],
    ['stagess', 'stages'],
    ['stage', 'stages'],
    ['min-samples', 'min_samples'],
    ['MIN DEVICES', 'min_devices'],
    ['nodatagrace', 'no_data_grace'],
  ])('takes %j for %s', (word, key) => {
    expect(nearestKey(word, KEYS)).toBe(key);
  });

  it.each(['', 'x', 'metrics', 'provider', 'tax', 'minimum', 'a'.repeat(10_000)])(
    'guesses nothing from %j',
    (word) => {
      expect(nearestKey(word, KEYS)).toBeNull();
    },
  );
});
