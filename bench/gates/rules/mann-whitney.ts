/** Kayenta's judge: a Mann-Whitney interval of the shift between two series with one point a look. Pure. */
import type { Pair, PeerRule } from './look.ts';

/** The two series of one metric. */
export interface Series {
  readonly candidate: readonly number[];
  readonly baseline: readonly number[];
}

// The upper 1% point of the normal distribution: an interval of 98%.
const Z_98 = 2.3263479;
const EFFECT_PART = 0.25;
// Errors, crashes, and requests over the line of the comparison.
const COMPARED = [0, 1, 3] as const;

/**
 * Returns the rule that asks at each look whether any metric of the current stage's points is high.
 *
 * Every metric is critical; a window without requests of either version gives no point.
 *
 * Source: Kayenta, NetflixACAJudge and MannWhitneyClassifier, https://github.com/spinnaker/kayenta.
 */
export const mannWhitney98: PeerRule = () => {
  let stage = -1;
  let series: { candidate: number[]; baseline: number[] }[] = [];
  return (look) => {
    if (look.stage !== stage) {
      stage = look.stage;
      series = COMPARED.map(() => ({ candidate: [], baseline: [] }));
    }
    for (const [index, metric] of COMPARED.entries()) addPoint(look.window[metric], series[index]);
    return series.some(isHigh);
  };
};

function addPoint(pair: Pair, series: { candidate: number[]; baseline: number[] } | undefined): void {
  const { candidate, baseline } = pair;
  if (baseline === null || candidate.requests === 0 || baseline.requests === 0) return;
  series?.candidate.push(candidate.events / candidate.requests);
  series?.baseline.push(baseline.events / baseline.requests);
}

/**
 * Returns whether the candidate's series is high: its mean is no lower, and the lower end of the 98% interval
 * of the shift is above a quarter of the estimated shift (Hodges and Lehmann).
 */
export function isHigh(series: Series): boolean {
  if (series.candidate.length === 0 || series.baseline.length === 0) return false;
  if (mean(series.candidate) < mean(series.baseline)) return false;
  if (standardised(series, 0) <= Z_98) return false;
  return standardised(series, EFFECT_PART * Math.abs(medianShift(series))) > Z_98;
}

/** The test statistic with the candidate shifted down, with corrections for ties and for continuity. */
function standardised({ candidate, baseline }: Series, shift: number): number {
  const shifted = candidate.map((x) => x - shift);
  let wins = 0;
  for (const x of shifted) for (const y of baseline) wins += x > y ? 1 : x === y ? 0.5 : 0;
  const pairs = candidate.length * baseline.length;
  const excess = wins - pairs / 2 - 0.5;
  if (excess <= 0) return 0;
  const all = candidate.length + baseline.length;
  const variance = (pairs / 12) * (all + 1 - tiedCubes([...shifted, ...baseline]) / (all * (all - 1)));
  return variance > 0 ? excess / Math.sqrt(variance) : 0;
}

function tiedCubes(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let sum = 0;
  for (const count of counts.values()) sum += count ** 3 - count;
  return sum;
}

function medianShift({ candidate, baseline }: Series): number {
  const shifts = Float64Array.from(candidate.flatMap((x) => baseline.map((y) => x - y))).sort();
  const middle = shifts.length >> 1;
  const upper = shifts[middle] ?? 0;
  return shifts.length % 2 === 1 ? upper : (upper + (shifts[middle - 1] ?? 0)) / 2;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
