/** What an organisation asks of every rollout, as far as its API tells, and what follows for a plan. Pure. */
import type { Plan, Stage } from './plan.ts';
import type { DurationMs, Percent, Ratio } from './units.ts';

/** The organisation's rules for rollouts; null is what the API does not tell. */
export interface OrgPolicy {
  /** Least time between two raises of a percentage. */
  readonly minAdvanceMs: DurationMs | null;
  /** Largest raise of a percentage, in points. */
  readonly maxStep: Percent | null;
  /** True when a person has to approve a rollout. */
  readonly approvalRequired: boolean | null;
  /** True when a version has to be evaluated before it is rolled out. */
  readonly evaluationRequired: boolean | null;
  /** True when the vendor's server rolls back by itself. */
  readonly autoRollback: boolean | null;
  /** Share of failed requests at which the vendor's server rolls back. */
  readonly errorThreshold: Ratio | null;
  /** Share of crashed devices at which the vendor's server rolls back. */
  readonly crashThreshold: Ratio | null;
}

/** A policy of which the API tells nothing. */
export const NOTHING_TOLD: OrgPolicy = {
  minAdvanceMs: null,
  maxStep: null,
  approvalRequired: null,
  evaluationRequired: null,
  autoRollback: null,
  errorThreshold: null,
  crashThreshold: null,
};

// Sums of decimal fractions are off by less than this; a step must not be larger than allowed because of it.
const PARTS_OF_A_PERCENT = 1e6;
// A step of a millionth is no rollout; nothing that a plan can hold needs more.
const MOST_STEPS = 1_000;

/**
 * Returns the percentage of the next raise on the way to `to`: `to` itself where one step reaches it.
 *
 * Never throws. Invariant: INV-4, above `from` and never above `to`. A step of 0 or less, or one that is not a
 * number, limits nothing.
 */
export function nextStep(from: Percent, to: Percent, maxStep: Percent | null): Percent {
  if (maxStep === null || !(maxStep > 0) || to - from <= maxStep) return to;
  const reached = Math.floor((from + maxStep) * PARTS_OF_A_PERCENT) / PARTS_OF_A_PERCENT;
  return reached > from ? Math.min(to, reached) : to;
}

/** Returns every raise from one percentage to another, `to` included; one where a single step reaches it. */
export function stepsBetween(from: Percent, to: Percent, maxStep: Percent | null): readonly Percent[] {
  const steps: Percent[] = [];
  for (let at = from; at < to && steps.length < MOST_STEPS; ) {
    at = nextStep(at, to, maxStep);
    steps.push(at);
  }
  return steps;
}

/** A stage that has to be left in several raises, or that may not be left when its soak is over. */
export interface PolicyEffect {
  readonly stage: Stage;
  /** The raises that lead to the next stage. */
  readonly steps: readonly Percent[];
  /** Time from the end of the soak to the last of these raises; 0 where the policy asks for no more. */
  readonly extraMs: DurationMs;
}

/** Returns what a policy does to each stage of a plan that another one follows. Never throws. */
export function policyEffects(plan: Plan, policy: OrgPolicy): readonly PolicyEffect[] {
  return plan.stages.slice(0, -1).map((stage, index) => {
    const next = plan.stages[index + 1] ?? stage;
    const steps = stepsBetween(stage.percentage, next.percentage, policy.maxStep);
    const leastMs = policy.minAdvanceMs ?? 0;
    const firstMs = Math.max(0, leastMs - stage.soakMs);
    return { stage, steps, extraMs: firstMs + Math.max(0, steps.length - 1) * leastMs };
  });
}

/** Returns by how much a policy makes a plan longer. Never throws. */
export function policyExtraMs(plan: Plan, policy: OrgPolicy): DurationMs {
  return policyEffects(plan, policy).reduce((sum, { extraMs }) => sum + extraMs, 0);
}
