/** Without a health route a person gets three ways on, and the one that works today can be pasted as it is. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { healthSourceMissingBlocks } from '../../../src/report/health-missing.ts';
import { PLAN, planFrom } from '../../support/run-records.ts';

function codes(plan = PLAN): readonly [string, string, string] {
  const [prometheus, json, ungated] = healthSourceMissingBlocks(plan);
  return [prometheus?.code ?? '', json?.code ?? '', ungated?.code ?? ''];
}

describe('the blocks for a missing health source', () => {
  it('are three, and only the last says that it works today', () => {
    const texts = healthSourceMissingBlocks(PLAN).map(({ text }) => text);
    expect(texts).toHaveLength(3);
    expect(texts[0]).toContain('Not in this release');
    expect(texts[1]).toContain('Not in this release');
    expect(texts[2]).toContain('Works today');
  });

  it('keep model, version, shares, soaks and bake in the plan without gates, and that plan is valid', () => {
    const pasted = planFrom(codes()[2]);
    const shapeOf = (plan: typeof PLAN) => plan.stages.map(({ percentage, soakMs }) => [percentage, soakMs]);
    expect(pasted).toMatchObject({ model: PLAN.model, version: PLAN.version, ungated: true });
    expect(pasted.unwatchedAccepted).toBe(true);
    expect(shapeOf(pasted)).toEqual(shapeOf(PLAN));
  });

  it('are YAML with the plan inside the workflow for the sources to come', () => {
    const [prometheus, json] = codes().map((code) => (code.startsWith('with:') ? parse(code) : null));
    expect(prometheus.with['prometheus-url']).toBe('https://prometheus.example.com');
    expect(parse(prometheus.with.plan).metrics).toMatchObject({
      source: 'prometheus',
      error_rate: { trials: 'sum(increase(inference_requests_total{version="{{version}}"}[{{window}}]))' },
    });
    expect(parse(json.with.plan).metrics.error_rate).toEqual({
      events: '/requests/failed',
      trials: '/requests/total',
    });
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
