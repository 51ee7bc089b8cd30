/** The plan's schema for editors. Pure. */
import { parse } from 'yaml';
import { z } from 'zod';
import { KEY_DOCS, type KeyDoc } from './key.ts';
import { planMap } from './schema.ts';

/**
 * Returns the JSON Schema (draft 2020-12) of a plan, as a new object.
 *
 * It describes values as YAML 1.2 reads them, so a version such as 1.10 may be a number here. It checks each
 * value alone; what values mean together only `parsePlan` checks.
 */
export function planJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(planMap, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      const doc = KEY_DOCS.get(zodSchema);
      if (doc !== undefined) Object.assign(jsonSchema, keywordsOf(doc));
      if (zodSchema instanceof z.ZodObject) Object.assign(jsonSchema, requiredOf(zodSchema));
      delete jsonSchema['typeName'];
      delete jsonSchema['range'];
    },
  });
  const { $schema, ...rest } = schema;
  return {
    $schema,
    title: 'Octomil rollout plan',
    description: 'A staged, health-gated rollout of one model version. Reference: docs/plan-reference.md.',
    ...rest,
  };
}

function keywordsOf(doc: KeyDoc): Record<string, unknown> {
  const keywords = { description: doc.description, examples: [parse(doc.example)] };
  return doc.default === undefined ? keywords : { ...keywords, default: parse(doc.default) };
}

function requiredOf({ shape }: z.ZodObject): Record<string, unknown> {
  const required = Object.keys(shape).filter((name) => {
    const schema = shape[name];
    return schema !== undefined && KEY_DOCS.get(schema)?.required === true;
  });
  return required.length === 0 ? {} : { required };
}
