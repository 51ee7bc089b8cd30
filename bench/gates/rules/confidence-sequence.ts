/** An asymptotic confidence sequence of the difference, with devices as its unit. Pure. */
import type { DeviceSums, PeerRule } from './look.ts';

const ALPHA = 0.05;
/** Devices at which the interval is narrowest. */
const TUNED_FOR = 5_000;

/**
 * Rolls back when the interval of any metric's difference lies above 0.
 *
 * Source: GrowthBook, gbstats, sequential testing at its defaults (https://docs.growthbook.io/statistics/sequential),
 * after Waudby-Smith et al., "Time-uniform central limit theory and asymptotic confidence sequences", Ann. Stat.
 * 52 (2024); the variance of a ratio of sums over devices by the delta method.
 */
export const confidenceSequence: PeerRule = () => (look) =>
  look.byDevice?.some(({ candidate, baseline }) => isAbove(candidate, baseline)) ?? false;

/** Returns whether the candidate's rate is above the baseline's at every size of sample. */
export function isAbove(candidate: DeviceSums, baseline: DeviceSums): boolean {
  if (Math.min(candidate.devices, baseline.devices) < 2) return false;
  if (Math.min(candidate.events, baseline.events) === 0) return false;
  const difference = candidate.events / candidate.requests - baseline.events / baseline.requests;
  const variance = varianceOf(candidate) + varianceOf(baseline);
  return difference > halfWidth(variance, candidate.devices + baseline.devices);
}

/** Returns the half-width of the interval for the variance of the difference and the devices in it. */
export function halfWidth(variance: number, devices: number): number {
  const twice = -2 * Math.log(ALPHA);
  const rho = Math.sqrt((twice + Math.log1p(twice)) / TUNED_FOR);
  const information = devices * rho ** 2 + 1;
  const width = (2 * information * Math.log(Math.sqrt(information) / ALPHA)) / (devices * rho) ** 2;
  return Math.sqrt(variance * devices) * Math.sqrt(width);
}

function varianceOf(sums: DeviceSums): number {
  const rate = sums.events / sums.requests;
  const squares = sums.eventsSquared - 2 * rate * sums.eventsTimesRequests + rate ** 2 * sums.requestsSquared;
  return ((Math.max(0, squares) / sums.requests ** 2) * sums.devices) / (sums.devices - 1);
}
