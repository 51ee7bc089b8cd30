/** The JSON of Datadog's `/api/v1/query`, as far as it is read. Pure. */
import { z } from 'zod';
import { type DurationMs, type EpochMs, SECOND_MS } from '../../core/units.ts';

const seriesSchema = z.object({
  pointlist: z.array(z.tuple([z.number(), z.number().nullable()])),
  interval: z.number().positive(),
  scope: z.string().nullish(),
  metric: z.string().nullish(),
});

const answerSchema = z.object({
  status: z.string(),
  error: z.string().nullish(),
  message: z.string().nullish(),
  series: z.array(seriesSchema).nullish(),
});

const errorsSchema = z.object({ errors: z.array(z.string()) });

/** One series: a value for each step of time, null where nothing was measured. */
export interface Steps {
  readonly stepMs: DurationMs;
  /** Ascending; `at` is the begin of a step. */
  readonly points: readonly { readonly at: EpochMs; readonly value: number | null }[];
}

/** What a query answered. */
export type PointsAnswer =
  | { readonly kind: 'steps'; readonly steps: Steps; readonly warnings: readonly string[] }
  | { readonly kind: 'none'; readonly why: string; readonly found: 0 }
  | { readonly kind: 'error'; readonly why: string; readonly found: number | null };

/** Returns the one series of an answer; none is `none`, several are `error`. */
export function parsePoints(body: unknown): PointsAnswer {
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) {
    return { kind: 'error', why: 'the answer is not one of Datadog’s metrics query API', found: null };
  }
  const { status, error, message, series } = parsed.data;
  if (status !== 'ok' || (error != null && error !== '')) {
    return { kind: 'error', why: error || `the query has the status "${status}"`, found: null };
  }
  const [only] = series ?? [];
  if (series == null || only === undefined)
    return { kind: 'none', why: 'the query found no series', found: 0 };
  if (series.length > 1) {
    const shown = series.slice(0, 3).map(({ metric, scope }) => `${metric ?? 'a formula'}{${scope ?? '*'}}`);
    return {
      kind: 'error',
      why:
        `the query found ${series.length} series where one is expected: ${shown.join(', ')}` +
        `${series.length > 3 ? ', …' : ''}; leave out "by {…}" and ask for one metric or formula`,
      found: series.length,
    };
  }
  const points = only.pointlist
    .map(([at, value]) => ({ at, value }))
    .toSorted((one, other) => one.at - other.at);
  const stepMs = stepOf(points, only.interval);
  if (stepMs === null) {
    return { kind: 'error', why: 'the points of the answer are not in even steps', found: 1 };
  }
  const warnings = message == null || message === '' ? [] : [message];
  return { kind: 'steps', steps: { stepMs, points }, warnings };
}

/** Returns Datadog's own words in an error's body, or null. */
export function errorsIn(body: unknown): string | null {
  const parsed = errorsSchema.safeParse(body);
  return parsed.success ? parsed.data.errors.join('; ') : null;
}

// The reference says milliseconds, and the API answers in seconds; the distances of the points tell which it is.
function stepOf(points: Steps['points'], interval: number): DurationMs | null {
  const readings = interval % SECOND_MS === 0 ? [interval, interval * SECOND_MS] : [interval * SECOND_MS];
  const gaps = points.slice(1).map(({ at }, index) => at - (points[index]?.at ?? 0));
  if (gaps.length === 0) return readings[0] ?? null;
  const fits = (step: number): boolean => gaps.every((gap) => gap > 0 && gap % step === 0);
  return readings.toReversed().find(fits) ?? null;
}
