/** The odds that a rollout is doing harm, from all its gates. Pure. */
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

/** The evidence of all gates together. */
export interface Weighing {
  /** In the order of the gates. */
  readonly gates: readonly GateEvidence[];
  /** Logarithm of the mean of all tests' evidence; 0 without any. */
  readonly logOdds: number;
  /** The same without the condition that the candidate is to blame. */
  readonly logOddsUnblamed: number;
}

/**
 * Returns the evidence of every gate and of all of them.
 *
 * The mean of e-values is an e-value whatever their dependence, and never worse than Bonferroni's correction.
 * Source: Vovk and Wang, "E-values: calibration, combination and applications", Ann. Stat. 49 (2021).
 */
export function weigh(gates: readonly GateSeries[]): Weighing {
  const evidence = gates.map(weighGate);
  return {
    gates: evidence,
    logOdds: meanEvidence(evidence.flatMap(({ limit, baseline }) => [limit, baseline])),
    logOddsUnblamed: meanEvidence(
      evidence.flatMap(({ limitUnblamed, baseline }) => [limitUnblamed, baseline]),
    ),
  };
}

/** Returns the logarithm of the mean of e-values given by their logarithms, nulls left out; 0 for none. */
export function meanEvidence(logs: readonly (number | null)[]): number {
  const asked = logs.filter((log) => log !== null);
  return asked.length === 0 ? 0 : logSumExp(asked) - Math.log(asked.length);
}

function weighGate(series: GateSeries): GateEvidence {
  const { limit, tolerance } = series;
  const stages = series.stages.map((totals) => compared(totals, series));
  const restarts =
    series.restarts?.map((restart) => ({ ...restart, window: compared(restart, series) })) ?? null;
  const limited = (blame: boolean): number | null => {
    if (limit === null) return null;
    const question = { limit, blame };
    return withRestarts(
      limitEvidence(
        stages.map(({ effective }) => effective),
        question,
      ),
      restarts?.map(({ logWeight, window }) => ({
        logWeight: logWeight - stages.length * Math.LN2,
        logE: limitEvidenceWithin(window.effective, question),
      })) ?? null,
    );
  };
  const versus =
    tolerance === null
      ? null
      : withRestarts(
          baselineEvidence(stages, tolerance),
          restarts?.map(({ logWeight, window }) => ({
            logWeight: logWeight - stages.length * Math.LN2,
            logE: baselineEvidenceWithin(window, tolerance),
          })) ?? null,
        );
  return { limit: limited(true), limitUnblamed: limited(false), baseline: versus };
}

function compared(totals: StageTotals, series: GateSeries): ComparedStage {
  return { totals, effective: effectiveStage(totals, series) };
}
