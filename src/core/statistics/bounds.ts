/** Rates and ratios that the counts do not contradict: confidence sequences, valid however often one looks. Pure. */
import type { Ratio } from '../units.ts';
import { type Direction, logE, type Stratum } from './log-e.ts';

/** A lower and an upper bound. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/** Effective counts of both versions in one stage. */
export interface ComparedCounts {
  readonly candidateEvents: number;
  readonly candidateTrials: number;
  readonly baselineEvents: number;
  readonly baselineTrials: number;
}

const HALVINGS = 60;
const LARGEST_LOGIT = 40;
const LARGEST_LOG_RATIO = 40;

/**
 * Returns the rates whose evidence against them stays below 1/alpha on either side; 0 to 1 without trials.
 *
 * The true rate is outside at any time with probability at most 2·alpha. Found by bisection in the logit.
 */
export function rateBounds(
  { events, trials }: { readonly events: number; readonly trials: number },
  alpha: Ratio,
): Bounds {
  if (!(trials > 0)) return { lower: 0, upper: 1 };
  const rejects = (direction: Direction) => (logit: number) =>
    logE(direction, [{ events, trials, rate: 1 / (1 + Math.exp(-logit)) }]) >= -Math.log(alpha);
  const lower = events <= 0 ? 0 : logistic(edge(rejects(1), LARGEST_LOGIT));
  const upper = events >= trials ? 1 : logistic(-edge((x) => rejects(-1)(-x), LARGEST_LOGIT));
  return { lower, upper };
}

/**
 * Returns the ratios of the candidate's odds to the baseline's that the counts do not contradict.
 *
 * 0 to Infinity where nothing can be compared.
 */
export function ratioBounds(stages: readonly ComparedCounts[], alpha: Ratio): Bounds {
  const compared = stages.filter((stage) => stage.candidateTrials > 0 && stage.baselineTrials > 0);
  const strataAt = (logRatio: number): readonly Stratum[] =>
    compared.map((stage) => {
      const share = Math.exp(logRatio) * stage.candidateTrials;
      return {
        events: stage.candidateEvents,
        trials: stage.candidateEvents + stage.baselineEvents,
        rate: share / (share + stage.baselineTrials),
      };
    });
  const rejects = (direction: Direction) => (logRatio: number) =>
    logE(direction, strataAt(logRatio)) >= -Math.log(alpha);
  const noCandidate = compared.every((stage) => stage.candidateEvents <= 0);
  const noBaseline = compared.every((stage) => stage.baselineEvents <= 0);
  const lower = noCandidate ? 0 : Math.exp(edge(rejects(1), LARGEST_LOG_RATIO));
  const upper = noBaseline
    ? Number.POSITIVE_INFINITY
    : Math.exp(-edge((x) => rejects(-1)(-x), LARGEST_LOG_RATIO));
  return { lower, upper };
}

/** Returns where a condition that holds from -limit on stops to hold; -Infinity where it never holds. */
function edge(holds: (x: number) => boolean, limit: number): number {
  if (!holds(-limit)) return Number.NEGATIVE_INFINITY;
  let low = -limit;
  let high = limit;
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function logistic(logit: number): Ratio {
  return 1 / (1 + Math.exp(-logit));
}
