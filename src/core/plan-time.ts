/** How long a plan takes. Pure. */
import type { Plan } from './plan.ts';
import type { DurationMs } from './units.ts';

/** Returns the shortest time to completion: every soak and the bake, with no waiting for evidence. Never throws. */
export function leastPlanMs(plan: Plan): DurationMs {
  return plan.stages.reduce((sum, stage) => sum + stage.soakMs, 0);
}

/** Returns the longest time to completion: every soak and wait, within the deadline. Never throws. */
export function mostPlanMs(plan: Plan): DurationMs {
  const waits = plan.stages.reduce((sum, stage) => sum + stage.soakMs + stage.maxWaitMs, 0);
  return Math.max(leastPlanMs(plan), Math.min(waits, plan.deadlineMs));
}
