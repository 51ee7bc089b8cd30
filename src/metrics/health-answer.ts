/** The shape of a health answer, and what makes it unusable. Pure. */
import { z } from 'zod';
import type { Window } from '../core/evidence.ts';
import type { DurationMs, EpochMs, Ratio } from '../core/units.ts';

/** Counts of one version within the covered window. Null was not told. */
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
    readonly total: number;
    readonly failed: number;
    readonly devicesWithFailures: number | null;
  } | null;
  /** Share of failed requests where their number is not told. */
  readonly failureRatio: Ratio | null;
  /** All requests, also where the failed ones are not told. */
  readonly requestsTotal: number | null;
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
}

/** A health answer cannot be used; the message names the field, what was got and what is expected. */
export class HealthShapeError extends Error {
  override readonly name = 'HealthShapeError';
}

const amount = z.number({ error: 'expected a finite number of at least 0' }).min(0, {
  error: 'expected a finite number of at least 0',
});
const share = amount.max(1, { error: 'expected a share from 0 to 1' });
const id = z.union([z.string().min(1), z.number().int().transform(String)], { error: 'expected an id' });
const instant = z.iso
  .datetime({ offset: true, error: 'expected a time in ISO 8601 with its offset' })
  .transform((text): EpochMs => Date.parse(text));

const armSchema = z.looseObject(
  {
    version: id,
    role: z.string().nullish(),
    devices: z
      .looseObject({
        assigned: amount.nullish(),
        active: amount.nullish(),
        reachable: amount.nullish(),
        crashed: amount.nullish(),
        out_of_memory: amount.nullish(),
      })
      .nullish(),
    requests: z
      .looseObject({
        total: amount.nullish(),
        failed: amount.nullish(),
        failure_rate: share.nullish(),
        devices_with_failures: amount.nullish(),
      })
      .nullish(),
    latency_ms: z
      .looseObject({
        buckets: z
          .array(
            z.looseObject({
              le: z.union([amount, z.null()], {
                error: 'expected a number of milliseconds, or null for the last',
              }),
              count: amount,
            }),
          )
          .nullish(),
        p50: amount.nullish(),
        p95: amount.nullish(),
        p99: amount.nullish(),
      })
      .nullish(),
    quality: z
      .looseObject({ sum: amount.nullish(), count: amount.nullish(), mean: share.nullish() })
      .nullish(),
  },
  { error: 'expected an object for each version' },
);

const answerSchema = z.looseObject(
  {
    rollout_id: id.nullish(),
    window: z.looseObject(
      {
        from: instant.nullish(),
        to: instant.nullish(),
        covered_from: instant.nullish(),
        covered_to: instant.nullish(),
      },
      { error: 'expected the window that was covered' },
    ),
    versions: z.array(armSchema, { error: 'expected a list of versions' }),
  },
  { error: 'expected a JSON object' },
);

/**
 * Returns a health answer: `{rollout_id?, window: {covered_from, covered_to}, versions: [{version, role,
 * devices, requests, latency_ms, quality}]}`. Where the covered window is not told, the answer's own window is taken.
 *
 * Errors: HealthShapeError for a number that is not finite or is negative, for more failures than requests
 * or more crashes than active devices, for buckets that do not add up, and for a window that is not told.
 */
export function parseHealthAnswer(body: unknown): HealthAnswer {
  const result = answerSchema.safeParse(body);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new HealthShapeError(
      `${fieldName(issue?.path ?? [])}: ${issue?.message ?? 'expected another shape'}`,
    );
  }
  const { rollout_id: rolloutId, window, versions } = result.data;
  const from = window.covered_from ?? window.from ?? null;
  const to = window.covered_to ?? window.to ?? null;
  if (from === null) throw new HealthShapeError('window.covered_from: missing; expected a time');
  if (to === null) throw new HealthShapeError('window.covered_to: missing; expected a time');
  return { rolloutId: rolloutId ?? null, covered: { from, to }, arms: versions.map(armOf) };
}

function armOf(arm: z.output<typeof armSchema>, index: number): HealthArm {
  const { devices, requests, latency_ms: latency, quality } = arm;
  const at = `versions[${index}]`;
  const active = devices?.active ?? null;
  const withFailures = requests?.devices_with_failures ?? null;
  refuseMore(`${at}.requests.failed`, requests?.failed, requests?.total);
  refuseMore(`${at}.requests.devices_with_failures`, withFailures, active);
  refuseMore(`${at}.devices.crashed`, devices?.crashed, active);
  refuseMore(`${at}.devices.out_of_memory`, devices?.out_of_memory, active);
  refuseMore(`${at}.quality.sum`, quality?.sum, quality?.count);
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
    requests:
      requests?.total == null || requests.failed == null
        ? null
        : { total: requests.total, failed: requests.failed, devicesWithFailures: withFailures },
    failureRatio: requests?.failure_rate ?? null,
    requestsTotal: requests?.total ?? null,
    latency:
      latency == null
        ? null
        : {
            buckets: latency.buckets == null ? null : bucketsOf(latency.buckets, `${at}.latency_ms.buckets`),
            p50Ms: latency.p50 ?? null,
            p95Ms: latency.p95 ?? null,
            p99Ms: latency.p99 ?? null,
          },
    quality: qualityOf(quality),
  };
}

function qualityOf(quality: z.output<typeof armSchema>['quality']): ArmQuality | null {
  if (quality?.sum != null && quality.count != null) {
    return { kind: 'counted', sum: quality.sum, count: quality.count };
  }
  return quality?.mean == null ? null : { kind: 'mean', mean: quality.mean };
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

function fieldName(path: readonly PropertyKey[]): string {
  const name = path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : `${text}${text === '' ? '' : '.'}${String(key)}`,
    '',
  );
  return name === '' ? 'the answer' : name;
}
