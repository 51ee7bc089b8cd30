/** How long requests of a version took, from a health answer. Pure. */
import type { PercentileAnswer, PercentileQuery } from '../core/ports.ts';
import { latencyAtQuantile } from '../core/statistics/histogram-percentile.ts';
import type { Ratio } from '../core/units.ts';
import { mismatch } from './answered-question.ts';
import type { HealthAnswer, HealthArm, LatencyBucket } from './health-answer.ts';
import { percentileNamed, toldPercentiles } from './latency-percentiles.ts';

/**
 * Returns how long all but `slowRatio` of the requests of the query's version took, whatever role it has.
 *
 * From a histogram, or the told percentile if it is exactly that one. `none` where nothing was measured or told;
 * `error` for an answer to another question, and for a percentile beyond the largest bucket, which is unknown.
 */
export function percentileIn(answer: HealthAnswer, query: PercentileQuery): PercentileAnswer {
  const wrong = mismatch(answer, query);
  if (wrong !== null) return wrong;
  const arm = answer.arms.find((each) => each.version === query.version);
  if (arm === undefined) return { kind: 'none', why: `nothing measured for version ${query.version}` };
  const { latency, requests } = arm;
  if (latency?.buckets != null) return fromBuckets(arm, latency.buckets, query.slowRatio);
  const ms = latency === null ? null : percentileNamed(toldPercentiles(latency), query.slowRatio);
  if (ms === null) return notTold(arm);
  if (requests.total === 0) return noRequests();
  return { kind: 'percentile', ms, trials: requests.total };
}

function fromBuckets(arm: HealthArm, buckets: readonly LatencyBucket[], slowRatio: Ratio): PercentileAnswer {
  const trials = buckets.at(-1)?.count;
  if (trials === undefined) return notTold(arm);
  if (trials === 0) return noRequests();
  const ms = latencyAtQuantile(buckets, 1 - slowRatio);
  if (ms !== null) return { kind: 'percentile', ms, trials };
  return {
    kind: 'error',
    why: `more than ${slowRatio} of the requests of version ${arm.version} took longer than the largest latency bucket, ${buckets.at(-2)?.leMs ?? 0} ms`,
  };
}

function noRequests(): PercentileAnswer {
  return { kind: 'none', why: 'nothing measured: no requests' };
}

function notTold(arm: HealthArm): PercentileAnswer {
  return {
    kind: 'none',
    why: `versions[${arm.index}].latency_ms: not told for version ${arm.version}`,
  };
}
