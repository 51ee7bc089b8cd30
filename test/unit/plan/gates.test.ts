import { describe, expect, it } from 'vitest';
import type { Gate } from '../../../src/core/plan.ts';
import { expandText } from '../../support/plan-lines.ts';

const gates = (text: string, stage = 0): readonly Gate[] => expandText(text).stages[stage]?.gates ?? [];
const brief = (text: string, stage = 0) =>
  gates(text, stage).map((gate) => [
    gate.name,
    ...limitOf(gate),
    gate.severity,
    ...(gate.shadow ? ['shadow'] : []),
  ]);

function limitOf(gate: Gate): readonly number[] {
  if (gate.kind === 'rate') return [gate.maxRatio];
  if (gate.kind === 'latency') return [gate.maxMs];
  if (gate.kind === 'relative_latency') return [1 + gate.margin];
  if (gate.kind === 'value') return [gate.limit];
  return gate.kind === 'assignment' ? [] : [gate.minRatio];
}

const ERRORS = ['error_rate', 0.05, 'critical'];
const CRASHES = ['crash_rate', 0.01, 'critical'];
const ASSIGNMENT = ['assignment', 'hold'];
const DEVICES = [['adoption', 0.9, 'hold'], ASSIGNMENT];

describe('the gates of a plan', () => {
  it.each([
    ['stages: [5%, 100%]', [ERRORS, CRASHES, ...DEVICES]],
    ['gates: {}', [ERRORS, CRASHES, ...DEVICES]],
    ['gates: { error_rate: 2% }', [['error_rate', 0.02, 'critical'], CRASHES, ...DEVICES]],
    ['gates: { error_rate: { severity: hold } }', [['error_rate', 0.05, 'hold'], CRASHES, ...DEVICES]],
    ['gates: { crash_rate: none }', [ERRORS, ...DEVICES]],
    ['gates: { adoption: none }', [ERRORS, CRASHES, ASSIGNMENT]],
    ['gates: { adoption: 50% }', [ERRORS, CRASHES, ['adoption', 0.5, 'hold'], ASSIGNMENT]],
    ['gates: { adoption: { severity: warn } }', [ERRORS, CRASHES, ['adoption', 0.9, 'warn'], ASSIGNMENT]],
    ['gates: { memory_rate: 7% }', [ERRORS, CRASHES, ['memory_rate', 0.07, 'critical'], ...DEVICES]],
    ['gates: { latency_p95: 1.5s }', [ERRORS, CRASHES, ['latency_p95', 1_500, 'critical'], ...DEVICES]],
    [
      'gates: { error_rate: { shadow: true } }',
      [['error_rate', 0.05, 'critical', 'shadow'], CRASHES, ...DEVICES],
    ],
    ['gates: { quality: 90% }', [ERRORS, CRASHES, ['quality', 0.9, 'critical'], ...DEVICES]],
    [
      'gates: { quality: { min: 75%, severity: hold, shadow: true } }',
      [ERRORS, CRASHES, ['quality', 0.75, 'hold', 'shadow'], ...DEVICES],
    ],
    ['gates: { quality: none, assignment: none }', [ERRORS, CRASHES, ['adoption', 0.9, 'hold']]],
    ['gates: { assignment: {} }', [ERRORS, CRASHES, ...DEVICES]],
    [
      'gates: { assignment: { severity: warn } }',
      [ERRORS, CRASHES, ['adoption', 0.9, 'hold'], ['assignment', 'warn']],
    ],
    [
      'gates: { latency_p95: { baseline: current } }',
      [ERRORS, CRASHES, ['latency_p95', 1.1, 'critical'], ...DEVICES],
    ],
    [
      'gates: { latency_p95: { max: 1s, baseline: current, margin: 25%, severity: hold } }',
      [ERRORS, CRASHES, ['latency_p95', 1_000, 'hold'], ['latency_p95', 1.25, 'hold'], ...DEVICES],
    ],
    ['gates: none', DEVICES],
  ])('%s', (text, expected) => {
    expect(brief(text)).toEqual(expected);
  });

  it('state a latency percentile as the share of slower requests that it allows', () => {
    const slow = gates('gates: { latency_p50: 100ms, latency_p95: 400ms, latency_p99: 2s }');
    expect(slow.filter((gate) => gate.kind === 'latency')).toEqual([
      {
        kind: 'latency',
        name: 'latency_p50',
        maxMs: 100,
        maxRatio: 0.5,
        severity: 'critical',
        shadow: false,
      },
      {
        kind: 'latency',
        name: 'latency_p95',
        maxMs: 400,
        maxRatio: 0.05,
        severity: 'critical',
        shadow: false,
      },
      {
        kind: 'latency',
        name: 'latency_p99',
        maxMs: 2_000,
        maxRatio: 0.01,
        severity: 'critical',
        shadow: false,
      },
    ]);
  });
});

describe('the gates of a stage', () => {
  const inStage = (stage: string, plan: string) =>
    brief(`stages: [{ percentage: 5%, gates: ${stage} }, 100%]\ngates: ${plan}`);

  it.each([
    ['{ error_rate: 2% }', '{}', [['error_rate', 0.02, 'critical'], CRASHES, ...DEVICES]],
    [
      '{ error_rate: 2% }',
      '{ error_rate: { max: 4%, severity: hold } }',
      [['error_rate', 0.02, 'hold'], CRASHES, ...DEVICES],
    ],
    [
      '{ error_rate: { severity: warn } }',
      '{ error_rate: 4% }',
      [['error_rate', 0.04, 'warn'], CRASHES, ...DEVICES],
    ],
    ['{ crash_rate: none }', '{ crash_rate: 2% }', [ERRORS, ...DEVICES]],
    ['{ crash_rate: 2% }', '{ crash_rate: none }', [ERRORS, ['crash_rate', 0.02, 'critical'], ...DEVICES]],
    ['{ crash_rate: {} }', '{ crash_rate: none }', [ERRORS, CRASHES, ...DEVICES]],
    ['{ latency_p99: 2s }', '{}', [ERRORS, CRASHES, ['latency_p99', 2_000, 'critical'], ...DEVICES]],
    [
      '{ latency_p99: { severity: hold } }',
      '{ latency_p99: 2s }',
      [ERRORS, CRASHES, ['latency_p99', 2_000, 'hold'], ...DEVICES],
    ],
    ['{ adoption: none }', '{ adoption: 50% }', [ERRORS, CRASHES, ASSIGNMENT]],
    [
      '{ adoption: { min: 80% } }',
      '{ adoption: { severity: warn } }',
      [ERRORS, CRASHES, ['adoption', 0.8, 'warn'], ASSIGNMENT],
    ],
    ['none', '{ latency_p99: 2s, adoption: 50% }', [['adoption', 0.5, 'hold'], ASSIGNMENT]],
    ['{ error_rate: 2% }', 'none', [['error_rate', 0.02, 'critical'], ...DEVICES]],
  ])('%s over %s', (stage, plan, expected) => {
    expect(inStage(stage, plan)).toEqual(expected);
  });

  it("leave the next stage with the plan's", () => {
    expect(brief('stages: [{ percentage: 5%, gates: none }, 50%, 100%]', 1)).toEqual([
      ERRORS,
      CRASHES,
      ...DEVICES,
    ]);
  });
});

describe('the gates of a shadow stage', () => {
  it('are those on mirrored traffic only, without adoption', () => {
    const text =
      'stages: [0%, 100%]\ngates: { error_rate: { max: 4%, shadow: true }, latency_p95: { max: 1s, shadow: true } }';
    expect(brief(text)).toEqual([
      ['error_rate', 0.04, 'critical', 'shadow'],
      ['latency_p95', 1_000, 'critical', 'shadow'],
    ]);
    expect(brief(text, 1)).toEqual([
      ['error_rate', 0.04, 'critical', 'shadow'],
      CRASHES,
      ['latency_p95', 1_000, 'critical', 'shadow'],
      ['adoption', 0.9, 'hold'],
    ]);
  });

  it("are the error rate for the preset, with the plan's limit, unless the plan names another", () => {
    expect(brief('preset: shadow')).toEqual([[...ERRORS, 'shadow']]);
    expect(brief('preset: shadow\ngates: { error_rate: 2% }')).toEqual([
      ['error_rate', 0.02, 'critical', 'shadow'],
    ]);
    expect(brief('preset: shadow\ngates: { crash_rate: { shadow: true } }')).toEqual([
      [...CRASHES, 'shadow'],
    ]);
    expect(brief('preset: shadow', 1)).toEqual([ERRORS, CRASHES, ...DEVICES]);
  });
});

describe('the comparison of a rate with the baseline', () => {
  const margins = (text: string, stage = 0) =>
    gates(text, stage).flatMap((gate) => (gate.kind === 'rate' ? [[gate.name, gate.margin]] : []));
  const inStage = (stage: string, plan: string) =>
    margins(`stages: [{ percentage: 5%, gates: ${stage} }, 100%]\ngates: ${plan}`);

  it('is on for errors and crashes, no worse, and off for memory', () => {
    expect(margins('gates: { memory_rate: 2% }')).toEqual([
      ['error_rate', 0],
      ['crash_rate', 0],
      ['memory_rate', null],
    ]);
  });

  it('is what the plan says', () => {
    const text = [
      'gates:',
      '  error_rate: { baseline: none }',
      '  crash_rate: { margin: 1000% }',
      '  memory_rate: { max: 2%, baseline: current, margin: 12.5% }',
    ].join('\n');
    expect(margins(text)).toEqual([
      ['error_rate', null],
      ['crash_rate', 10],
      ['memory_rate', 0.125],
    ]);
  });

  it("is what the stage says, and else the plan's", () => {
    const off = '{ crash_rate: none, error_rate: { baseline: none } }';
    expect(inStage('{ error_rate: 2% }', '{ crash_rate: none, error_rate: { margin: 50% } }')).toEqual([
      ['error_rate', 0.5],
    ]);
    expect(inStage('{ error_rate: { margin: 5% } }', '{ crash_rate: none, error_rate: 4% }')).toEqual([
      ['error_rate', 0.05],
    ]);
    expect(inStage(off, '{ error_rate: { margin: 50% } }')).toEqual([['error_rate', null]]);
    expect(inStage('{ error_rate: { baseline: current } }', off)).toEqual([['error_rate', 0]]);
  });

  it('is dropped at 0%, where nobody is served, with the comparison of latencies', () => {
    const text =
      'stages: [0%, 5%, 100%]\ngates: { error_rate: { margin: 5%, shadow: true }, latency_p95: { max: 1s, baseline: current, shadow: true } }';
    expect(margins(text)).toEqual([['error_rate', null]]);
    expect(gates(text).map((gate) => gate.kind)).toEqual(['rate', 'latency']);
    expect(margins(text, 1)).toEqual([
      ['error_rate', 0.05],
      ['crash_rate', 0],
    ]);
    expect(gates(text, 1).map((gate) => gate.kind)).toContain('relative_latency');
  });

  it('is of the share of requests that the percentile leaves, for a latency', () => {
    const text =
      'gates: { latency_p50: { baseline: current }, latency_p99: { baseline: current, margin: 0%, severity: warn } }';
    expect(gates(text).filter((gate) => gate.kind === 'relative_latency')).toEqual([
      {
        kind: 'relative_latency',
        name: 'latency_p50',
        slowRatio: 0.5,
        margin: 0.1,
        severity: 'critical',
        shadow: false,
      },
      {
        kind: 'relative_latency',
        name: 'latency_p99',
        slowRatio: 0.01,
        margin: 0,
        severity: 'warn',
        shadow: false,
      },
    ]);
  });
});

describe('the share of assigned devices', () => {
  it.each([
    ['stages: [0%, 5%, 99.9%, 100%]\ngates: { error_rate: { shadow: true } }', [false, true, true, false]],
    ['stages: [5%, 50%]', [true, true]],
    ['stages: [5%, 100%]\ngates: none', [true, false]],
    ['stages: [{ percentage: 5%, gates: none }, 50%]\ngates: { assignment: none }', [false, false]],
    [
      'stages: [{ percentage: 5%, gates: { assignment: {} } }, 50%]\ngates: { assignment: none }',
      [true, false],
    ],
  ])('is watched above 0%% and below 100%%: %j', (text, expected) => {
    const { stages } = expandText(text);
    expect(stages.map((stage) => stage.gates.some((gate) => gate.kind === 'assignment'))).toEqual(expected);
  });
});

describe('a plan is ungated', () => {
  it.each([
    ['gates: none', true],
    ['preset: standard', false],
    ['gates: { crash_rate: none }', false],
    ['gates: { error_rate: none, crash_rate: none, latency_p95: { baseline: current } }', false],
    ['stages: [5%, { percentage: 50%, gates: none }, 100%]', false],
    ['stages: [5%, { percentage: 50%, gates: { error_rate: 5% } }, 100%]\ngates: none', false],
    ['stages: [{ percentage: 0%, gates: { error_rate: { shadow: true } } }, 100%]\ngates: none', true],
  ])('when nothing critical watches anybody who is served: %s is %s', (text, ungated) => {
    expect(expandText(text).ungated).toBe(ungated);
  });
});
