/** Argo Rollouts: a metric fails the analysis when more of its measurements failed than it may. Pure. */
import { breaches, type PeerRule } from './look.ts';

/**
 * Returns the rule with so many failures allowed per metric, counted since the rollout began.
 *
 * Source: Argo Rollouts, `failureLimit`, https://argo-rollouts.readthedocs.io/en/stable/features/analysis/.
 */
export function argo(failureLimit: number): PeerRule {
  return () => {
    const failed = [0, 0, 0];
    return (look) => {
      for (const [metric, isBreach] of breaches(look).entries()) {
        if (isBreach === true) failed[metric] = (failed[metric] ?? 0) + 1;
      }
      return failed.some((count) => count > failureLimit);
    };
  };
}
