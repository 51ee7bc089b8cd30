/** How one rollout ended under one rule, and how much harm was done by then. Types and one sum. */
import type { BenchPlan, Minutes } from './cell.ts';
import type { Path } from './path.ts';
import type { Replay } from './replay.ts';

/** How one rollout ended under one rule. */
export interface Outcome {
  readonly ended: 'rolled-back' | 'completed' | 'held';
  /** When it ended. */
  readonly at: Minutes;
  /** When the candidate's fault began in this rollout; null when it had not by the end. */
  readonly faultAt: Minutes | null;
  /** Bad events that a healthy candidate would not have had, until the rollback or the horizon. */
  readonly excess: number;
}

/** Returns the harm of serving on as now from a step until the horizon. */
export function excessUntilHorizon(
  { replay, path, plan }: { readonly replay: Replay; readonly path: Path; readonly plan: BenchPlan },
  fromStep: number,
): number {
  let total = 0;
  for (let step = fromStep; step * path.stepMinutes < plan.horizon; step += 1) total += replay.excess(step);
  return total;
}
