import { describe, expect, it } from 'vitest';
import type { Gate } from '../../../src/core/plan.ts';
import { expandText } from '../../support/plan-lines.ts';

const gates = (text: string, stage = 0): readonly Gate[] => expandText(text).stages[stage]?.gates ?? [];
const brief = (text: string, stage = 0) =>
  gates(text, stage).map((gate) => [
    gate.name,
    gate.kind === 'adoption' ? gate.minRatio : gate.kind === 'latency' ? gate.maxMs : gate.maxRatio,
    gate.severity,
    ...(gate.shadow ? ['shadow'] : []),
  ]);

const ERRORS = ['error_rate', 0.05, 'critical'];
const CRASHES = ['crash_rate', 0.01, 'critical'];
const ADOPTION = ['adoption', 0.9, 'hold'];

describe('the gates of a plan', () => {
  it.each([
    ['stages: [5%, 100%]', [ERRORS, CRASHES, ADOPTION]],
    ['gates: {}', [ERRORS, CRASHES, ADOPTION]],
    ['gates: { error_rate: 2% }', [['error_rate', 0.02, 'critical'], CRASHES, ADOPTION]],
    ['gates: { error_rate: { severity: hold } }', [['error_rate', 0.05, 'hold'], CRASHES, ADOPTION]],
    ['gates: { crash_rate: none }', [ERRORS, ADOPTION]],
    ['gates: { adoption: none }', [ERRORS, CRASHES]],
    ['gates: { adoption: 50% }', [ERRORS, CRASHES, ['adoption', 0.5, 'hold']]],
    ['gates: { adoption: { severity: warn } }', [ERRORS, CRASHES, ['adoption', 0.9, 'warn']]],
    ['gates: { memory_rate: 7% }', [ERRORS, CRASHES, ['memory_rate', 0.07, 'critical'], ADOPTION]],
    ['gates: { latency_p95: 1.5s }', [ERRORS, CRASHES, ['latency_p95', 1_500, 'critical'], ADOPTION]],
    [
      'gates: { error_rate: { shadow: true } }',
      [['error_rate', 0.05, 'critical', 'shadow'], CRASHES, ADOPTION],
    ],
    ['gates: none', [ADOPTION]],
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
    ['{ error_rate: 2% }', '{}', [['error_rate', 0.02, 'critical'], CRASHES, ADOPTION]],
    [
      '{ error_rate: 2% }',
      '{ error_rate: { max: 4%, severity: hold } }',
      [['error_rate', 0.02, 'hold'], CRASHES, ADOPTION],
    ],
    [
      '{ error_rate: { severity: warn } }',
      '{ error_rate: 4% }',
      [['error_rate', 0.04, 'warn'], CRASHES, ADOPTION],
    ],
    ['{ crash_rate: none }', '{ crash_rate: 2% }', [ERRORS, ADOPTION]],
    ['{ crash_rate: 2% }', '{ crash_rate: none }', [ERRORS, ['crash_rate', 0.02, 'critical'], ADOPTION]],
    ['{ crash_rate: {} }', '{ crash_rate: none }', [ERRORS, CRASHES, ADOPTION]],
    ['{ latency_p99: 2s }', '{}', [ERRORS, CRASHES, ['latency_p99', 2_000, 'critical'], ADOPTION]],
    [
      '{ latency_p99: { severity: hold } }',
      '{ latency_p99: 2s }',
      [ERRORS, CRASHES, ['latency_p99', 2_000, 'hold'], ADOPTION],
    ],
    ['{ adoption: none }', '{ adoption: 50% }', [ERRORS, CRASHES]],
    [
      '{ adoption: { min: 80% } }',
      '{ adoption: { severity: warn } }',
      [ERRORS, CRASHES, ['adoption', 0.8, 'warn']],
    ],
    ['none', '{ latency_p99: 2s, adoption: 50% }', [['adoption', 0.5, 'hold']]],
    ['{ error_rate: 2% }', 'none', [['error_rate', 0.02, 'critical'], ADOPTION]],
  ])('%s over %s', (stage, plan, expected) => {
    expect(inStage(stage, plan)).toEqual(expected);
  });

  it("leave the next stage with the plan's", () => {
    expect(brief('stages: [{ percentage: 5%, gates: none }, 100%]', 1)).toEqual([ERRORS, CRASHES, ADOPTION]);
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
    expect(brief(text, 1)).toHaveLength(4);
  });

  it("are the error rate for the preset, with the plan's limit, unless the plan names another", () => {
    expect(brief('preset: shadow')).toEqual([[...ERRORS, 'shadow']]);
    expect(brief('preset: shadow\ngates: { error_rate: 2% }')).toEqual([
      ['error_rate', 0.02, 'critical', 'shadow'],
    ]);
    expect(brief('preset: shadow\ngates: { crash_rate: { shadow: true } }')).toEqual([
      [...CRASHES, 'shadow'],
    ]);
    expect(brief('preset: shadow', 1)).toEqual([ERRORS, CRASHES, ADOPTION]);
  });
});

describe('a plan is ungated', () => {
  it.each([
    ['gates: none', true],
    ['preset: standard', false],
    ['gates: { crash_rate: none }', false],
    ['stages: [5%, { percentage: 50%, gates: none }, 100%]', false],
    ['stages: [5%, { percentage: 50%, gates: { error_rate: 5% } }, 100%]\ngates: none', false],
    ['stages: [{ percentage: 0%, gates: { error_rate: { shadow: true } } }, 100%]\ngates: none', true],
  ])('when nothing critical watches anybody who is served: %s is %s', (text, ungated) => {
    expect(expandText(text).ungated).toBe(ungated);
  });
});
