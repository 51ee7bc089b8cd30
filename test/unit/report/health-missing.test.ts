/** Without a health route a person gets three ways on, each a valid plan to paste. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { healthSourceMissingBlocks } from '../../../src/report/health-missing.ts';
import { PLAN, planFrom } from '../../support/run-records.ts';

function codes(plan = PLAN): readonly [string, string, string] {
  const [prometheus, json, ungated] = healthSourceMissingBlocks(plan);
  return [prometheus?.code ?? '', json?.code ?? '', ungated?.code ?? ''];
}

describe('the blocks for a missing health source', () => {
  it('are three: two sources, and none', () => {
    const texts = healthSourceMissingBlocks(PLAN).map(({ text }) => text);
    expect(texts).toHaveLength(3);
    expect(texts[0]).toContain('Prometheus');
    expect(texts[1]).toContain('JSON over HTTPS');
    expect(texts[2]).toContain('No gate');
  });

  it('keep model, version, shares, soaks and bake in the plan without gates, and that plan is valid', () => {
    const pasted = planFrom(codes()[2]);
    const shapeOf = (plan: typeof PLAN) => plan.stages.map(({ percentage, soakMs }) => [percentage, soakMs]);
    expect(pasted).toMatchObject({ model: PLAN.model, version: PLAN.version, ungated: true });
    expect(pasted.unwatchedAccepted).toBe(true);
    expect(shapeOf(pasted)).toEqual(shapeOf(PLAN));
  });

  it('are YAML with a valid plan inside the workflow for a source', () => {
    const [prometheus, json] = codes().map((code) => (code.startsWith('with:') ? parse(code).with : null));
    expect(prometheus['prometheus-url']).toBe('https://prometheus.example.com');
    const shape = { kind: 'counts', trials: '/requests/total' };
    expect(planFrom(json.plan).metrics).toMatchObject({ error_rate: { source: 'http-json', shape } });
    const sources = Object.values(planFrom(prometheus.plan).metrics).map(({ source }) => source);
    expect(sources).toEqual(['prometheus', 'prometheus']);
  });

  it.each([
    ['seconds', '{ model: m, version: 1.10, stages: [{ percentage: 0.25%, soak: 90s }, 100%], bake: 0s }'],
    ['days', '{ model: m, version: 1.10, stages: [{ percentage: 1%, soak: 1d1h1m1s }, 50%], bake: 2d }'],
    ['a word that YAML takes for something else', '{ model: "null", version: "0x1F", stages: [100%] }'],
    ['a quoted name', '{ model: "a: b # c", version: "1.0 \\"x\\"", stages: [100%] }'],
  ])('survive the way through YAML unchanged: %s', (_what, text) => {
    const plan = planFrom(text);
    const pasted = planFrom(codes(plan)[2]);
    expect(pasted).toMatchObject({ model: plan.model, version: plan.version });
    expect(pasted.stages.map(({ soakMs }) => soakMs)).toEqual(plan.stages.map(({ soakMs }) => soakMs));
  });
});
