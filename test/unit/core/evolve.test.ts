import { describe, expect, it } from 'vitest';
import { enter, evolve, type RolloutEvent } from '../../../src/core/evolve.ts';
import type { PastStage, RolloutState, Watching } from '../../../src/core/rollout.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/units.ts';
import { aLook, aPlan, aRollingBack, aWatching, stagesOf, T0 } from '../../support/core-builders.ts';

const LATER = T0 + HOUR_MS;
const ENDED: RolloutState = { phase: 'ended', outcome: 'completed', reason: 'completed' };
const ABSENT: RolloutState = { phase: 'absent' };
const BAKING = aWatching({ phase: 'baking', stageIndex: 2, percentage: 100 });

const FIRST_STAGE: PastStage = { stageIndex: 0, enteredAt: T0, leftAt: LATER };

const ACCEPTED: RolloutEvent = {
  kind: 'rollback_accepted',
  cause: 'gate_failed',
  toVersion: '1.9.0',
  restoringRolloutId: 'r3',
  at: LATER,
};
const REFUSED: RolloutEvent = {
  kind: 'rollback_refused',
  cause: 'gate_failed',
  toVersion: '1.9.0',
  why: 'HTTP 404',
  at: LATER,
};
const EVENTS: readonly RolloutEvent[] = [
  { kind: 'adopted', state: aWatching({ rolloutId: 'other' }) },
  { kind: 'started', at: LATER },
  { kind: 'raised', percentage: 100, at: LATER },
  { kind: 'looked', look: aLook({ at: LATER }), verdicts: [] },
  ACCEPTED,
  REFUSED,
  { kind: 'ended', outcome: 'held', reason: 'no_data' },
];

describe('a rollout that has ended', () => {
  it.each(EVENTS)('stays so after $kind', (event) => {
    expect(evolve(aPlan(), ENDED, event)).toBe(ENDED);
  });
});

describe('an event that does not fit changes nothing:', () => {
  it.each<{ fact: string; state: RolloutState; event: RolloutEvent }>([
    { fact: 'a second adoption', state: aWatching(), event: { kind: 'adopted', state: BAKING } },
    {
      fact: 'an adoption during a rollback',
      state: aRollingBack(),
      event: { kind: 'adopted', state: BAKING },
    },
    { fact: 'a start of nothing', state: ABSENT, event: { kind: 'started', at: LATER } },
    { fact: 'a start during a rollback', state: aRollingBack(), event: { kind: 'started', at: LATER } },
    { fact: 'a raise of nothing', state: ABSENT, event: { kind: 'raised', percentage: 10, at: LATER } },
    {
      fact: 'a raise during a rollback',
      state: aRollingBack(),
      event: { kind: 'raised', percentage: 10, at: LATER },
    },
    { fact: 'a look at nothing', state: ABSENT, event: { kind: 'looked', look: aLook(), verdicts: [] } },
    {
      fact: 'a look during a rollback',
      state: aRollingBack(),
      event: { kind: 'looked', look: aLook({ at: LATER }), verdicts: [] },
    },
    { fact: 'a rollback of nothing', state: ABSENT, event: ACCEPTED },
    { fact: 'a refused rollback of nothing', state: ABSENT, event: REFUSED },
  ])('$fact', ({ state, event }) => {
    expect(evolve(aPlan(), state, event)).toBe(state);
  });
});

describe('a rollout', () => {
  it('that is adopted is watched as it was found', () => {
    expect(evolve(aPlan(), ABSENT, { kind: 'adopted', state: BAKING })).toBe(BAKING);
  });

  it.each<{ fact: string; state: RolloutState }>([
    { fact: 'is not there', state: ABSENT },
    { fact: 'soaks', state: aWatching() },
    { fact: 'bakes', state: BAKING },
    { fact: 'is rolled back', state: aRollingBack() },
  ])('that $fact can end', ({ state }) => {
    expect(evolve(aPlan(), state, { kind: 'ended', outcome: 'held', reason: 'no_data' })).toEqual({
      phase: 'ended',
      outcome: 'held',
      reason: 'no_data',
    });
  });

  it('that is started begins its stage again', () => {
    const state = aWatching({ stageIndex: 1, percentage: 10, createdAt: T0 - 5 });
    expect(evolve(aPlan(), state, { kind: 'started', at: LATER })).toEqual(
      aWatching({ stageIndex: 1, percentage: 10, createdAt: T0 - 5, stageEnteredAt: LATER }),
    );
  });

  it('that is raised enters the next stage, its evidence begins there, and the stage it left is kept', () => {
    expect(evolve(aPlan(), aWatching(), { kind: 'raised', percentage: 10, at: LATER })).toEqual(
      aWatching({ stageIndex: 1, percentage: 10, stageEnteredAt: LATER, past: [FIRST_STAGE] }),
    );
  });

  it('that is raised to the target bakes', () => {
    expect(evolve(aPlan(), aWatching(), { kind: 'raised', percentage: 100, at: LATER })).toEqual(
      aWatching({
        phase: 'baking',
        stageIndex: 2,
        percentage: 100,
        stageEnteredAt: LATER,
        past: [FIRST_STAGE],
      }),
    );
  });

  it('that is raised again keeps every stage that it left, oldest first', () => {
    const state = aWatching({ stageIndex: 1, percentage: 10, stageEnteredAt: LATER, past: [FIRST_STAGE] });
    const raised = evolve(aPlan(), state, { kind: 'raised', percentage: 100, at: LATER + HOUR_MS });
    expect(raised).toMatchObject({
      past: [FIRST_STAGE, { stageIndex: 1, enteredAt: LATER, leftAt: LATER + HOUR_MS }],
    });
  });

  it.each([{ at: T0 }, { at: T0 - 1 }])(
    'that leaves a stage which lasted no time keeps nothing of it: $at',
    ({ at }) => {
      expect(evolve(aPlan(), aWatching(), { kind: 'raised', percentage: 10, at })).toMatchObject({
        past: [],
      });
    },
  );

  it('that is started keeps the stages that it left', () => {
    const state = aWatching({ stageIndex: 1, percentage: 10, past: [FIRST_STAGE] });
    expect(evolve(aPlan(), state, { kind: 'started', at: LATER })).toMatchObject({ past: [FIRST_STAGE] });
  });

  it('that bakes can be raised further by somebody', () => {
    const plan = aPlan({ stages: stagesOf(10, 50) });
    const state = aWatching({ phase: 'baking', stageIndex: 1, percentage: 50 });
    expect(evolve(plan, state, { kind: 'raised', percentage: 80, at: LATER })).toMatchObject({
      phase: 'baking',
      stageIndex: 1,
      percentage: 80,
    });
  });
});

describe('a percentage belongs to a stage:', () => {
  it.each<{ fact: string; percentage: number; gives: [Watching['phase'], number] }>([
    { fact: 'below the first, to the first', percentage: 0.5, gives: ['soaking', 0] },
    { fact: 'of the first, to the first', percentage: 1, gives: ['soaking', 0] },
    { fact: 'between two, to the lower', percentage: 9.9, gives: ['soaking', 0] },
    { fact: 'of the second, to the second', percentage: 10, gives: ['soaking', 1] },
    { fact: 'just below the target, to the stage before it', percentage: 99.9, gives: ['soaking', 1] },
    { fact: 'of the target, to the bake', percentage: 100, gives: ['baking', 2] },
  ])('$fact', ({ percentage, gives }) => {
    const { phase, stageIndex } = enter(aPlan(), aWatching(), { percentage, at: LATER });
    expect([phase, stageIndex]).toEqual(gives);
  });

  it.each<{ fact: string; percentage: number; gives: Watching['phase'] }>([
    { fact: 'below the only stage there is no bake', percentage: 40, gives: 'soaking' },
    { fact: 'of the only stage bakes', percentage: 100, gives: 'baking' },
  ])('$fact', ({ percentage, gives }) => {
    const plan = aPlan({ stages: stagesOf(100) });
    expect(enter(plan, aWatching(), { percentage, at: LATER })).toEqual(
      aWatching({ phase: gives, percentage, stageEnteredAt: LATER }),
    );
  });
});

describe('a rollback', () => {
  it.each([aWatching(), BAKING])('that is accepted while $phase is being confirmed', (state) => {
    expect(evolve(aPlan(), state, ACCEPTED)).toEqual(
      aRollingBack({ decidedAt: LATER, acceptedAt: LATER, restoringRolloutId: 'r3' }),
    );
  });

  it('that is refused is decided all the same', () => {
    expect(evolve(aPlan(), aWatching(), REFUSED)).toEqual(
      aRollingBack({
        decidedAt: LATER,
        acceptedAt: null,
        lastRefusal: { at: LATER, why: 'HTTP 404' },
      }),
    );
  });

  it('that is accepted after a refusal keeps its cause and its beginning', () => {
    const refused = aRollingBack({
      cause: 'deadline_passed_rolled_back',
      acceptedAt: null,
      lastRefusal: { at: T0 + MINUTE_MS, why: 'HTTP 404' },
    });
    expect(evolve(aPlan(), refused, ACCEPTED)).toEqual(
      aRollingBack({
        cause: 'deadline_passed_rolled_back',
        acceptedAt: LATER,
        restoringRolloutId: 'r3',
      }),
    );
  });

  it('that was accepted stays accepted when it is refused later', () => {
    const accepted = aRollingBack({ restoringRolloutId: 'r3' });
    expect(evolve(aPlan(), accepted, { ...REFUSED, toVersion: '1.8.0' })).toEqual(
      aRollingBack({
        restoringRolloutId: 'r3',
        toVersion: '1.8.0',
        lastRefusal: { at: LATER, why: 'HTTP 404' },
      }),
    );
  });

  it('by somebody else keeps the version that is known', () => {
    const event: RolloutEvent = { ...ACCEPTED, toVersion: null, restoringRolloutId: null };
    expect(evolve(aPlan(), aRollingBack({ toVersion: '1.8.0' }), event)).toEqual(
      aRollingBack({ toVersion: '1.8.0', acceptedAt: LATER }),
    );
  });

  it('by somebody else knows no version where none was known', () => {
    const event: RolloutEvent = { ...ACCEPTED, cause: 'rolled_back_by_server', toVersion: null };
    expect(evolve(aPlan(), aWatching(), event)).toMatchObject({
      cause: 'rolled_back_by_server',
      toVersion: null,
      previousVersion: '1.9.0',
    });
  });
});
