/** The JSON of Prometheus' `/api/v1/query`, as far as it is read. Pure. */
import { z } from 'zod';

const sampleSchema = z.object({
  metric: z.record(z.string(), z.string()).default({}),
  value: z.tuple([z.number(), z.string()]).optional(),
  // A native histogram has this instead of a value.
  histogram: z.unknown().optional(),
});

const answerSchema = z.object({
  status: z.enum(['success', 'error']),
  data: z.object({ resultType: z.string(), result: z.unknown() }).optional(),
  errorType: z.string().optional(),
  error: z.string().optional(),
  warnings: z.array(z.string()).nullish(),
  infos: z.array(z.string()).nullish(),
  // Of a cluster of VictoriaMetrics that could not ask all of its stores.
  isPartial: z.boolean().nullish(),
});

const vectorSchema = z.array(sampleSchema);
const scalarSchema = z.tuple([z.number(), z.string()]);

/** One series of an instant vector: its labels, and its value as Prometheus writes it (`"0.5"`, `"NaN"`). */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  /** Null for a native histogram, which has no single value. */
  readonly value: string | null;
}

/** What a query answered: samples, or why it answered none that can be read. */
export type QueryAnswer =
  | {
      readonly kind: 'samples';
      readonly samples: readonly Sample[];
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'error'; readonly why: string; readonly warnings: readonly string[] };

/**
 * Returns the samples of an answer: of a vector all, of a scalar one without labels.
 *
 * `error` also for an answer with warnings, or of a part of the stores: samples may be missing from it, as when a
 * remote read failed, and those that are missing may be the failures. What is only `infos` is passed on.
 */
export function parseQueryAnswer(body: unknown): QueryAnswer {
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success)
    return unreadable('the answer is not one of Prometheus’ query API; check prometheus-url', []);
  const { status, data, warnings: heard, infos, isPartial } = parsed.data;
  const warnings = [...(heard ?? []), ...(infos ?? [])];
  if (status === 'error')
    return unreadable(errorTextIn(body) ?? 'the query failed without a reason', warnings);
  if (data === undefined) return unreadable('the answer has no data', warnings);
  if (isPartial === true) return unreadable('the answer is of a part of the stores only', warnings);
  if (heard != null && heard.length > 0) {
    return unreadable(
      `the answer may not be whole, it comes with the warning "${heard.join('", "')}"`,
      warnings,
    );
  }
  if (data.resultType === 'scalar') {
    const scalar = scalarSchema.safeParse(data.result);
    if (!scalar.success) return unreadable('the answer’s scalar cannot be read', warnings);
    return { kind: 'samples', samples: [{ labels: {}, value: scalar.data[1] }], warnings };
  }
  if (data.resultType === 'vector') {
    const vector = vectorSchema.safeParse(data.result);
    if (!vector.success) return unreadable('the answer’s vector cannot be read', warnings);
    const samples = vector.data.map(({ metric, value }) => ({ labels: metric, value: value?.[1] ?? null }));
    return { kind: 'samples', samples, warnings };
  }
  const advice =
    data.resultType === 'matrix'
      ? 'it ends with a range such as [5m]; put it into a function such as increase(…)'
      : 'write a query that gives one number';
  return unreadable(`the query gives a ${data.resultType} where a number is expected; ${advice}`, warnings);
}

/** Returns Prometheus' own words in an error's body, or null. */
export function errorTextIn(body: unknown): string | null {
  const parsed = answerSchema.pick({ error: true, errorType: true }).safeParse(body);
  if (!parsed.success || parsed.data.error === undefined) return null;
  const { error, errorType } = parsed.data;
  return errorType === undefined ? error : `${errorType}: ${error}`;
}

function unreadable(why: string, warnings: readonly string[]): QueryAnswer {
  return { kind: 'error', why, warnings };
}
