/** A two-proportion z-test on requests, repeated at each look as if it were the only one. Pure. */
import type { Pair, PeerRule } from './look.ts';

// Two-sided p < 0.01.
const Z_99 = 2.5758293;
const LEAST_REQUESTS = 30;

/** Rolls back when any metric, all requests since the rollout began, is worse than the baseline at p < 0.01. */
export const zPeek: PeerRule = () => (look) => look.pooled?.some((pair) => zOf(pair) > Z_99) ?? false;

/** Returns the pooled z of candidate over baseline; 0 below 30 requests of either version. */
export function zOf({ candidate, baseline }: Pair): number {
  if (baseline === null || Math.min(candidate.requests, baseline.requests) < LEAST_REQUESTS) return 0;
  const rate = (candidate.events + baseline.events) / (candidate.requests + baseline.requests);
  const variance = rate * (1 - rate) * (1 / candidate.requests + 1 / baseline.requests);
  const difference = candidate.events / candidate.requests - baseline.events / baseline.requests;
  return variance > 0 ? difference / Math.sqrt(variance) : 0;
}
