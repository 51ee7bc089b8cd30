/** A percentile and the share slower than it are each other's inverse. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latencyAtQuantile } from '../../../src/core/statistics/histogram-percentile.ts';
import type { HealthArm } from '../../../src/metrics/health-answer.ts';
import { slowerThan } from '../../../src/metrics/latency-buckets.ts';

const steps = fc.array(
  fc.record({ width: fc.integer({ min: 1, max: 1_000 }), requests: fc.integer({ min: 0, max: 10_000 }) }),
  { minLength: 1, maxLength: 20 },
);

function armOf(rows: readonly { readonly width: number; readonly requests: number }[]) {
  let [leMs, count] = [0, 0];
  const latencyBuckets = rows.map(({ width, requests }) => {
    leMs += width;
    count += requests;
    return { leMs, count };
  });
  latencyBuckets.push({ leMs: Number.POSITIVE_INFINITY, count });
  const devices = { assigned: null, active: null, reachable: null, crashed: null, outOfMemory: null };
  return {
    index: 0,
    version: '2.0.0',
    role: null,
    devices,
    requests: { total: null, failed: null, failureRatio: null, devicesWithFailures: null },
    latency: { buckets: latencyBuckets, p50Ms: null, p95Ms: null, p99Ms: null },
    quality: null,
  } satisfies HealthArm;
}

describe('a percentile of a histogram', () => {
  it('is exceeded by the rest of the requests', () => {
    fc.assert(
      fc.property(steps, fc.double({ min: 0.001, max: 1, noNaN: true }), (rows, quantile) => {
        const arm = armOf(rows);
        const latency = latencyAtQuantile(arm.latency.buckets, quantile);
        if (latency === null) {
          expect(arm.latency.buckets.at(-1)?.count).toBe(0);
          return;
        }
        const slower = slowerThan(arm, latency);
        if ('kind' in slower) throw new Error(slower.why);
        expect(Math.abs(slower.events - (1 - quantile) * slower.trials)).toBeLessThanOrEqual(1e-6);
      }),
      { numRuns: 500, seed: 3 },
    );
  });
});
