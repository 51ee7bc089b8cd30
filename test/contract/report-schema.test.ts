/** The committed report.schema.json is what the code gives. UPDATE_DOCUMENTS=1 writes it anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { reportJson } from '../../src/report/decision.ts';
import { SCHEMA_VERSION } from '../../src/report/machine-shape.ts';
import { reportJsonSchema } from '../../src/report/report-schema.ts';
import { hostileRecord } from '../support/hostile-records.ts';
import { COMPLETED, HEALTH_MISSING, HELD, PLANNED, ROLLED_BACK, STATUS } from '../support/run-records.ts';
import { ROOT } from '../support/source-tree.ts';

const FILE = join(ROOT, 'report.schema.json');

describe('report.schema.json', () => {
  it('is what the code gives', () => {
    const text = `${JSON.stringify(reportJsonSchema(), null, 2)}\n`;
    if (process.env['UPDATE_DOCUMENTS'] === '1') writeFileSync(FILE, text);
    expect(readFileSync(FILE, 'utf8'), 'run npm run docs').toBe(text);
  });

  it.each([
    { name: 'completed', record: COMPLETED },
    { name: 'rolled back', record: ROLLED_BACK },
    { name: 'held', record: HELD },
    { name: 'planned', record: PLANNED },
    { name: 'status', record: STATUS },
    { name: 'stopped before the first write', record: HEALTH_MISSING },
    { name: 'full of hostile text', record: hostileRecord('::error::"}]|<script>') },
  ])('describes the report of a run: $name', ({ record }) => {
    const schema = JSON.parse(readFileSync(FILE, 'utf8'));
    const isReport = new Ajv2020({ strict: false }).compile(schema);
    const report = JSON.parse(reportJson(record));
    expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true);
    expect(report.schema_version).toBe(SCHEMA_VERSION);
    expect(isReport({ ...report, schema_version: SCHEMA_VERSION + 1 })).toBe(false);
    expect(isReport({ ...report, more: 1 })).toBe(false);
  });
});
