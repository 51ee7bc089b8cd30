/** A health answer whose numbers are consistent, and what makes one unusable. Pure. */
import type { Segment, Window } from '../core/evidence.ts';
import type { DurationMs, Ratio } from '../core/units.ts';
import { fieldPath } from '../runtime/field-path.ts';
import { type ArmShape, answerSchema } from './health-schema.ts';

/** What one version did within the covered window. Null was not told. */
export interface HealthArm {
  /** Index in the answer, for messages. */
  readonly index: number;
  readonly version: string;
  readonly role: string | null;
  readonly devices: {
    readonly assigned: number | null;
    readonly active: number | null;
    readonly reachable: number | null;
    readonly crashed: number | null;
    readonly outOfMemory: number | null;
  };
  readonly requests: {
    readonly total: number | null;
    readonly failed: number | null;
    /** Share of the requests that failed. */
    readonly failureRatio: Ratio | null;
    readonly devicesWithFailures: number | null;
  };
  readonly latency: ArmLatency | null;
  readonly quality: ArmQuality | null;
}

/** How long requests took: as a histogram, or as percentiles. */
export interface ArmLatency {
  /** Cumulative counts of requests by duration, ascending; the last bound is Infinity. Null was not told. */
  readonly buckets: readonly LatencyBucket[] | null;
  readonly p50Ms: DurationMs | null;
  readonly p95Ms: DurationMs | null;
  readonly p99Ms: DurationMs | null;
}

/** Quality of answers, each 0 to 1: their sum and number, or only their mean. */
export type ArmQuality =
  | { readonly kind: 'counted'; readonly sum: number; readonly count: number }
  | { readonly kind: 'mean'; readonly mean: Ratio };

/** How many requests took at most `leMs`. */
export interface LatencyBucket {
  readonly leMs: number;
  readonly count: number;
}

/** A health answer whose numbers are consistent. */
export interface HealthAnswer {
  /** Null where the answer does not name it. */
  readonly rolloutId: string | null;
  readonly covered: Window;
  readonly arms: readonly HealthArm[];
  /** The same for each part of the fleet; null where it is not told. */
  readonly segments: readonly HealthSegment[] | null;
}

/** What the versions did on the devices with one value of an attribute. */
export interface HealthSegment {
  readonly segment: Segment;
  readonly arms: readonly HealthArm[];
}

/** A health answer cannot be used; the message names the field, what was got and what is expected. */
export class HealthShapeError extends Error {
  override readonly name = 'HealthShapeError';
}

// A sum of doubles may miss its count by so much of it; more is another scale.
const ROUNDING = 1e-9;

/**
 * Returns a health answer: `{rollout_id?, window: {covered_from, covered_to}, versions: [{version, role, devices,
 * requests, latency_ms, quality}], segments?: [{by, value, versions}]}`. Where the covered window is not told, the answer's own window is taken.
 *
 * Errors: HealthShapeError for a number that is not finite, is negative or a share above 1, for a part that is
 * more than its whole (failures of requests, crashes of active devices, a quality's sum of its count), for
 * buckets and percentiles that do not ascend, for a version that is told twice, and for a window that is not told.
 */
export function parseHealthAnswer(body: unknown): HealthAnswer {
  const result = answerSchema.safeParse(body);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new HealthShapeError(
      `${fieldPath(issue?.path ?? [])}: ${issue?.message ?? 'expected another shape'}`,
    );
  }
  const { rollout_id: rolloutId, window, versions, segments } = result.data;
  const from = window.covered_from ?? window.from ?? null;
  const to = window.covered_to ?? window.to ?? null;
  if (from === null) throw new HealthShapeError('window.covered_from: missing; expected a time');
  if (to === null) throw new HealthShapeError('window.covered_to: missing; expected a time');
  return {
    rolloutId: rolloutId ?? null,
    covered: { from, to },
    arms: armsOf(versions, ''),
    segments:
      segments?.map(({ by, value, versions: within }, part) => ({
        segment: { by, value },
        arms: armsOf(within, `segments[${part}].`),
      })) ?? null,
  };
}

function armsOf(arms: readonly ArmShape[], within: string): readonly HealthArm[] {
  for (const [index, arm] of arms.entries()) {
    const first = arms.slice(0, index).findIndex((other) => isToldAgain(other, arm));
    if (first < 0) continue;
    throw new HealthShapeError(
      `${within}versions[${index}]: the same version as versions[${first}]; expected each once, with all of its numbers`,
    );
  }
  return arms.map((arm, index) => armOf(arm, index, within));
}

/** Whether two entries are of the same version in the same role, where one would stand for both; several experiments may run a version. */
function isToldAgain(one: ArmShape, other: ArmShape): boolean {
  const [role, otherRole] = [one.role ?? null, other.role ?? null];
  if (role === 'experiment' || otherRole === 'experiment') return false;
  return one.version === other.version && (role === otherRole || role === null || otherRole === null);
}

function armOf(arm: ArmShape, index: number, within: string): HealthArm {
  const { devices, requests } = arm;
  const at = `${within}versions[${index}]`;
  const active = devices?.active ?? null;
  refuseMore(`${at}.requests.failed`, requests?.failed, requests?.total);
  refuseMore(`${at}.requests.devices_with_failures`, requests?.devices_with_failures, active);
  refuseMore(`${at}.devices.crashed`, devices?.crashed, active);
  refuseMore(`${at}.devices.out_of_memory`, devices?.out_of_memory, active);
  return {
    index,
    version: arm.version,
    role: arm.role ?? null,
    devices: {
      assigned: devices?.assigned ?? null,
      active,
      reachable: devices?.reachable ?? null,
      crashed: devices?.crashed ?? null,
      outOfMemory: devices?.out_of_memory ?? null,
    },
    requests: {
      total: requests?.total ?? null,
      failed: requests?.failed ?? null,
      failureRatio: requests?.failure_rate ?? null,
      devicesWithFailures: requests?.devices_with_failures ?? null,
    },
    latency: latencyIn(arm, at),
    quality: qualityIn(arm, at),
  };
}

function qualityIn({ quality }: ArmShape, at: string): ArmQuality | null {
  const count = quality?.count ?? null;
  if (quality?.sum != null && count !== null) {
    const sum = quality.sum > count * (1 + ROUNDING) ? quality.sum : Math.min(quality.sum, count);
    refuseMore(`${at}.quality.sum`, sum, count);
    return { kind: 'counted', sum, count };
  }
  if (quality?.mean == null) return null;
  return count === null
    ? { kind: 'mean', mean: quality.mean }
    : { kind: 'counted', sum: quality.mean * count, count };
}

function latencyIn({ latency_ms: latency }: ArmShape, at: string): ArmLatency | null {
  if (latency == null) return null;
  const { p50 = null, p95 = null, p99 = null } = latency;
  const told = [
    ['p50', p50],
    ['p95', p95],
    ['p99', p99],
  ] as const;
  for (const [index, [name, ms]] of told.entries()) {
    const before = told.slice(0, index).findLast((each) => each[1] !== null);
    if (ms !== null && before !== undefined && ms < (before[1] ?? 0)) {
      throw new HealthShapeError(
        `${at}.latency_ms.${name}: ${ms}; expected at least ${before[1]}, the ${before[0]}`,
      );
    }
  }
  return {
    buckets: latency.buckets == null ? null : bucketsOf(latency.buckets, `${at}.latency_ms.buckets`),
    p50Ms: p50,
    p95Ms: p95,
    p99Ms: p99,
  };
}

function refuseMore(field: string, part: number | null | undefined, whole: number | null | undefined): void {
  if (part == null || whole == null || part <= whole) return;
  throw new HealthShapeError(`${field}: ${part}; expected at most ${whole}`);
}

function bucketsOf(
  raw: readonly { readonly le: number | null; readonly count: number }[],
  field: string,
): readonly LatencyBucket[] {
  const buckets = raw.map(({ le, count }) => ({ leMs: le ?? Number.POSITIVE_INFINITY, count }));
  for (const [index, bucket] of buckets.entries()) {
    const before = buckets[index - 1];
    if (before !== undefined && bucket.leMs <= before.leMs) {
      throw new HealthShapeError(`${field}[${index}].le: ${bucket.leMs}; expected more than ${before.leMs}`);
    }
    if (before !== undefined && bucket.count < before.count) {
      throw new HealthShapeError(
        `${field}[${index}].count: ${bucket.count}; expected at least ${before.count}, because counts are cumulative`,
      );
    }
  }
  const last = buckets.at(-1);
  if (last !== undefined && last.leMs !== Number.POSITIVE_INFINITY) {
    throw new HealthShapeError(
      `${field}[${buckets.length - 1}].le: ${last.leMs}; expected null for the last bucket`,
    );
  }
  return buckets;
}
