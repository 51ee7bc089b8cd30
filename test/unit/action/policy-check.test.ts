import { describe, expect, it } from 'vitest';
import { policyNotes, refuseUnapproved } from '../../../src/action/policy-check.ts';
import { fitIntoTimeout } from '../../../src/action/prepare.ts';
import { NOTHING_TOLD, type OrgPolicy, policyExtraMs } from '../../../src/core/org-policy.ts';
import { leastPlanMs } from '../../../src/core/plan-time.ts';
import { HOUR_MS } from '../../../src/core/units.ts';
import { aPlan, stagesOf } from '../../support/core-builders.ts';

describe('a new rollout', () => {
  it.each<{ fact: string; policy: Partial<OrgPolicy>; throws: string }>([
    { fact: 'an approval', policy: { approvalRequired: true }, throws: 'approval_required' },
    { fact: 'an evaluation', policy: { evaluationRequired: true }, throws: 'evaluation_required' },
  ])('is refused where the policy asks for $fact', ({ policy, throws }) => {
    const refused = expect(() => refuseUnapproved(aPlan(), { ...NOTHING_TOLD, ...policy }));
    refused.toThrow(expect.objectContaining({ outcome: 'held', reason: throws }));
  });

  it.each<{ fact: string; policy: Partial<OrgPolicy>; gives: undefined }>([
    { fact: 'tells nothing', policy: {}, gives: undefined },
    {
      fact: 'asks for neither',
      policy: { approvalRequired: false, evaluationRequired: false },
      gives: undefined,
    },
  ])('is not where it $fact', ({ policy, gives }) => {
    expect(refuseUnapproved(aPlan(), { ...NOTHING_TOLD, ...policy })).toBe(gives);
  });
});

describe('what is said about a policy before the first write', () => {
  const plan = aPlan({ stages: stagesOf(1, 10, 100) });
  it.each<{ fact: string; policy: Partial<OrgPolicy>; gives: readonly (string | RegExp)[] }>([
    { fact: 'nothing where it changes nothing', policy: { maxStep: 90 }, gives: [] },
    {
      fact: 'the steps',
      policy: { maxStep: 45 },
      gives: [/largest step is 45%: stage 10% is left by 55% → 100%/],
    },
    {
      fact: 'that the first stage is larger than a step',
      policy: { maxStep: 0.5 },
      gives: [
        /first stage of 1% is more than the organisation's largest step of 0\.5%: the API may refuse/,
        /stage 1% is left/,
        /stage 10% is left/,
      ],
    },
    {
      fact: 'the time',
      policy: { minAdvanceMs: HOUR_MS },
      gives: [/least time of 1h between advances makes the rollout 1h30m longer/],
    },
    {
      fact: 'that the plan cannot end before its deadline',
      policy: { minAdvanceMs: 20 * HOUR_MS },
      gives: [/longer/, /takes at least 1d16h, beyond its deadline of 1d/],
    },
  ])('is $fact', ({ policy, gives }) => {
    const notes = policyNotes(plan, { ...NOTHING_TOLD, ...policy });
    expect(notes).toEqual(gives.map((pattern) => expect.stringMatching(pattern)));
  });
});

describe('a plan fits into the job', () => {
  const plan = aPlan({ stages: stagesOf(1, 10, 100) });
  const least = leastPlanMs(plan);
  it('with the time that the policy adds', () => {
    const policy = { ...NOTHING_TOLD, minAdvanceMs: HOUR_MS };
    const extraMs = policyExtraMs(plan, policy);
    expect(extraMs).toBeGreaterThan(0);
    expect(() => fitIntoTimeout({ plan, policy }, least, 0)).toThrow(
      expect.objectContaining({ reason: 'plan_exceeds_timeout' }),
    );
    expect(() => fitIntoTimeout({ plan, policy }, least + extraMs, 0)).not.toThrow();
  });

  it('without any where the policy adds none', () => {
    expect(() => fitIntoTimeout({ plan, policy: NOTHING_TOLD }, least, 0)).not.toThrow();
  });
});
