/** Counts as if every trial came from a device of its own. Pure. */
import type { Counts, DeviceLevel } from '../evidence.ts';
import type { Ratio } from '../units.ts';
import { shrunkDispersion } from './device-spread.ts';
import type { Clustering, GateSeries, StageTotals } from './gate-series.ts';

/** Events and trials of independent devices; real numbers. */
export interface EffectiveCounts {
  readonly events: number;
  readonly trials: number;
}

/** One stage in effective counts. The baseline is null where it has no trial. */
export interface EffectiveStage {
  readonly candidate: EffectiveCounts;
  readonly baseline: EffectiveCounts | null;
  /** Whether the baseline has enough of the traffic to say which version is to blame. */
  readonly isComparable: boolean;
}

/** Dispersion of devices that is assumed where it cannot be seen; slow devices are slow for all their requests. */
const ASSUMED_DISPERSION: Readonly<Record<Exclude<Clustering, 'devices'>, number>> = {
  requests: 2,
  latency: 8,
};

const PRIOR_DISPERSION = 1;

/**
 * Returns how many requests count as one: max(1 + dispersion·events/devices, events/devicesWithEvents).
 *
 * The second term makes one bad device count once, however many requests it spoils. 1 where the devices are
 * not known. `anticipated` raises the first term to that of so many events.
 *
 * Source: the design effect of cluster samples, Kish, "Survey Sampling" (1965), with the variance of a
 * negative binomial.
 */
export function designEffectOf(counts: Counts, dispersion: number, anticipated = 0): number {
  const { events, devices, devicesWithEvents } = counts;
  if (devices === null || !(devices > 0)) return 1;
  const spread = 1 + (dispersion * Math.max(events, anticipated)) / devices;
  return devicesWithEvents !== null && devicesWithEvents > 0
    ? Math.max(spread, events / devicesWithEvents)
    : spread;
}

/** Returns what is known about devices in both versions of a stage: the lesser of the two. */
export function deviceLevel(totals: StageTotals, clustering: Clustering): DeviceLevel {
  if (clustering === 'devices') return 'devices';
  const baseline = servingBaseline(totals);
  const arms = baseline === null ? [totals.candidate] : [totals.candidate, baseline];
  if (arms.some((arm) => arm.devices === null)) return 0;
  return arms.some((arm) => arm.devicesWithEvents === null) ? 1 : 2;
}

/** Returns a stage in effective counts. */
export function effectiveStage(totals: StageTotals, series: EffectSettings): EffectiveStage {
  const baseline = servingBaseline(totals);
  const effectOf = designEffects(totals, series);
  return {
    candidate: divided(totals.candidate, effectOf(totals.candidate, 0)),
    baseline: baseline === null ? null : divided(baseline, effectOf(baseline, 0)),
    isComparable: isComparable(totals),
  };
}

/**
 * Returns the candidate of a stage in effective counts as if it had the events that `rate` allows.
 *
 * Few events look independent because they are few; a proof of safety must not rest on that.
 */
export function effectiveUnderRate(
  totals: StageTotals,
  series: EffectSettings,
  rate: number,
): EffectiveCounts {
  const { candidate } = totals;
  return divided(candidate, designEffects(totals, series)(candidate, rate * candidate.trials));
}

// At 100% a few devices still run the old version until they sync; they can neither clear nor blame the candidate.
const LEAST_BASELINE_SHARE: Ratio = 0.05;

/** Returns whether a baseline has enough of both versions' trials, as they were counted, to be compared with. */
export function isComparable(totals: StageTotals): boolean {
  const baseline = servingBaseline(totals);
  if (baseline === null) return false;
  return baseline.trials >= LEAST_BASELINE_SHARE * (totals.candidate.trials + baseline.trials);
}

/** What decides the design effect of a gate. */
export type EffectSettings = Pick<GateSeries, 'clustering' | 'designEffect'>;

function designEffects(
  totals: StageTotals,
  { clustering, designEffect }: EffectSettings,
): (arm: Counts, anticipated: number) => number {
  const level = deviceLevel(totals, clustering);
  if (level === 'devices' || clustering === 'devices') return () => 1;
  if (level === 0) return () => Math.max(1, designEffect);
  const dispersion = level === 2 ? seenDispersion(totals) : ASSUMED_DISPERSION[clustering];
  return (arm, anticipated) => designEffectOf(arm, dispersion, anticipated);
}

/** The larger of both versions' dispersions: a device's bad luck is not the candidate's merit or fault. */
function seenDispersion(totals: StageTotals): number {
  const baseline = servingBaseline(totals);
  const own = dispersionOf(totals.candidate);
  if (baseline === null) return own ?? PRIOR_DISPERSION;
  return Math.max(own ?? 0, dispersionOf(baseline) ?? PRIOR_DISPERSION);
}

/** Returns the baseline where it has any traffic; a version that serves nobody is none. */
export function servingBaseline({ baseline }: StageTotals): Counts | null {
  return baseline !== null && baseline.trials > 0 ? baseline : null;
}

function dispersionOf({ events, devices, devicesWithEvents }: Counts): number | null {
  if (devices === null || devicesWithEvents === null) return null;
  return shrunkDispersion({ events, devices, devicesWithEvents });
}

function divided({ events, trials }: Counts, effect: number): EffectiveCounts {
  return { events: events / effect, trials: trials / effect };
}
