/** What one version did, in the shape that health is told in. */

import type { DurationMs, Ratio } from '../core/units.ts';
import { LATENCY_EDGES_MS } from '../simulation/latency-profile.ts';
import type { ArmTotals } from '../simulation/observe-window.ts';
import type { RouteContext } from './route.ts';
import { wireVersion } from './wire-rollout.ts';

/** One version of a rollout. */
export interface Arm {
  readonly role: 'candidate' | 'baseline' | 'experiment';
  readonly version: string;
  readonly totals: ArmTotals;
}

/** Devices that are to run a version, now. */
export interface ArmAssignment {
  readonly assigned: number;
  readonly reachable: number;
}

/** Returns one version of a health answer, as much of it as the switches say; null where nobody assigns devices. */
export function wireArm(
  { role, version, totals }: Arm,
  assignment: ArmAssignment | null,
  { settings }: RouteContext,
) {
  const { 'health-latency': latency, 'health-devices': devices } = settings.switches;
  const bare = latency === 'bare';
  return {
    version: wireVersion(version, settings),
    role,
    devices: { ...assignment, ...(devices === 'none' ? {} : activeDevices(totals)) },
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
  const buckets = cumulativeBuckets(totals);
  const at = (slowRatio: Ratio): DurationMs | null => {
    const ms = latencyAt(buckets, slowRatio);
    return ms === null ? null : Math.round(ms * 10) / 10;
  };
  return { p50: at(0.5), p95: at(0.05), p99: at(0.01) };
}

/**
 * Returns how long all but `slowRatio` of the requests took, or null in the last bucket, which has no end.
 *
 * Only buckets are simulated. Within one, the logarithm of the share of slower requests falls evenly with that
 * of the time, which is close to the log-normal times that the buckets are drawn from.
 */
function latencyAt(buckets: ReturnType<typeof cumulativeBuckets>, slowRatio: Ratio): DurationMs | null {
  const total = buckets.at(-1)?.count ?? 0;
  const slower = (count: number): Ratio => (total - count) / total;
  const index = buckets.findIndex(({ count }) => total > 0 && slower(count) <= slowRatio);
  const bucket = buckets[index];
  if (bucket === undefined || bucket.le === null) return null;
  const below = { le: buckets[index - 1]?.le ?? 0, count: buckets[index - 1]?.count ?? 0 };
  const [more, less] = [slower(below.count), slower(bucket.count)];
  if (below.le === 0 || less === 0) {
    return below.le + ((more - slowRatio) / (more - less)) * (bucket.le - below.le);
  }
  return below.le * (bucket.le / below.le) ** (Math.log(slowRatio / more) / Math.log(less / more));
}

// Null where nothing was measured: a rate of no request is not 0.
function share(part: number, whole: number): Ratio | null {
  return whole === 0 ? null : Math.round((part / whole) * 1e6) / 1e6;
}
