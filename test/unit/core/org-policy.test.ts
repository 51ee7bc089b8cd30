import { describe, expect, it } from 'vitest';
import {
  NOTHING_TOLD,
  type OrgPolicy,
  policyEffects,
  policyExtraMs,
  stepsBetween,
} from '../../../src/core/org-policy.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/units.ts';
import { aPlan, stagesOf } from '../../support/core-builders.ts';

describe('the raises between two stages', () => {
  it.each<{ fact: string; from: number; to: number; maxStep: number | null; gives: readonly number[] }>([
    { fact: 'one where no step is told', from: 25, to: 100, maxStep: null, gives: [100] },
    { fact: 'one that is exactly the largest step', from: 25, to: 50, maxStep: 25, gives: [50] },
    {
      fact: 'several below the next stage, the last one shorter',
      from: 25,
      to: 50,
      maxStep: 10,
      gives: [35, 45, 50],
    },
    {
      fact: 'of fractions without their rounding errors',
      from: 0.1,
      to: 0.4,
      maxStep: 0.1,
      gives: [0.2, 0.3, 0.4],
    },
    { fact: 'one where the step is no step', from: 25, to: 50, maxStep: 0, gives: [50] },
    { fact: 'one where the step is not a number', from: 25, to: 50, maxStep: Number.NaN, gives: [50] },
  ])('are $fact', ({ from, to, maxStep, gives }) => {
    const steps = stepsBetween(from, to, maxStep);
    expect(steps).toEqual(gives);
  });

  it('each rise, none by more than the largest step, and none beyond the next stage', () => {
    for (const maxStep of [0.3, 1, 3.3, 7, 33.3]) {
      const steps = stepsBetween(1, 99.5, maxStep);
      const rises = steps.map((step, index) => step - (steps[index - 1] ?? 1));
      expect(Math.min(...rises)).toBeGreaterThan(0);
      expect(Math.max(...rises)).toBeLessThanOrEqual(maxStep + 1e-6);
      expect(steps.at(-1)).toBe(99.5);
    }
  });
});

describe('what a policy adds to a plan', () => {
  const plan = aPlan({ stages: stagesOf(1, 10, 100) });
  it.each<{ fact: string; policy: Partial<OrgPolicy>; extraMs: number }>([
    { fact: 'nothing where none is told', policy: {}, extraMs: 0 },
    { fact: 'nothing below the soaks', policy: { minAdvanceMs: 15 * MINUTE_MS }, extraMs: 0 },
    {
      fact: 'the rest of its least time at each raise',
      policy: { minAdvanceMs: HOUR_MS },
      extraMs: 90 * MINUTE_MS,
    },
    { fact: 'no time for steps alone', policy: { maxStep: 30 }, extraMs: 0 },
    {
      fact: 'its least time between the steps too',
      policy: { minAdvanceMs: HOUR_MS, maxStep: 45 },
      extraMs: 150 * MINUTE_MS,
    },
  ])('is $fact', ({ policy, extraMs }) => {
    expect(policyExtraMs(plan, { ...NOTHING_TOLD, ...policy })).toBe(extraMs);
  });

  it('has one effect for each stage that another one follows', () => {
    const effects = policyEffects(plan, { ...NOTHING_TOLD, maxStep: 45 });
    expect(effects.map(({ steps }) => steps)).toEqual([[10], [55, 100]]);
  });
});
