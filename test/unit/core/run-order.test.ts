import { describe, expect, it } from 'vitest';
import { isMarkedRollback, markRollback } from '../../../src/core/rollback-mark.ts';
import { isNewerRun } from '../../../src/core/run-order.ts';

describe('a run is newer', () => {
  it.each<{ label: string; than: string; gives: boolean }>([
    { label: '901.1.1', than: '900.7.1', gives: true },
    { label: '1000.1.1', than: '999.7.1', gives: true },
    { label: '90071992547409931.1.1', than: '90071992547409930.1.1', gives: true },
    { label: '900.7.2', than: '900.7.1', gives: false },
    { label: '899.9.9', than: '900.1.1', gives: false },
    { label: 'local', than: '900.1.1', gives: false },
    { label: '901.1.1', than: 'local', gives: false },
    { label: '901x', than: '900.1.1', gives: false },
  ])('$label than $than: $gives', ({ label, than, gives }) => {
    expect(isNewerRun(label, than)).toBe(gives);
  });
});

describe('a rollback of ours', () => {
  it('is known by the mark at the end of its reason', () => {
    expect(isMarkedRollback(markRollback('gate failed (900.1.1)'))).toBe(true);
  });
  it.each([null, '', 'rolled back to 1.0.0', '[octomil-rollback] said somebody'])('is not %o', (reason) => {
    expect(isMarkedRollback(reason)).toBe(false);
  });
});
