import { describe, expect, it } from 'vitest';
import { aRemoteRollout } from '../../support/core-builders.ts';
import { STABLE } from '../../support/landscapes.ts';
import { aRival, type Facts, type ReconcileRow, reconciled, refusal } from '../../support/reconciliations.ts';

const RIVAL_SEEN = refusal('superseded', 'another_version', 'rollout r7 of 2.1.0 is active at 10%');
const UNDONE = aRemoteRollout({ id: 'r6', status: 'rolled_back', statusText: 'reverted' });
const UNDONE_SEEN = refusal('superseded', 'version_was_rolled_back', 'rollout r6 of 2.0.0 is reverted');

const BACK = aRemoteRollout({ id: 'r8', version: '1.9.0', percentage: 100 });

const NEW_ROLLOUT: readonly ReconcileRow[] = [
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
    fact: 'is not created when the version to return to has followed it before',
    facts: { landscape: { overtakenBy: STABLE }, toVersion: '1.9.0' },
    gives: refusal(
      'superseded',
      'version_was_rolled_back',
      'rollout r1 of 1.9.0 is completed at 1% since then, the version to return to',
    ),
  },
  {
    fact: 'is created although the version to return to has followed it before, with force: retry',
    facts: { landscape: { overtakenBy: STABLE }, toVersion: '1.9.0', retry: true },
    gives: { kind: 'create', previousVersion: '1.9.0' },
  },
  {
    fact: 'is created when another version than the one to return to has followed it before',
    facts: { landscape: { overtakenBy: STABLE }, toVersion: '1.8.0' },
    gives: { kind: 'create', previousVersion: '1.8.0' },
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

const TARGETS: readonly ReconcileRow[] = [
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
    fact: 'is not created where the given version to return to was completed after ours',
    facts: { toVersion: '1.4.0', landscape: { overtakenBy: aRemoteRollout({ id: 'r9', version: '1.4.0' }) } },
    gives: refusal(
      'superseded',
      'version_was_rolled_back',
      'rollout r9 of 1.4.0 is active at 1% since then, the version to return to',
    ),
  },
  {
    fact: 'is created again after a newer version that is not the one to return to',
    facts: { toVersion: '1.4.0', landscape: { overtakenBy: aRemoteRollout({ version: '2.1.0' }) } },
    gives: { kind: 'create', previousVersion: '1.4.0' },
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
