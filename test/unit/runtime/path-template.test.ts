/** An id that is filled into a path stays in its place. */
import { describe, expect, it } from 'vitest';
import { fillPath, placeholdersOf } from '../../../src/runtime/path-template.ts';

type Row = { readonly value: string } & ({ readonly gives: string } | { readonly throws: RegExp });

const ROWS: readonly Row[] = [
  { value: 'rol_1', gives: '/rollouts/rol_1/pause' },
  { value: 'a/../b', gives: '/rollouts/a%2F..%2Fb/pause' },
  { value: '1?x=1#y', gives: '/rollouts/1%3Fx%3D1%23y/pause' },
  { value: 'Zoë ', gives: '/rollouts/Zo%C3%AB%20/pause' },
  { value: '{id}', gives: '/rollouts/%7Bid%7D/pause' },
  { value: '', throws: /cannot be ""/ },
  { value: '.', throws: /cannot be "\."/ },
  { value: '..', throws: /cannot be "\.\."/ },
];

describe('fillPath', () => {
  it.each(ROWS)('with $value', (row) => {
    const fill = (): string => fillPath('/rollouts/{id}/pause', { id: row.value });
    if ('throws' in row) expect(fill).toThrow(row.throws);
    else expect(fill()).toBe(row.gives);
  });

  it('refuses a placeholder without a value', () => {
    expect(() => fillPath('/{model_id}', {})).toThrow('{model_id} of /{model_id} has no value');
  });
});

describe('placeholdersOf', () => {
  it('names every placeholder in order', () => {
    expect(placeholdersOf('/a/{b}/{c_d}?x={b}')).toEqual(['b', 'c_d', 'b']);
    expect(placeholdersOf('/a')).toEqual([]);
  });
});
