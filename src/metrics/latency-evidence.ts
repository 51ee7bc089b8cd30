/** What an arm says about a latency limit: requests slower than it, or the percentile that the gate names. Pure. */
import type { BareValue, Counts, Window } from '../core/evidence.ts';
import type { LatencyGate } from '../core/plan.ts';
import type { HealthArm } from './health-answer.ts';
import { slowerThan } from './latency-buckets.ts';
import { canBeCounted, percentileNamed, slowShare, toldPercentiles } from './latency-percentiles.ts';

/** Why an arm says nothing. */
export interface NoAnswer {
  readonly kind: 'none' | 'unavailable' | 'error';
  readonly why: string;
}

/**
 * Returns what an arm says about a latency gate.
 *
 * From a histogram the requests slower than the limit; from percentiles and the number of requests their
 * interpolated number, where it can show both harm and health; otherwise the percentile that the gate names, as
 * a bare value. `none` where that is not told either.
 */
export function latencyOf(arm: HealthArm, gate: LatencyGate, covered: Window): Counts | BareValue | NoAnswer {
  const { latency, devices, requests } = arm;
  if (latency?.buckets != null) return slowerThan(arm, gate.maxMs);
  const told = latency === null ? [] : toldPercentiles(latency);
  const trials = requests.total;
  const share = canBeCounted(told, gate.maxRatio) ? slowShare(gate.maxMs, told) : null;
  if (trials !== null && share !== null) {
    return { events: share * trials, trials, devices: devices.active, devicesWithEvents: null };
  }
  const value = percentileNamed(told, gate.maxRatio);
  if (value !== null) return { kind: 'value', value, devices: devices.active, covered };
  const field = `versions[${arm.index}].latency_ms`;
  return { kind: 'none', why: `${field}: not told for version ${arm.version}` };
}

/**
 * Returns whether the slow requests of two arms were counted alike.
 *
 * Shares from percentiles stop at the outermost told ones; held against a histogram, or against other
 * percentiles, that would look like a difference.
 */
export function areComparable(one: HealthArm, other: HealthArm): boolean {
  return shapeOf(one) === shapeOf(other);
}

function shapeOf({ latency }: HealthArm): string {
  if (latency === null || latency.buckets !== null) return 'buckets';
  return toldPercentiles(latency)
    .map(({ slowRatio }) => slowRatio)
    .join(' ');
}
