/** Reads a field that different sources call by different names. Pure. */
import { z } from 'zod';

/** Any JSON object, whatever else is in it. */
export const anyObject = z.looseObject({}, { error: 'an object' });

/** Where fields are read from, and where their problems go. */
export interface FieldSource {
  readonly object: Readonly<Record<string, unknown>>;
  readonly context: z.RefinementCtx;
}

/** The names of one field, the preferred one first. */
export type FieldNames = readonly [string, ...string[]];

/** Returns the name of the first of `names` that is there and not null, or null. */
export function presentName(object: Readonly<Record<string, unknown>>, names: FieldNames): string | null {
  return names.find((name) => object[name] !== undefined && object[name] !== null) ?? null;
}

/** Returns the first of `names` that is there; adds an issue at its name when it is missing or does not fit. */
export function field<T>(source: FieldSource, names: FieldNames, schema: z.ZodType<T>): T {
  const name = presentName(source.object, names) ?? names[0];
  return dataOrIssues(schema.safeParse(source.object[name]), source.context, [name]);
}

/** Returns what a schema read; otherwise passes its issues on, below `at`. */
export function dataOrIssues<T>(
  result: z.ZodSafeParseResult<T>,
  context: z.RefinementCtx,
  at: readonly PropertyKey[] = [],
): T {
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    context.addIssue({ code: 'custom', path: [...at, ...issue.path], message: issue.message });
  }
  return z.NEVER;
}

/** Like {@link field}, but null when none of the names is there. */
export function fieldOrNull<T>(source: FieldSource, names: FieldNames, schema: z.ZodType<T>): T | null {
  return presentName(source.object, names) === null ? null : field(source, names, schema);
}
