/** Table rows for the schemas of the wire: what is read, or what is refused and by which name. */
import { expect } from 'vitest';
import type { z } from 'zod';
import { parseAnswer } from '../../src/octomil/wire-parse.ts';

/** One answer and what becomes of it. */
export type Row = { readonly title: string; readonly json: unknown } & (
  | { readonly gives: unknown }
  | { readonly throws: string }
);

/** Checks one row against a schema. */
export function checkRow<T>(schema: z.ZodType<T>, row: Row): void {
  const parse = (): T =>
    parseAnswer(schema, { where: 'GET /x', status: 200, json: row.json, requestId: null });
  if ('throws' in row) expect(parse).toThrow(`GET /x: ${row.throws}`);
  else expect(parse()).toMatchObject(row.gives as object);
}
