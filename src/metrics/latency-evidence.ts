/** What an arm says about a latency limit: requests slower than it, or the percentile that the gate names. Pure. */
import type { BareValue, Counts, Window } from '../core/evidence.ts';
import type { LatencyGate } from '../core/plan.ts';
import { latencyAtQuantile } from '../core/statistics/histogram-percentile.ts';
import { shareSlowerThan } from '../core/statistics/percentile-share.ts';
import type { DurationMs, Ratio } from '../core/units.ts';
import type { ArmLatency, HealthArm } from './health-answer.ts';
import { slowerThan } from './latency-buckets.ts';

/** Why an arm says nothing about a limit. */
export interface NoAnswer {
  readonly kind: 'none' | 'unavailable' | 'error';
  readonly why: string;
}

/**
 * Returns what an arm says about a latency gate.
 *
 * From a histogram the requests slower than the limit; from three percentiles and the number of requests their
 * interpolated number; otherwise the percentile that the gate names, as a bare value. `none` where neither is
 * told. A percentile that only bounds the share from the side of health is a bare value too: counted, it could
 * pass what it does not show.
 */
export function latencyOf(arm: HealthArm, gate: LatencyGate, covered: Window): Counts | BareValue | NoAnswer {
  const { latency } = arm;
  if (latency === null) return notTold(arm);
  if (latency.buckets !== null) return slowerThan(arm, gate.maxMs);
  const slow = interpolated(latency, gate);
  if (slow?.kind === 'error') return slow;
  const trials = arm.requestsTotal;
  if (trials !== null && slow !== null) {
    return { events: slow.share * trials, trials, devices: arm.devices.active, devicesWithEvents: null };
  }
  const value = percentileNamed(latency, gate.maxRatio);
  return value === null ? notTold(arm) : { kind: 'value', value, devices: arm.devices.active, covered };
}

/** Returns how long all but `slowRatio` of an arm's requests took, or null where it is not told. */
export function percentileOf({ latency }: HealthArm, slowRatio: Ratio): DurationMs | null {
  if (latency === null) return null;
  return latency.buckets === null
    ? percentileNamed(latency, slowRatio)
    : latencyAtQuantile(latency.buckets, 1 - slowRatio);
}

function interpolated(
  { p50Ms, p95Ms, p99Ms }: ArmLatency,
  gate: LatencyGate,
):
  | { readonly kind: 'share'; readonly share: Ratio }
  | { readonly kind: 'error'; readonly why: string }
  | null {
  if (p50Ms === null || p95Ms === null || p99Ms === null) return null;
  const slow = shareSlowerThan(gate.maxMs, { p50Ms, p95Ms, p99Ms });
  if (slow.kind === 'error') return slow;
  if (slow.kind === 'at_least' && slow.share <= gate.maxRatio) return null;
  return { kind: 'share', share: slow.share };
}

const PERCENTILES: readonly (readonly [Ratio, (latency: ArmLatency) => DurationMs | null])[] = [
  [0.5, ({ p50Ms }) => p50Ms],
  [0.05, ({ p95Ms }) => p95Ms],
  [0.01, ({ p99Ms }) => p99Ms],
];

function percentileNamed(latency: ArmLatency, slowRatio: Ratio): DurationMs | null {
  return PERCENTILES.find(([ratio]) => ratio === slowRatio)?.[1](latency) ?? null;
}

function notTold(arm: HealthArm): NoAnswer {
  return { kind: 'none', why: `versions[${arm.index}].latency_ms: not told for version ${arm.version}` };
}
