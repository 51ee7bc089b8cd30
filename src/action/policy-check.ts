/** What the organisation's policy means for a rollout that is about to begin. */
import { formatDuration, formatPercent } from '../core/format.ts';
import { type OrgPolicy, policyEffects, policyExtraMs } from '../core/org-policy.ts';
import type { Plan } from '../core/plan.ts';
import { leastPlanMs } from '../core/plan-time.ts';
import { Refusal } from './refusal.ts';

/**
 * Refuses a new rollout where the policy asks for an approval or an evaluation: no route tells whether there is one.
 *
 * Errors: throws a `Refusal` with `approval_required` or `evaluation_required`.
 */
export function refuseUnapproved(plan: Plan, policy: OrgPolicy): void {
  const unknown = `and the API tells of none for ${plan.version}; nothing was changed`;
  if (policy.approvalRequired === true) {
    throw new Refusal({
      outcome: 'held',
      reason: 'approval_required',
      detail: `the organisation's policy asks for an approval, ${unknown}`,
    });
  }
  if (policy.evaluationRequired === true) {
    throw new Refusal({
      outcome: 'held',
      reason: 'evaluation_required',
      detail: `the organisation's policy asks for an evaluation, ${unknown}`,
    });
  }
}

/** Returns what a policy changes about the course of a plan, one sentence each, for people. */
export function policyNotes(plan: Plan, policy: OrgPolicy): readonly string[] {
  const effects = policyEffects(plan, policy);
  const split = effects.filter(({ steps }) => steps.length > 1);
  const extraMs = policyExtraMs(plan, policy);
  const leastMs = leastPlanMs(plan) + extraMs;
  const late = leastMs > plan.deadlineMs;
  const first = plan.stages[0];
  return [
    ...(policy.maxStep !== null && first.percentage > policy.maxStep
      ? [
          `the first stage of ${formatPercent(first.percentage)} is more than the organisation's largest step of ${formatPercent(policy.maxStep)}: the API may refuse to create the rollout`,
        ]
      : []),
    ...split.map(({ stage, steps }) => {
      const shown = steps.map((step) => formatPercent(step)).join(' → ');
      return `the organisation's largest step is ${formatPercent(policy.maxStep ?? 0)}: stage ${stage.name} is left by ${shown}`;
    }),
    ...(extraMs === 0
      ? []
      : [
          `the organisation's least time of ${formatDuration(policy.minAdvanceMs ?? 0)} between advances makes the rollout ${formatDuration(extraMs)} longer`,
        ]),
    ...(late
      ? [
          `with the organisation's policy the plan takes at least ${formatDuration(leastMs)}, beyond its deadline of ${formatDuration(plan.deadlineMs)}`,
        ]
      : []),
  ];
}
