import { describe, expect, it } from 'vitest';
import type { Gate } from '../../../src/core/plan.ts';
import { parsePlan } from '../../../src/plan/parse.ts';
import { formatProblem } from '../../../src/plan/problem.ts';
import { expandText } from '../../support/plan-lines.ts';

const gate = (text: string, name: string): Gate | undefined =>
  expandText(text).stages[0].gates.find((each) => each.name === name);

const COUNTS = '{ source: prometheus, events: "a{v={{version}}}", trials: "b{v={{version}}}" }';
const valueIn = (unit: string) => `{ source: datadog, value: "avg:x{version:{{version}}}", unit: ${unit} }`;

describe('a series of a plan', () => {
  it.each([
    {
      fact: 'of counts',
      text: 'error_rate: { source: prometheus, events: a, trials: b, devices: c, devices_with_events: d }',
      gives: {
        source: 'prometheus',
        shape: { kind: 'counts', events: 'a', trials: 'b', devices: 'c', devicesWithEvents: 'd' },
      },
    },
    {
      fact: 'with blanks in its placeholders',
      text: "error_rate: { source: prometheus, events: 'a{v={{ version }}}', trials: b }",
      gives: {
        source: 'prometheus',
        shape: {
          kind: 'counts',
          events: 'a{v={{ version }}}',
          trials: 'b',
          devices: null,
          devicesWithEvents: null,
        },
      },
    },
    {
      fact: 'of a mean over HTTP',
      text: "quality: { source: http-json, path: '/q?v={{version}}', mean: /data/mean, n: /data/n }",
      gives: {
        source: 'http-json',
        method: 'GET',
        path: '/q?v={{version}}',
        body: null,
        shape: { kind: 'mean', mean: '/data/mean', n: '/data/n', devices: null },
      },
    },
    {
      fact: 'that is posted',
      text: `quality: { source: http-json, path: /q, body: '{"v": "{{version}}", "to": {{to}}}', value: /mean, unit: percent }`,
      gives: {
        source: 'http-json',
        method: 'POST',
        path: '/q',
        body: '{"v": "{{version}}", "to": {{to}}}',
        shape: { kind: 'value', value: '/mean', unit: 'percent', devices: null },
      },
    },
    {
      fact: 'of a histogram',
      text: "latency_p95: { source: prometheus, buckets: 'sum by (le) (x)', unit: s }",
      gives: {
        source: 'prometheus',
        shape: { kind: 'buckets', buckets: 'sum by (le) (x)', unit: 's', devices: null },
      },
    },
    {
      fact: 'of a file',
      text: 'memory_rate: { source: file, path: metrics/memory.csv, events: killed, trials: active }',
      gives: {
        source: 'file',
        path: 'metrics/memory.csv',
        shape: { kind: 'counts', events: 'killed', trials: 'active', devices: null, devicesWithEvents: null },
      },
    },
  ])('$fact is part of the plan', ({ text, gives }) => {
    const on = 'gates: { quality: 90%, latency_p95: 400ms, memory_rate: 2% }';
    const plan = expandText(`${on}\nmetrics: { ${text} }`);
    expect(Object.values(plan.metrics)).toEqual([gives]);
    expect(plan.digest).not.toBe(expandText(on).digest);
  });

  it('from octomil is what holds without a word', () => {
    const plan = expandText('metrics: { error_rate: { source: octomil } }');
    expect(plan).toEqual(expandText('preset: standard'));
  });

  it('that tells no version apart is warned of', () => {
    const text =
      'model: m\nversion: 1.0.0\nmetrics: { error_rate: { source: prometheus, events: a, trials: b } }';
    const parsed = parsePlan({ name: 'rollout.yml', text }, {});
    expect(parsed.ok && parsed.warnings.map(formatProblem)).toEqual([
      'rollout.yml:3:12 metrics.error_rate: got a series of error_rate that does not name {{version}}, expected {{version}} in it. Without it both versions are measured together, and no fault is anybody’s.',
    ]);
  });

  it('that segments cannot split is warned of, and one that groups by {{by}} is not', () => {
    const x = '{v="{{version}}"}[{{window}}]';
    const text = [
      'model: m',
      'version: 1.0.0',
      'segments: { by: [os] }',
      'gates: { error_rate: 2%, quality: 90%, battery: 3% }',
      'metrics:',
      `  error_rate: { source: prometheus, events: 'sum by ({{by}}) (e${x})', trials: 'sum(t${x})' }`,
      `  quality: { source: prometheus, mean: 'sum by ({{by}}) (q${x})', n: 'sum by ({{by}}) (n${x})', devices: d }`,
      `  battery: { source: prometheus, value: 'b${x}', unit: ratio }`,
    ].join('\n');
    const parsed = parsePlan({ name: 'rollout.yml', text }, {});
    expect(parsed.ok && parsed.warnings.map(formatProblem)).toEqual([
      expect.stringMatching(
        /^rollout.yml:6:\d+ metrics.error_rate.trials: got a query of error_rate beside segments that does not group by \{\{by\}\}, expected sum by \(\{\{by\}\}\) \(…\) in it\. Without it/,
      ),
    ]);
  });
});

describe('a gate of the author’s own', () => {
  it.each([
    {
      fact: 'on counts is a rate',
      text: `gates: { battery_drain: 3% }\nmetrics: { battery_drain: ${COUNTS} }`,
      gives: { kind: 'rate', maxRatio: 0.03, margin: null, unit: 'trials', severity: 'critical' },
    },
    {
      fact: 'on counts is compared where that is said',
      text: `gates: { battery_drain: { max: 3%, baseline: current, margin: 20%, severity: hold } }\nmetrics: { battery_drain: ${COUNTS} }`,
      gives: { kind: 'rate', maxRatio: 0.03, margin: 0.2, severity: 'hold' },
    },
    {
      fact: 'on a mean is like quality',
      text: 'gates: { battery_drain: { min: 90% } }\nmetrics: { battery_drain: { source: file, path: a.csv, mean: m, n: n } }',
      gives: { kind: 'quality', minRatio: 0.9 },
    },
    {
      fact: 'on a time is a bare value in milliseconds',
      text: `gates: { battery_drain: 2s }\nmetrics: { battery_drain: ${valueIn('s')} }`,
      gives: { kind: 'value', direction: 'at_most', limit: 2_000, unit: 'ms' },
    },
    {
      fact: 'on a number may be a least one, and negative',
      text: `gates: { battery_drain: { min: -80.5, severity: warn } }\nmetrics: { battery_drain: ${valueIn('number')} }`,
      gives: { kind: 'value', direction: 'at_least', limit: -80.5, unit: 'number', severity: 'warn' },
    },
    {
      fact: 'takes the rest from the plan in a stage',
      text: `gates: { battery_drain: { max: 3%, severity: hold } }\nstages: [{ percentage: 5%, gates: { battery_drain: 9% } }, 100%]\nmetrics: { battery_drain: ${COUNTS} }`,
      gives: { kind: 'rate', maxRatio: 0.09, severity: 'hold' },
    },
  ])('$fact', ({ text, gives }) => {
    expect(gate(text, 'battery_drain')).toMatchObject(gives);
  });

  it('can be switched off in a stage', () => {
    const stages = 'stages: [{ percentage: 5%, gates: { drain: none } }, 100%]';
    const text = `gates: { drain: 3% }\n${stages}\nmetrics: { drain: ${COUNTS} }`;
    expect(gate(text, 'drain')).toBeUndefined();
    expect(expandText(text).stages[1]?.gates.map(({ name }) => name)).toContain('drain');
  });

  it('can have the name of what every object has', () => {
    const text = `gates: { constructor: 3% }\nmetrics: { constructor: ${COUNTS} }`;
    expect(gate(text, 'constructor')).toMatchObject({ kind: 'rate', maxRatio: 0.03 });
  });
});

describe('a gate of the catalogue with a series', () => {
  it('is compared with the previous version by default where it is counted', () => {
    expect(gate(`metrics: { error_rate: ${COUNTS} }`, 'error_rate')).toMatchObject({ margin: 0 });
  });

  it('is not compared where it is a bare value', () => {
    expect(gate(`metrics: { error_rate: ${valueIn('percent')} }`, 'error_rate')).toMatchObject({
      margin: null,
    });
  });

  it('counts devices unless its series counts them beside its trials', () => {
    expect(gate(`metrics: { crash_rate: ${COUNTS} }`, 'crash_rate')).not.toHaveProperty('unit');
    const runs = '{ source: prometheus, events: "a{{version}}", trials: b, devices: c }';
    expect(gate(`metrics: { crash_rate: ${runs} }`, 'crash_rate')).toMatchObject({ unit: 'trials' });
  });
});
