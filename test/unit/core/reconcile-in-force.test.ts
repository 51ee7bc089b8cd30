import { describe, expect, it } from 'vitest';
import type { Landscape } from '../../../src/core/landscape.ts';
import { aRemoteRollout, aTaggedEntry, T0 } from '../../support/core-builders.ts';
import { aRival, type ReconcileRow, reconciled, refusal } from '../../support/reconciliations.ts';

const UNDONE = aRemoteRollout({ id: 'r6', status: 'rolled_back', statusText: 'reverted' });
const OURS = aRemoteRollout();

const IN_FORCE: readonly ReconcileRow[] = [
  {
    fact: 'is not adopted beside an active rollout of another version',
    facts: { landscape: { ours: OURS, rivals: [aRival()] } },
    gives: refusal(
      'superseded',
      'another_version',
      'rollout r7 of 2.1.0 is active at 10% beside 2.0.0 (rollout r2)',
    ),
  },
  {
    fact: 'is not adopted beside another version, although the plan would replace it',
    plan: { onSuperseded: 'replace' },
    facts: { landscape: { ours: OURS, rivals: [aRival()] } },
    gives: refusal(
      'superseded',
      'another_version',
      'rollout r7 of 2.1.0 is active at 10% beside 2.0.0 (rollout r2)',
    ),
  },
  {
    fact: 'is not adopted beside another version that began later and was paused',
    facts: { landscape: { ours: OURS, rivals: [aRival({ status: 'paused', createdAt: T0 + 1 })] } },
    gives: refusal(
      'superseded',
      'another_version',
      'rollout r7 of 2.1.0 is paused at 10% beside 2.0.0 (rollout r2)',
    ),
  },
  {
    fact: 'is not adopted beside another version that began earlier and serves',
    facts: { landscape: { ours: OURS, rivals: [aRival({ createdAt: T0 - 1 })] } },
    gives: refusal(
      'superseded',
      'another_version',
      'rollout r7 of 2.1.0 is active at 10% beside 2.0.0 (rollout r2)',
    ),
  },
  {
    fact: 'that is completed is not adopted where another version may have been completed after it',
    facts: { landscape: { ours: aRemoteRollout({ status: 'completed' }), oursUncertain: true } },
    gives: refusal(
      'superseded',
      'another_version',
      'rollout r2 of 2.0.0 is completed at 1%, and the API does not tell whether another version was completed after it',
    ),
  },
  {
    fact: 'is not adopted while it is being rolled back',
    facts: { landscape: { ours: aRemoteRollout({ status: 'rolling_back' }) } },
    gives: refusal('superseded', 'version_was_rolled_back', 'rollout r2 of 2.0.0 is rolling_back at 1%'),
  },
  {
    fact: 'is not adopted while it is being rolled back, by force: retry neither',
    facts: { landscape: { ours: aRemoteRollout({ status: 'rolling_back' }) }, retry: true },
    gives: refusal('superseded', 'version_was_rolled_back', 'rollout r2 of 2.0.0 is rolling_back at 1%'),
  },
];

const LATE = aRemoteRollout({ id: 'r1', version: '1.9.0', status: 'completed', createdAt: null });

const UNTOLD: readonly ReconcileRow[] = [
  {
    fact: 'is refused where it is not told when the last version was completed',
    facts: { landscape: { ours: OURS, lastCompleted: LATE } },
    gives: refusal(
      'invalid_input',
      'previous_version_missing',
      '1.9.0 was completed, and the API does not tell when or for whom; rollout r2 of 2.0.0 is active at 1%',
    ),
  },
];

describe('a rollout in force without a version to return to', () => {
  it.each(UNTOLD)('$fact', ({ plan = {}, facts, gives }) => {
    expect(reconciled(plan, facts)).toEqual(gives);
  });
});

describe('a rollout in force', () => {
  it.each(IN_FORCE)('$fact', ({ plan = {}, facts, gives }) => {
    expect(reconciled(plan, facts)).toEqual(gives);
  });

  it.each<{ fact: string; landscape: Partial<Landscape> }>([
    { fact: 'once it is found', landscape: {} },
    { fact: 'although the version was rolled back before', landscape: { rolledBackBefore: UNDONE } },
    {
      fact: 'beside an older paused rollout of another version',
      landscape: { rivals: [aRival({ status: 'paused', createdAt: T0 - 1 })] },
    },
    { fact: 'although one of this version reaches the whole fleet', landscape: { beyondGroup: UNDONE } },
  ])('is adopted $fact', ({ landscape }) => {
    expect(reconciled({}, { landscape: { ours: OURS, ...landscape } }).kind).toBe('adopt');
  });

  it('and uncertain is adopted by the tag that a run of ours left', () => {
    const landscape: Partial<Landscape> = { ours: OURS, oursUncertain: true };
    expect(reconciled({}, { landscape, history: [aTaggedEntry()] }).kind).toBe('adopt');
  });
});
