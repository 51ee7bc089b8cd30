/** Ties a key of the plan to its documentation, so that schema, editor help and reference are one. Pure. */
import { z } from 'zod';

/** What the reference says about one key. Texts are Markdown; `example` and a literal default are YAML. */
export interface KeyDoc {
  /** One sentence. */
  readonly description: string;
  /** The value that holds when the key is left out, where it is a fixed value. */
  readonly default?: string;
  /** What holds when the key is left out, where that depends on other keys. */
  readonly otherwise?: string;
  readonly example: string;
  /** True when a map without this key is refused. */
  readonly required?: boolean;
}

/** The documentation of every key, by the schema of its value. */
export const KEY_DOCS = z.registry<KeyDoc>();

/** Returns an optional key with its documentation. */
export function key<S extends z.ZodType>(schema: S, doc: KeyDoc): z.ZodOptional<S> {
  const optional = schema.optional();
  KEY_DOCS.add(optional, doc);
  return optional;
}

/** Returns the schema of a map with these keys and no other. */
export function mapOf<S extends z.ZodRawShape>(name: string, shape: S): z.ZodObject<S, z.core.$strict> {
  return z.strictObject(shape, { error: () => name });
}
