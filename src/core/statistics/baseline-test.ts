/** Is the candidate worse than the version that it replaces, by more than does not matter? Pure. */
import type { Counts } from '../evidence.ts';
import { baselineStratum } from './baseline-stratum.ts';
import { type EffectiveStage, servingBaseline } from './effective-counts.ts';
import type { StageTotals } from './gate-series.ts';
import { logE, logSumExp } from './log-e.ts';
import { logEFromAnyStage } from './start-stage.ts';

/** A baseline whose rate moves by less than this between stages is steady (two-sample z). */
const STEADY_Z = 1.5;

/** Differences below these do not matter, however certain they are. */
const LEAST_DIFFERENCE = 0.001;
const LEAST_RATIO = 1.1;
const TRIALS_FOR_A_RATIO = 20;

/** One stage as it was counted and in effective counts. */
export interface ComparedStage {
  readonly totals: StageTotals;
  readonly effective: EffectiveStage;
}

/**
 * Returns the logarithm of the evidence that the candidate's odds exceed `tolerance` times the baseline's.
 *
 * The mean of the evidence begun in any stage and, while the baseline itself has not moved, of all stages
 * pooled; at most 0 where the difference does not matter: less than 0.1 percentage points over all stages, or
 * less than a tenth in the current one. Pooling wins power; a baseline that moves would make it a comparison
 * of hours instead of versions (Simpson's paradox), hence the condition. 0 where nothing can be compared.
 */
export function baselineEvidence(stages: readonly ComparedStage[], tolerance: number): number {
  const strata = stages.flatMap(({ effective }) => baselineStratum(effective, tolerance) ?? []);
  if (strata.length === 0) return 0;
  const separate = logEFromAnyStage(strata);
  const pooled = isBaselineSteady(stages) ? pooledEvidence(stages, tolerance) : separate;
  return asFarAsItMatters(logSumExp([separate, pooled]) - Math.LN2, stages);
}

/** Returns the same for one window alone. */
export function baselineEvidenceWithin(window: ComparedStage, tolerance: number): number {
  const stratum = baselineStratum(window.effective, tolerance);
  return stratum === null ? 0 : asFarAsItMatters(logE(1, [stratum]), [window]);
}

function asFarAsItMatters(evidence: number, stages: readonly ComparedStage[]): number {
  return doesItMatter(stages.map(({ totals }) => totals)) ? evidence : Math.min(0, evidence);
}

function pooledEvidence(stages: readonly ComparedStage[], tolerance: number): number {
  const compared = stages.map(({ effective }) => effective).filter(({ baseline }) => baseline !== null);
  const candidates = compared.map(({ candidate }) => candidate);
  const baselines = compared.flatMap(({ baseline }) => baseline ?? []);
  const stratum = baselineStratum({ candidate: total(candidates), baseline: total(baselines) }, tolerance);
  return logE(1, stratum === null ? [] : [stratum]);
}

/** Returns whether the baseline's rate in every earlier stage is that of the current one, up to chance. */
function isBaselineSteady(stages: readonly ComparedStage[]): boolean {
  const baselines = stages.flatMap(({ effective }) => effective.baseline ?? []);
  const current = baselines.at(-1);
  if (current === undefined) return true;
  return baselines.slice(0, -1).every((earlier) => {
    const trials = earlier.trials + current.trials;
    const rate = (earlier.events + current.events) / trials;
    const variance = rate * (1 - rate) * (1 / earlier.trials + 1 / current.trials);
    const difference = earlier.events / earlier.trials - current.events / current.trials;
    return variance <= 0 || Math.abs(difference) < STEADY_Z * Math.sqrt(variance);
  });
}

function doesItMatter(stages: readonly StageTotals[]): boolean {
  const compared = stages.filter((stage) => servingBaseline(stage) !== null);
  const candidate = rateOf(compared.map((stage) => stage.candidate));
  const baseline = rateOf(compared.flatMap((stage) => stage.baseline ?? []));
  if (!(candidate - baseline >= LEAST_DIFFERENCE)) return false;
  const current = stages.at(-1);
  const beside = current === undefined ? null : servingBaseline(current);
  if (current === undefined || beside === null || beside.trials < TRIALS_FOR_A_RATIO) return true;
  return rateOf([current.candidate]) >= LEAST_RATIO * rateOf([beside]);
}

function rateOf(counts: readonly Pick<Counts, 'events' | 'trials'>[]): number {
  const { events, trials } = total(counts);
  return trials > 0 ? events / trials : 0;
}

function total(counts: readonly Pick<Counts, 'events' | 'trials'>[]): Pick<Counts, 'events' | 'trials'> {
  return {
    events: counts.reduce((sum, each) => sum + each.events, 0),
    trials: counts.reduce((sum, each) => sum + each.trials, 0),
  };
}
