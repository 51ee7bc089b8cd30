import { describe, expect, it } from 'vitest';
import type { ReasonCode } from '../../../src/core/reason-codes.ts';
import { policyReason, stepInText } from '../../../src/octomil/policy-text.ts';

describe("what a refusal's text says about the policy", () => {
  it.each<{ text: string; code?: string; gives: ReasonCode | null }>([
    { text: 'approval required', gives: 'approval_required' },
    { text: 'This rollout has not been approved yet', gives: 'approval_required' },
    { text: 'policy: require_eval is set and no evaluation passed', gives: 'evaluation_required' },
    { text: 'version 2.0.0 was not evaluated', gives: 'evaluation_required' },
    { text: 'min_rollout_duration not reached', gives: 'policy_minimum_duration' },
    { text: 'minimum rollout duration has 540 s to go', gives: 'policy_minimum_duration' },
    { text: 'Policy: max rollout step is 25%', gives: 'policy_step_too_large' },
    { text: 'max_rollout_step exceeded', gives: 'policy_step_too_large' },
    { text: 'the organisation allows steps of at most 10%', gives: 'policy_step_too_large' },
    { text: 'denied by policy', gives: 'advance_refused' },
    { text: 'no', code: 'policy_denied', gives: 'advance_refused' },
    { text: 'the rollout is paused', code: 'conflict', gives: null },
    { text: 'the next step of the wizard', gives: null },
    { text: '', gives: null },
  ])('"$text" is $gives', ({ text, code = null, gives }) => {
    expect(policyReason({ text, code })).toBe(gives);
  });
});

describe('the largest step in a text', () => {
  it.each<{ text: string; gives: number | null }>([
    { text: 'steps of at most 10%', gives: 10 },
    { text: 'max rollout step is 2.5 %', gives: 2.5 },
    { text: 'from 10% to 50% is more than 25%', gives: null },
    { text: 'max_rollout_step exceeded', gives: null },
    { text: 'steps of at most 0%', gives: null },
    { text: 'steps of at most 250%', gives: null },
  ])('"$text" gives $gives', ({ text, gives }) => {
    expect(stepInText(text)).toBe(gives);
  });
});
