/** plan.schema.json, which editors use, agrees with the parser about single values. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parsePlan } from '../../src/plan/parse.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PLANS = path.join(ROOT, 'test/fixtures/plans');

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const plansIn = (kind: 'valid' | 'invalid') =>
  readdirSync(path.join(PLANS, kind)).map((name) => ({
    name,
    text: read(`test/fixtures/plans/${kind}/${name}`),
  }));

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
const accepts = ajv.compile(JSON.parse(read('plan.schema.json')));

describe('plan.schema.json', () => {
  it.each(plansIn('valid'))('accepts $name, as the parser does', ({ name, text }) => {
    expect(parsePlan({ name, text }, {})).toMatchObject({ ok: true, warnings: expect.any(Array) });
    expect(accepts(parse(text)), JSON.stringify(accepts.errors)).toBe(true);
  });

  it.each(plansIn('invalid'))('refuses $name, as the parser does', ({ name, text }) => {
    expect(parsePlan({ name, text }, {}).ok).toBe(false);
    expect(accepts(parse(text))).toBe(false);
  });

  it.each([
    ['a bare rate', { gates: { error_rate: 0.05 } }],
    ['a bare stage', { stages: [5] }],
    ['a duration without a unit', { soak: 60 }],
    ['a duration of nothing', { soak: '' }],
    ['a stage without its percentage', { stages: [{ soak: '1h' }] }],
    ['a stage beyond three digits', { stages: ['1000%'] }],
    ['a critical adoption gate', { gates: { adoption: { severity: 'critical' } } }],
    ['a limit that can never be shown to hold', { gates: { error_rate: '0%' } }],
    ['a limit that nothing can break', { gates: { crash_rate: { max: '100%' } } }],
    ['a quality that every version has', { gates: { quality: '0.0%' } }],
    ['a margin below zero', { gates: { error_rate: { margin: '-5%' } } }],
    ['a baseline other than the current one', { gates: { error_rate: { baseline: '1.4.2' } } }],
    ['a critical assignment gate', { gates: { assignment: { severity: 'critical' } } }],
    ['requests that count for more than one', { design_effect: 0.5 }],
    ['another way to pass', { pass_when: 'failed' }],
    ['an unknown key', { soka: '1h' }],
    ['a fraction of a device', { min_devices: 0.5 }],
    ['a time without its zone', { not_before: '2026-11-23T08:00:00' }],
    ['another schema', { schema: 2 }],
  ])('refuses %s', (_, plan) => {
    expect(accepts(plan)).toBe(false);
  });

  it('describes every key with an example that it accepts itself', () => {
    const { properties } = JSON.parse(read('plan.schema.json'));
    for (const [name, { description, examples }] of Object.entries<Record<string, string[]>>(properties)) {
      expect(description, name).toMatch(/\.$/);
      expect(accepts({ [name]: examples?.[0] }), name).toBe(true);
    }
  });
});
