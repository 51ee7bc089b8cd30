import { describe, expect, it } from 'vitest';
import type { Landscape } from '../../../src/core/landscape.ts';
import type { Plan } from '../../../src/core/plan.ts';
import { type ReconcileFacts, type Reconciliation, reconcile } from '../../../src/core/reconcile.ts';
import type { RemoteRollout } from '../../../src/core/rollout.ts';
import { HOUR_MS } from '../../../src/core/units.ts';
import { aPlan, aRemoteRollout, T0 } from '../../support/core-builders.ts';
import { aLandscape } from '../../support/landscapes.ts';

const NOW = T0 + HOUR_MS;
function aRival(over: Partial<RemoteRollout> = {}): RemoteRollout {
  return aRemoteRollout({ id: 'r7', version: '2.1.0', percentage: 10, ...over });
}

type Facts = Partial<Omit<ReconcileFacts, 'landscape'>> & { readonly landscape?: Partial<Landscape> };

function reconciled(plan: Partial<Plan>, { landscape, ...facts }: Facts): Reconciliation {
  const base = { history: [], now: NOW, toVersion: null, retry: false };
  return reconcile(aPlan(plan), { ...base, ...facts, landscape: aLandscape(landscape) });
}

function refusal(
  outcome: 'superseded' | 'invalid_input',
  reason: 'another_version' | 'version_was_rolled_back' | 'previous_version_missing',
  detail: string,
): Reconciliation {
  return { kind: 'refuse', outcome, reason, detail };
}

interface Row {
  readonly fact: string;
  readonly plan?: Partial<Plan>;
  readonly facts: Facts;
  readonly gives: Reconciliation;
}

const RIVAL_SEEN = refusal('superseded', 'another_version', 'rollout r7 of 2.1.0 is active at 10%');
const UNDONE = aRemoteRollout({ id: 'r6', status: 'rolled_back', statusText: 'reverted' });
const UNDONE_SEEN = refusal('superseded', 'version_was_rolled_back', 'rollout r6 of 2.0.0 is reverted');

const BACK = aRemoteRollout({ id: 'r8', version: '1.9.0', percentage: 100 });

const NEW_ROLLOUT: readonly Row[] = [
  {
    fact: 'is created, and returns to what the fleet runs',
    facts: {},
    gives: { kind: 'create', previousVersion: '1.9.0' },
  },
  {
    fact: 'is created, and returns to the version that is given',
    facts: { toVersion: '1.8.0' },
    gives: { kind: 'create', previousVersion: '1.8.0' },
  },
  {
    fact: 'is not created beside another version',
    facts: { landscape: { rivals: [aRival()] } },
    gives: RIVAL_SEEN,
  },
  {
    fact: "is not created beside somebody's paused rollout of another version",
    facts: { landscape: { rivals: [aRival({ status: 'paused' })] } },
    gives: refusal('superseded', 'another_version', 'rollout r7 of 2.1.0 is paused at 10%'),
  },
  {
    fact: 'takes the place of the newest other version where the plan says so',
    plan: { onSuperseded: 'replace' },
    facts: { landscape: { rivals: [aRival(), aRival({ id: 'r5' })] } },
    gives: { kind: 'replace', rival: aRival() },
  },
  {
    fact: 'is not created when this version was rolled back before',
    facts: { landscape: { rolledBackBefore: UNDONE } },
    gives: UNDONE_SEEN,
  },
  {
    fact: 'is created although it was rolled back before, with force: retry',
    facts: { landscape: { rolledBackBefore: UNDONE }, retry: true },
    gives: { kind: 'create', previousVersion: '1.9.0' },
  },
  {
    fact: 'does not take a place by force: retry',
    facts: { landscape: { rivals: [aRival()], rolledBackBefore: UNDONE }, retry: true },
    gives: RIVAL_SEEN,
  },
];

const NO_ROLLOUT_YET = 'no completed rollout of another version was found for this model and group';
const NO_ORDER = '1.9.0 was completed, and the API does not tell when or for whom';
const FIRST_EVER: Facts = { landscape: { lastCompleted: null } };

const TARGETS: readonly Row[] = [
  {
    fact: 'without a version to return to is refused',
    facts: FIRST_EVER,
    gives: refusal('invalid_input', 'previous_version_missing', NO_ROLLOUT_YET),
  },
  {
    fact: 'without a version to return to is refused for on_deadline: rollback alone',
    plan: { onFail: 'pause', onDeadline: 'rollback' },
    facts: FIRST_EVER,
    gives: refusal('invalid_input', 'previous_version_missing', NO_ROLLOUT_YET),
  },
  {
    fact: 'without a version to return to goes on with on_fail: pause',
    plan: { onFail: 'pause' },
    facts: FIRST_EVER,
    gives: { kind: 'create', previousVersion: null },
  },
  {
    fact: 'without a version to return to goes on with on_fail: alert',
    plan: { onFail: 'alert' },
    facts: FIRST_EVER,
    gives: { kind: 'create', previousVersion: null },
  },
  {
    fact: 'whose version to return to would be a guess is refused',
    facts: { landscape: { lastCompletedUncertain: true } },
    gives: refusal('invalid_input', 'previous_version_missing', NO_ORDER),
  },
  {
    fact: 'is not created while one of its version reaches more than its group',
    facts: { landscape: { beyondGroup: aRemoteRollout() } },
    gives: refusal(
      'held',
      'group_not_confirmed',
      'rollout r2 of 2.0.0 is active at 1%, and the API says it reaches the whole fleet',
    ),
  },
  {
    fact: 'does not take the place of one that brings an earlier version back',
    plan: { onSuperseded: 'replace' },
    facts: { landscape: { rivals: [BACK], restoring: [BACK] } },
    gives: refusal(
      'superseded',
      'another_version',
      'rollout r8 of 1.9.0 is active at 100%, which brings back an earlier version',
    ),
  },
  {
    fact: 'of a version that was rolled back takes no place without force: retry',
    plan: { onSuperseded: 'replace' },
    facts: {
      landscape: {
        rivals: [aRival()],
        rolledBackBefore: aRemoteRollout({ id: 'r6', statusText: 'reverted' }),
      },
    },
    gives: refusal('superseded', 'version_was_rolled_back', 'rollout r6 of 2.0.0 is reverted'),
  },
  {
    fact: 'that would return to itself is refused',
    facts: { toVersion: '2.0.0' },
    gives: refusal(
      'invalid_input',
      'previous_version_missing',
      'the version to return to is 2.0.0, the candidate itself',
    ),
  },
  {
    fact: 'that would return to itself is refused although nothing is ever rolled back',
    plan: { onFail: 'pause' },
    facts: { toVersion: '2.0.0' },
    gives: refusal(
      'invalid_input',
      'previous_version_missing',
      'the version to return to is 2.0.0, the candidate itself',
    ),
  },
  {
    fact: 'in force that would return to itself is refused',
    facts: { landscape: { ours: aRemoteRollout() }, toVersion: '2.0.0' },
    gives: refusal(
      'invalid_input',
      'previous_version_missing',
      'the version to return to is 2.0.0, the candidate itself',
    ),
  },
  {
    fact: 'in force without a version to return to is refused',
    facts: { landscape: { ours: aRemoteRollout(), lastCompleted: null } },
    gives: refusal(
      'invalid_input',
      'previous_version_missing',
      `${NO_ROLLOUT_YET}; rollout r2 of 2.0.0 is active at 1%`,
    ),
  },
];

const OURS = aRemoteRollout();

const IN_FORCE: readonly Row[] = [
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

describe('a new rollout', () => {
  it.each(NEW_ROLLOUT)('$fact', ({ plan = {}, facts, gives }) => {
    expect(reconciled(plan, facts)).toEqual(gives);
  });
});

describe('INV-8: a rollout', () => {
  it.each(TARGETS)('$fact', ({ plan = {}, facts, gives }) => {
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
  ])('is adopted $fact', ({ landscape }) => {
    expect(reconciled({}, { landscape: { ours: OURS, ...landscape } }).kind).toBe('adopt');
  });
});
