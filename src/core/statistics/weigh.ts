/** The odds that a rollout is doing harm, from all its gates. Pure. */
import { LOG_BLAME } from './baseline-stratum.ts';
import { baselineEvidence, baselineEvidenceWithin, type ComparedStage } from './baseline-test.ts';
import { effectiveStage } from './effective-counts.ts';
import type { GateSeries, StageTotals } from './gate-series.ts';
import { limitEvidence, limitEvidenceWithin } from './limit-test.ts';
import { logSumExp } from './log-e.ts';
import { withRestarts } from './restart-points.ts';

/** The evidence of one gate: logarithms of e-values, null for a question that is not asked. */
export interface GateEvidence {
  readonly limit: number | null;
  readonly baseline: number | null;
  /** The limit's evidence whether or not the candidate is to blame. */
  readonly limitUnblamed: number | null;
}

/** The evidence of several gates together, as logarithms. */
export interface CombinedEvidence {
  /** The mean of all tests' evidence; 0 without any. */
  readonly logOdds: number;
  /** The same without the condition that the candidate is to blame. */
  readonly logOddsUnblamed: number;
}

/** The evidence of each gate, in order, and of all of them. */
export interface Weighing extends CombinedEvidence {
  readonly gates: readonly GateEvidence[];
}

/** Returns the evidence of every gate and of all of them. */
export function weigh(gates: readonly GateSeries[]): Weighing {
  const evidence = gates.map(weighGate);
  return { gates: evidence, ...combine(evidence) };
}

/**
 * Returns the evidence of all gates together.
 *
 * The mean of e-values is an e-value whatever their dependence, and never worse than Bonferroni's correction.
 * Source: Vovk and Wang, "E-values: calibration, combination and applications", Ann. Stat. 49 (2021).
 */
export function combine(gates: readonly GateEvidence[]): CombinedEvidence {
  return {
    logOdds: meanEvidence(gates.flatMap(({ limit, baseline }) => [limit, baseline])),
    logOddsUnblamed: meanEvidence(gates.flatMap(({ limitUnblamed, baseline }) => [limitUnblamed, baseline])),
  };
}

/**
 * Returns the evidence of all gates over the whole fleet and over its segments together.
 *
 * Half of the confidence is the fleet's whatever the number of segments, so that asking for them delays what the
 * whole fleet shows by no more than a factor of two in the odds; the other half is shared by all segments alike. A
 * weighted mean of e-values is an e-value for weights that do not depend on events (as `combine`).
 */
export function combineWithSegments(
  fleet: readonly GateEvidence[],
  segments: readonly GateEvidence[],
): CombinedEvidence {
  const whole = combine(fleet);
  if (segments.length === 0) return whole;
  const parts = combine(segments);
  const half = (one: number, other: number): number => logSumExp([one, other]) - Math.LN2;
  return {
    logOdds: half(whole.logOdds, parts.logOdds),
    logOddsUnblamed: half(whole.logOddsUnblamed, parts.logOddsUnblamed),
  };
}

/** Returns the logarithm of the mean of e-values given by their logarithms, nulls left out; 0 for none. */
export function meanEvidence(logs: readonly (number | null)[]): number {
  const asked = logs.filter((log) => log !== null);
  return asked.length === 0 ? 0 : logSumExp(asked) - Math.log(asked.length);
}

/** Returns the evidence of one gate; neutral where it has no stage. */
export function weighGate(series: GateSeries): GateEvidence {
  const { limit, tolerance } = series;
  if (series.stages.length === 0) {
    const neutral = limit === null ? null : 0;
    return { limit: neutral, limitUnblamed: neutral, baseline: tolerance === null ? null : 0 };
  }
  const stages = series.stages.map((totals) => compared(totals, series));
  const restarts =
    series.restarts?.map((restart) => ({
      window: compared(restart, series),
      // A restart begins in the current stage, so it has no more than that stage's share.
      logWeight: restart.logWeight - stages.length * Math.LN2,
    })) ?? null;
  const restarting = (whole: number, within: (window: ComparedStage, logWeight: number) => number): number =>
    withRestarts(
      whole,
      restarts?.map(({ window, logWeight }) => ({ logWeight, logE: within(window, logWeight) })) ?? null,
    );
  const limited = (logBlame: number | null): number | null => {
    if (limit === null) return null;
    const whole = stages.map(({ effective }) => effective);
    return restarting(limitEvidence(whole, { limit, logBlame }), ({ effective }, logWeight) =>
      // The blame of one of many windows needs as much more as the window weighs less.
      limitEvidenceWithin(effective, { limit, logBlame: logBlame === null ? null : logBlame - logWeight }),
    );
  };
  const compares = (ratio: number): number =>
    restarting(baselineEvidence(stages, ratio), (window) => baselineEvidenceWithin(window, ratio));
  return {
    limit: limited(LOG_BLAME),
    limitUnblamed: limited(null),
    baseline: tolerance === null ? null : compares(tolerance),
  };
}

function compared(totals: StageTotals, series: GateSeries): ComparedStage {
  return { totals, effective: effectiveStage(totals, series) };
}
