import { describe, expect, it } from 'vitest';
import { evolve, type RolloutEvent } from '../../../src/core/evolve.ts';
import { MINUTE_MS } from '../../../src/core/units.ts';
import { aPlan, aRollingBack, aWatching, T0 } from '../../support/core-builders.ts';

const LATER = T0 + 20 * MINUTE_MS;
const STEPPED: RolloutEvent = { kind: 'stepped', percentage: 5, at: LATER };
const REFUSED: Extract<RolloutEvent, { kind: 'raise_refused' }> = {
  kind: 'raise_refused',
  percentage: 10,
  reason: 'policy_step_too_large',
  why: 'steps of at most 4%',
  maxStep: 4,
  at: LATER,
};
const REFUSAL = { percentage: 10, reason: REFUSED.reason, why: REFUSED.why, at: LATER, times: 1 };

describe('a step on the way to the next stage', () => {
  it('leaves the stage, its entry and its evidence as they are', () => {
    expect(evolve(aPlan(), aWatching(), STEPPED)).toEqual(aWatching({ percentage: 5, steppedAt: LATER }));
  });

  it('answers a refusal, and keeps what it said about the size', () => {
    const refused = aWatching({ refusal: REFUSAL, maxStepTold: 4 });
    const expected = aWatching({ percentage: 5, steppedAt: LATER, maxStepTold: 4 });
    expect(evolve(aPlan(), refused, STEPPED)).toEqual(expected);
  });

  it('is forgotten at the next stage, where the largest step still holds', () => {
    const stepped = aWatching({ percentage: 9, steppedAt: LATER, maxStepTold: 4 });
    const raised = evolve(aPlan(), stepped, { kind: 'raised', percentage: 10, at: LATER });
    expect(raised).toMatchObject({ stageIndex: 1, stageEnteredAt: LATER, maxStepTold: 4 });
    expect(raised).not.toHaveProperty('steppedAt');
  });
});

describe('a refused raise', () => {
  it('is remembered with what the API said', () => {
    expect(evolve(aPlan(), aWatching(), REFUSED)).toEqual(aWatching({ refusal: REFUSAL, maxStepTold: 4 }));
  });

  it('is counted while the same percentage is refused', () => {
    const again = evolve(aPlan(), aWatching({ refusal: REFUSAL }), { ...REFUSED, maxStep: null });
    expect(again).toEqual(aWatching({ refusal: { ...REFUSAL, times: 2 } }));
  });

  it('is counted anew for another percentage', () => {
    const other = evolve(aPlan(), aWatching({ refusal: REFUSAL }), { ...REFUSED, percentage: 5 });
    expect(other).toMatchObject({ refusal: { percentage: 5, times: 1 } });
  });
});

it.each([STEPPED, REFUSED])('$kind changes no rollback', (event) => {
  expect(evolve(aPlan(), aRollingBack(), event)).toEqual(aRollingBack());
});
