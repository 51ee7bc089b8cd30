/** What one version did, in the shape that health is told in. */

import { latencyAtQuantile } from '../core/statistics/histogram-percentile.ts';
import type { DurationMs, Ratio } from '../core/units.ts';
import { LATENCY_EDGES_MS } from '../simulation/latency-profile.ts';
import type { ArmTotals } from '../simulation/observe-window.ts';
import type { RouteContext } from './route.ts';
import { wireVersion } from './wire-rollout.ts';

/** One version of a rollout. */
export interface Arm {
  readonly role: 'candidate' | 'baseline';
  readonly version: string;
  readonly totals: ArmTotals;
}

/** Devices that are to run a version, now. */
export interface ArmAssignment {
  readonly assigned: number;
  readonly reachable: number;
}

/** Returns one version of a health answer, as much of it as the switches say. */
export function wireArm(
  { role, version, totals }: Arm,
  { assigned, reachable }: ArmAssignment,
  { settings }: RouteContext,
) {
  const { 'health-latency': latency, 'health-devices': devices } = settings.switches;
  const bare = latency === 'bare';
  return {
    version: wireVersion(version, settings),
    role,
    devices: { assigned, reachable, ...(devices === 'none' ? {} : activeDevices(totals)) },
    requests: {
      ...(bare
        ? { failure_rate: share(totals.failed, totals.requests) }
        : { total: totals.requests, failed: totals.failed }),
      ...(devices === 'all' && !bare ? { devices_with_failures: totals.devicesWithFailures } : {}),
    },
    latency_ms: latency === 'buckets' ? { buckets: cumulativeBuckets(totals) } : percentiles(totals),
    quality: bare
      ? { mean: share(totals.qualitySum, totals.qualityCount) }
      : { sum: Math.round(totals.qualitySum * 10) / 10, count: totals.qualityCount },
  };
}

function activeDevices({ activeDevices: active, crashedDevices, outOfMemoryDevices }: ArmTotals) {
  return { active, crashed: crashedDevices, out_of_memory: outOfMemoryDevices };
}

function cumulativeBuckets({ latency }: ArmTotals) {
  let count = 0;
  return LATENCY_EDGES_MS.map((le, bucket) => {
    count += latency[bucket] ?? 0;
    return { le, count };
  });
}

function percentiles(totals: ArmTotals) {
  const buckets = cumulativeBuckets(totals).map(({ le, count }) => ({
    leMs: le ?? Number.POSITIVE_INFINITY,
    count,
  }));
  const at = (quantile: Ratio): DurationMs | null => {
    const ms = latencyAtQuantile(buckets, quantile);
    return ms === null ? null : Math.round(ms * 10) / 10;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

// Null where nothing was measured: a rate of no request is not 0.
function share(part: number, whole: number): Ratio | null {
  return whole === 0 ? null : Math.round((part / whole) * 1e6) / 1e6;
}
