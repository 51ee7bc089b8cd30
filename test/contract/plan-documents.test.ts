/** The committed plan.schema.json and docs/plan-reference.md are what the definitions give. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { planJsonSchema } from '../../src/plan/json-schema.ts';
import { planReference } from '../../src/plan/reference.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

const DOCUMENTS = [
  { file: 'plan.schema.json', text: () => `${JSON.stringify(planJsonSchema(), null, 2)}\n` },
  { file: 'docs/plan-reference.md', text: planReference },
];

describe('documents of the plan', () => {
  it.each(DOCUMENTS)('$file is what the definitions of the keys give', ({ file, text }) => {
    const target = path.join(ROOT, file);
    if (process.env['UPDATE_DOCUMENTS'] === '1') writeFileSync(target, text());
    expect(readFileSync(target, 'utf8'), 'run npm run docs').toBe(text());
  });
});
