import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/core/decide.ts';
import type { Decision } from '../../../src/core/look.ts';
import type { Plan } from '../../../src/core/plan.ts';
import type { RolloutState } from '../../../src/core/rollout.ts';
import { HOUR_MS } from '../../../src/core/units.ts';
import { aLook, aPlan, stagesOf, T0 } from '../../support/core-builders.ts';

interface Row {
  readonly fact: string;
  readonly plan: Partial<Plan>;
  readonly gives: Pick<Decision, 'command' | 'reason'>;
}

const START: readonly Row[] = [
  {
    fact: 'is created at the first stage',
    plan: {},
    gives: { command: { kind: 'create', percentage: 1 }, reason: 'starting' },
  },
  {
    fact: 'is created at 0% when the plan begins with mirrored traffic',
    plan: { stages: stagesOf(0, 5, 100) },
    gives: { command: { kind: 'create', percentage: 0 }, reason: 'starting' },
  },
  {
    fact: 'is created at 100% when that is the only stage',
    plan: { stages: stagesOf(100) },
    gives: { command: { kind: 'create', percentage: 100 }, reason: 'starting' },
  },
  {
    fact: 'waits for the time that the plan names',
    plan: { notBefore: T0 + HOUR_MS },
    gives: { command: { kind: 'wait', until: T0 + HOUR_MS }, reason: 'not_before' },
  },
  {
    fact: 'is created at the very time that the plan names',
    plan: { notBefore: T0 },
    gives: { command: { kind: 'create', percentage: 1 }, reason: 'starting' },
  },
];

describe('a rollout that is not there yet', () => {
  it.each(START)('$fact', ({ plan, gives }) => {
    expect(decide(aPlan(plan), { phase: 'absent' }, aLook())).toEqual({
      ...gives,
      verdicts: [],
      odds: null,
      detail: null,
    });
  });
});

describe('a rollout that has ended', () => {
  it('stays ended as it ended, whatever the API says now', () => {
    const state: RolloutState = { phase: 'ended', outcome: 'held', reason: 'deadline_passed' };
    expect(decide(aPlan(), state, aLook({ server: { kind: 'gone' } }))).toEqual({
      command: { kind: 'finish', outcome: 'held' },
      reason: 'deadline_passed',
      verdicts: [],
      odds: null,
      detail: null,
    });
  });
});
