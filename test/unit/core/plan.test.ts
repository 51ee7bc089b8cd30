import { describe, expect, it } from 'vitest';
import { lastStage, stageAt } from '../../../src/core/plan.ts';
import { aPlan, aStage, stagesOf } from '../../support/core-builders.ts';

describe("a plan's stages", () => {
  it('end at the target', () => {
    expect(lastStage(aPlan({ stages: stagesOf(5, 20, 80) })).percentage).toBe(80);
  });

  it('are the target when there is only one', () => {
    const only = aStage({ percentage: 100 });
    expect(lastStage(aPlan({ stages: [only] }))).toBe(only);
  });

  it('are found by their index', () => {
    expect(stageAt(aPlan({ stages: stagesOf(5, 20, 80) }), 1).percentage).toBe(20);
  });

  it('do not go on past the last one', () => {
    expect(() => stageAt(aPlan(), 3)).toThrow(new RangeError('stage 3 of a plan with 3 stages'));
  });
});
