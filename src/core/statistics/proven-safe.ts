/** Is the candidate proven safe enough for the share of the fleet that comes next? Pure. */
import type { Ratio } from '../units.ts';
import { baselineStratum } from './baseline-stratum.ts';
import { effectiveStage, effectiveUnderRate, isComparable } from './effective-counts.ts';
import type { GateSeries, StageTotals } from './gate-series.ts';
import { testableLimit } from './limit-test.ts';
import { logE } from './log-e.ts';

/** Evidence of 20:1 proves safety; each gate is asked for it, so there is nothing to correct for. */
export const LOG_PROOF = Math.log(20);

// What a share f of the fleet may suffer for the whole fleet to stay within its limit is limit/f, at most half.
const MOST_RATE: Ratio = 0.5;
/** How much worse than the baseline the whole fleet may become before it matters. */
const WORSENING = 0.5;
/** A rate below this part of the limit is no harm, however it compares. */
const HARMLESS_PART = 0.2;

/**
 * Returns whether every gate is proven safe for the next share (0 to 1) of the fleet by its current stage.
 *
 * For a limit: even in the worst credible case the fleet-wide rate stays within it. For a baseline: the
 * candidate is not so much worse that the fleet becomes worse by half, or its rate is under a fifth of what its
 * limit allows. False for no gate: without a question nothing is proven.
 */
export function isProvenSafe(gates: readonly GateSeries[], nextShare: Ratio): boolean {
  return gates.length > 0 && gates.every((series) => safetyEvidence(series, nextShare) >= LOG_PROOF);
}

/**
 * Returns the logarithm of the evidence that a gate is safe for the next share: the weakest of its questions.
 *
 * -Infinity where the gate has no stage. A baseline that serves nobody any more has nothing to compare.
 */
export function safetyEvidence(series: GateSeries, nextShare: Ratio): number {
  const totals = series.stages.at(-1);
  if (totals === undefined) return Number.NEGATIVE_INFINITY;
  const { limit, tolerance } = series;
  const compares = tolerance !== null && isComparable(totals);
  if (limit === null && !compares) return 0;
  const within =
    limit === null ? Number.POSITIVE_INFINITY : belowRate(totals, series, allowed(limit, nextShare));
  if (!compares) return within;
  const harmless =
    limit === null
      ? Number.NEGATIVE_INFINITY
      : belowRate(totals, series, allowed(HARMLESS_PART * limit, nextShare));
  return Math.min(
    within,
    Math.max(harmless, belowBaseline(totals, series, tolerance * (1 + WORSENING / nextShare))),
  );
}

function allowed(limit: Ratio, nextShare: Ratio): Ratio {
  return Math.min(MOST_RATE, testableLimit(limit) / nextShare);
}

function belowRate(totals: StageTotals, series: GateSeries, rate: Ratio): number {
  return logE(-1, [{ ...effectiveUnderRate(totals, series, rate), rate }]);
}

function belowBaseline(totals: StageTotals, series: GateSeries, ratio: number): number {
  const { baseline } = effectiveStage(totals, series);
  if (baseline === null) return 0;
  const rate = ratio * (baseline.events / baseline.trials);
  const stratum = baselineStratum({ candidate: effectiveUnderRate(totals, series, rate), baseline }, ratio);
  return stratum === null ? 0 : logE(-1, [stratum]);
}
