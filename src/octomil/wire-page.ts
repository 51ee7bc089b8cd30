/** Lists of the wire: bare, or in an envelope with paging numbers. Pure. */
import { z } from 'zod';
import { anyObject, dataOrIssues, type FieldNames, field, fieldOrNull } from './wire-field.ts';
import { count } from './wire-scalars.ts';

/** One page of a list. Null numbers were not told. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Items of the whole list. */
  readonly total: number | null;
  /** Most items of one page, as the server applied it. */
  readonly limit: number | null;
}

/**
 * Returns the schema of a list of `item`: a bare array, or an object that holds it under one of `names`,
 * `items` or `data`, beside `total` and `limit`.
 *
 * A page with fewer items than `total` says is a page; an empty envelope without any of the names is refused.
 */
export function pageSchema<T>(names: FieldNames, item: z.ZodType<T>): z.ZodType<Page<T>> {
  const list = z.array(item, { error: 'a list' });
  const known: FieldNames = [...names, 'items', 'data'];
  const enveloped = anyObject.transform((object, context): Page<T> => {
    const source = { object, context };
    return {
      items: field(source, known, list),
      total: fieldOrNull(source, ['total'], count),
      limit: fieldOrNull(source, ['limit'], count),
    };
  });
  return z.unknown().transform((value, context): Page<T> => {
    const result = Array.isArray(value)
      ? list.transform((items) => ({ items, total: null, limit: null })).safeParse(value)
      : enveloped.safeParse(value);
    return dataOrIssues(result, context);
  });
}
