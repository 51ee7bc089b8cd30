/** Flagger: a canary fails when so many of its checks, all metrics together, failed. Pure. */
import { breaches, type PeerRule } from './look.ts';

/**
 * Returns the rule that rolls back at the `threshold`-th failed check since the rollout began; any metric over
 * its limit fails a check, and an empty window, which Flagger takes for a failure, is skipped.
 *
 * Source: Flagger, `analysis.threshold`, https://docs.flagger.app/usage/how-it-works.
 */
export function flagger(threshold: number): PeerRule {
  return () => {
    let failed = 0;
    return (look) => {
      if (breaches(look).includes(true)) failed += 1;
      return failed >= threshold;
    };
  };
}
