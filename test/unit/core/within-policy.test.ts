import { describe, expect, it } from 'vitest';
import type { Command, Decision, Look } from '../../../src/core/look.ts';
import { NOTHING_TOLD, type OrgPolicy } from '../../../src/core/org-policy.ts';
import type { Plan } from '../../../src/core/plan.ts';
import type { RaiseRefusal, RolloutState, Watching } from '../../../src/core/rollout.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/units.ts';
import { refusalPauseMs, withinPolicy } from '../../../src/core/within-policy.ts';
import { aLook, aPlan, aRollingBack, aWatching, T0 } from '../../support/core-builders.ts';

const SOAKED = 15 * MINUTE_MS;
const RAISE: Command = { kind: 'raise', stageIndex: 1, percentage: 10 };
const PASSED: Decision = { command: RAISE, reason: 'stage_passed', verdicts: [], odds: null, detail: null };

interface Case {
  readonly policy?: Partial<OrgPolicy>;
  readonly state?: Partial<Watching>;
  readonly plan?: Partial<Plan>;
  readonly afterMs?: number;
  readonly look?: Partial<Look>;
  readonly decision?: Partial<Decision>;
}

function kept({ policy, state, plan, afterMs = SOAKED, look, decision }: Case) {
  const { command, reason, detail } = withinPolicy(
    { ...PASSED, ...decision },
    {
      plan: aPlan(plan),
      state: aWatching(state),
      look: aLook({ at: T0 + afterMs, ...look }),
      policy: { ...NOTHING_TOLD, ...policy },
    },
  );
  return { command, reason, detail };
}

function refused(over: Partial<RaiseRefusal> = {}): RaiseRefusal {
  const reason = 'advance_refused';
  return { percentage: 10, at: T0 + SOAKED, times: 1, reason, why: 'HTTP 409: not now', ...over };
}

const AS_DECIDED = { command: RAISE, reason: 'stage_passed', detail: null };

describe('a raise is done as it was decided', () => {
  it.each<{ fact: string; given: Case }>([
    { fact: 'where the API tells of no policy', given: {} },
    { fact: 'at the very end of the least time', given: { policy: { minAdvanceMs: SOAKED } } },
    { fact: 'by exactly the largest step', given: { policy: { maxStep: 9 } } },
    { fact: 'after another one was refused', given: { state: { refusal: refused({ percentage: 5 }) } } },
    {
      fact: 'again once the pause is over',
      given: { afterMs: 19 * MINUTE_MS, state: { refusal: refused() } },
    },
  ])('$fact', ({ given }) => {
    expect(kept(given)).toEqual(AS_DECIDED);
  });
});

describe('a raise that the policy would refuse now waits', () => {
  const policy = { minAdvanceMs: HOUR_MS };
  const wait = (minutes: number, detail: string) => ({
    command: { kind: 'wait', until: T0 + minutes * MINUTE_MS },
    reason: 'policy_minimum_duration',
    detail,
  });

  it('until the next look, which says from when it is allowed', () => {
    expect(kept({ policy })).toEqual(wait(16, 'allowed from 2026-01-05T13:00:00Z'));
  });

  it('until the very moment at which it is allowed when that comes before the next look', () => {
    const late = kept({ policy, afterMs: HOUR_MS - 30_000 });
    expect(late).toEqual(wait(60, 'allowed from 2026-01-05T13:00:00Z'));
  });

  it('from the last raise within the stage, where there was one', () => {
    const stepped = kept({ policy, afterMs: 70 * MINUTE_MS, state: { steppedAt: T0 + 60 * MINUTE_MS } });
    expect(stepped).toEqual(wait(71, 'allowed from 2026-01-05T14:00:00Z'));
  });
});

describe('INV-4: a raise beyond the largest step goes part of the way', () => {
  it.each<{ fact: string; given: Case; percentage: number }>([
    { fact: 'by the step that the API tells', given: { policy: { maxStep: 4 } }, percentage: 5 },
    { fact: 'by the step that a refusal told', given: { state: { maxStepTold: 3 } }, percentage: 4 },
    {
      fact: 'by the smaller one of both',
      given: { policy: { maxStep: 4 }, state: { maxStepTold: 3 } },
      percentage: 4,
    },
    {
      fact: 'from where an earlier step ended',
      given: { policy: { maxStep: 4 }, state: { percentage: 5 } },
      percentage: 9,
    },
  ])('$fact', ({ given, percentage }) => {
    const detail = "in steps of the organisation's policy, on the way to 10%";
    expect(kept(given)).toEqual({
      command: { kind: 'raise', stageIndex: 0, percentage, towards: 10 },
      reason: 'stage_passed',
      detail,
    });
  });

  it('and reaches the next stage with the last step', () => {
    expect(kept({ policy: { maxStep: 4 }, state: { percentage: 9 } })).toEqual(AS_DECIDED);
  });
});

describe('a refused raise', () => {
  it('is not asked for again before its pause is over, and looks go on meanwhile', () => {
    expect(kept({ afterMs: 16 * MINUTE_MS, state: { refusal: refused() } })).toEqual({
      command: { kind: 'wait', until: T0 + 17 * MINUTE_MS },
      reason: 'advance_refused',
      detail: 'HTTP 409: not now',
    });
  });

  it('is given up when the stage has waited for its longest time, with what the API said', () => {
    const given = { afterMs: 46 * MINUTE_MS, state: { refusal: refused({ at: T0 + 45 * MINUTE_MS }) } };
    expect(kept(given)).toEqual({
      command: { kind: 'pause', mark: 'deadline', outcome: 'held' },
      reason: 'deadline_passed',
      detail: 'HTTP 409: not now; refused for 31m',
    });
  });

  it('has the longest wait from the last step on, and from when the least time is over', () => {
    const refusal = refused({ at: T0 + 45 * MINUTE_MS });
    const stepped = { refusal, steppedAt: T0 + 40 * MINUTE_MS };
    const later = { afterMs: 50 * MINUTE_MS };
    expect(kept({ ...later, state: stepped }).command).toEqual(RAISE);
    expect(kept({ ...later, state: { refusal }, policy: { minAdvanceMs: 45 * MINUTE_MS } }).command).toEqual(
      RAISE,
    );
  });

  it('is given up by a rollback where the plan says so', () => {
    const given: Case = {
      plan: { onDeadline: 'rollback' },
      afterMs: 46 * MINUTE_MS,
      state: { refusal: refused() },
    };
    expect(kept(given).command).toEqual({
      kind: 'roll_back',
      cause: 'deadline_passed_rolled_back',
      toVersion: '1.9.0',
    });
  });

  it.each([
    { times: 1, minutes: 4 },
    { times: 2, minutes: 8 },
    { times: 3, minutes: 10 },
    { times: 1_000, minutes: 10 },
  ])('pauses $minutes min after it was refused $times times, at a look a minute', ({ times, minutes }) => {
    expect(refusalPauseMs(MINUTE_MS, times)).toBe(minutes * MINUTE_MS);
  });
});

describe('INV-3: no policy changes', () => {
  const policy = { ...NOTHING_TOLD, minAdvanceMs: HOUR_MS, maxStep: 1 };
  it.each<{ fact: string; state: RolloutState; command: Command }>([
    {
      fact: 'a rollback',
      state: aWatching({ refusal: refused() }),
      command: { kind: 'roll_back', cause: 'gate_failed', toVersion: '1.9.0' },
    },
    {
      fact: 'a pause',
      state: aWatching(),
      command: { kind: 'pause', mark: 'gate', outcome: 'held' },
    },
    { fact: 'the end', state: aWatching(), command: { kind: 'finish', outcome: 'completed' } },
    { fact: 'a raise that no rollout is there for', state: aRollingBack(), command: RAISE },
  ])('$fact', ({ state, command }) => {
    const decision = { ...PASSED, command };
    expect(withinPolicy(decision, { plan: aPlan(), state, look: aLook(), policy })).toBe(decision);
  });
});
