import { describe, expect, it } from 'vitest';
import { problemsBelow } from '../../support/plan-lines.ts';

const RATE = 'a rate with a % such as 5% or 0.5%';
const NO_CRITICAL =
  'got no critical gate, expected at least one with severity critical. Write gates: none when only time, status and adoption shall decide.';
const NO_SHADOW_GATE =
  'got a shadow stage without a gate, expected a gate with shadow: true. As in gates: { error_rate: { shadow: true } }.';

describe('a gate', () => {
  it.each([
    ['gates: nonee', '3:8 gates: got "nonee", expected a map of gates, or the word none. Did you mean none?'],
    ['gates: [error_rate]', '3:8 gates: got a list, expected a map of gates, or the word none.'],
    ['gates:', '3:1 gates: got nothing, expected a map of gates, or the word none.'],
    [
      'gates: { error_rate: 0.05 }',
      `3:22 gates.error_rate: got "0.05", expected ${RATE}. Did you mean 5% or 0.05%?`,
    ],
    [
      'gates: { error_rate: 5 }',
      `3:22 gates.error_rate: got "5", expected ${RATE}. Did you mean 5% or 0.05%?`,
    ],
    [
      'gates: { error_rate: { max: 5 } }',
      `3:29 gates.error_rate.max: got "5", expected ${RATE}. Did you mean 5% or 0.05%?`,
    ],
    [
      'gates: { error_rate: }',
      '3:10 gates.error_rate: got nothing, expected a rate such as 5%, the word none, or a map with max, baseline, margin, severity and shadow.',
    ],
    [
      'gates: { error_rate: { severity: fatal } }',
      '3:34 gates.error_rate.severity: got "fatal", expected one of critical, hold, warn.',
    ],
    [
      'gates: { error_rate: { shadow: yes } }',
      '3:32 gates.error_rate.shadow: got "yes", expected true or false.',
    ],
    [
      'gates: { latency_p95: 400 }',
      '3:23 gates.latency_p95: got "400", expected a latency with a unit such as 400ms or 2s. Did you mean 400ms or 400s?',
    ],
    [
      'gates: { latency_p95: 0.5ms }',
      '3:23 gates.latency_p95: got "0.5ms", expected a latency from 1ms to 600s.',
    ],
    [
      'gates: { latency_p95: { severity: hold } }',
      '3:23 gates.latency_p95: got a map without a limit, expected a limit such as max: 400ms, or baseline: current.',
    ],
    [
      'gates: { memory_rate: {} }',
      '3:23 gates.memory_rate: got a map without a limit, expected a limit such as max: 2%.',
    ],
    [
      'stages: [{ percentage: 5%, gates: { memory_rate: { severity: warn } } }, 100%]',
      '3:50 stages[0].gates.memory_rate: got a map without a limit, expected a limit such as max: 2%.',
    ],
    [
      'gates: { adoption: { severity: critical } }',
      '3:32 gates.adoption.severity: got "critical", expected one of hold, warn.',
    ],
    [
      'gates: { quality: { severity: hold } }',
      '3:19 gates.quality: got a map without a limit, expected a limit such as min: 90%.',
    ],
    [
      'gates: { quality: 0.9 }',
      '3:19 gates.quality: got "0.9", expected a rate with a % such as 90%. Did you mean 90% or 0.9%?',
    ],
    [
      'gates: { assignment: 5% }',
      '3:22 gates.assignment: got "5%", expected the word none, or a map with severity.',
    ],
    [
      'gates: { assignment: { severity: critical } }',
      '3:34 gates.assignment.severity: got "critical", expected one of hold, warn.',
    ],
    [
      'gates: { error_rate: { baseline: curent } }',
      '3:34 gates.error_rate.baseline: got "curent", expected one of current, none. Did you mean current?',
    ],
    [
      'stages: [{ percentage: 5%, gates: { latency_p95: { baseline: none } } }, 100%]\ngates: { latency_p95: { baseline: current } }',
      '3:50 stages[0].gates.latency_p95: got a map without a limit, expected a limit such as max: 400ms, or baseline: current.',
    ],
  ])('is refused with its place: %s', (text, line) => {
    expect(problemsBelow(text)).toEqual([`rollout.yml:${line}`]);
  });
});

describe('a limit that is impossible', () => {
  const RANGE = 'expected a rate from 0.0001% to below 100%';
  const TAKES = (unit: string) => `5% takes 85 ${unit} without an event, 0.1% takes 4 342.`;
  const UNBREAKABLE = 'Nothing can break it; write none to switch the gate off.';

  it.each([
    [
      'gates: { error_rate: 0% }',
      `3:22 gates.error_rate: got "0%", ${RANGE}. 0% can never be shown to hold; ${TAKES('requests')}`,
    ],
    [
      'gates: { crash_rate: { max: 0.0% } }',
      `3:29 gates.crash_rate.max: got "0.0%", ${RANGE}. 0.0% can never be shown to hold; ${TAKES('devices')}`,
    ],
    [
      'gates: { memory_rate: 0.00009% }',
      `3:23 gates.memory_rate: got "0.00009%", ${RANGE}. 0.00009% can never be shown to hold; ${TAKES('devices')}`,
    ],
    ['gates: { crash_rate: 100% }', `3:22 gates.crash_rate: got "100%", ${RANGE}. ${UNBREAKABLE}`],
    [
      'gates: { error_rate: { max: 100.1% } }',
      `3:29 gates.error_rate.max: got "100.1%", ${RANGE}. ${UNBREAKABLE}`,
    ],
    [
      'gates: { latency_p95: 0ms }',
      '3:23 gates.latency_p95: got "0ms", expected a latency from 1ms to 600s. 0ms can never be shown to hold, as every request is slower; a limit of the p95 takes 85 requests within it.',
    ],
    [
      'gates: { quality: 0% }',
      '3:19 gates.quality: got "0%", expected a rate above 0% and below 100%. Every quality is at least 0%; write none to switch the gate off.',
    ],
    [
      'gates: { quality: { min: 100% } }',
      '3:26 gates.quality.min: got "100%", expected a rate above 0% and below 100%. A mean of 100% can never be shown to be reached, however many answers there are.',
    ],
  ])('is refused with what a possible one takes: %s', (text, line) => {
    expect(problemsBelow(text)).toEqual([`rollout.yml:${line}`]);
  });

  it.each([
    'gates: { error_rate: 0.0001%, crash_rate: 99.9999% }',
    'gates: { quality: 0.0001% }',
    'gates: { quality: 99.9999% }',
    'gates: { adoption: 100% }',
  ])('is not one that can barely be settled: %s', (text) => {
    expect(problemsBelow(text)).toEqual([]);
  });
});

describe('a margin', () => {
  const MEANING =
    'A margin is how much worse than the baseline is tolerated, as a share of what the baseline does; 0% is no worse.';
  const ALONE =
    'expected a margin only beside baseline: current. Add baseline: current to the gate, or leave the margin out.';

  it.each([
    [
      'gates: { error_rate: { margin: -5% } }',
      `3:32 gates.error_rate.margin: got "-5%", expected 0% or more. ${MEANING}`,
    ],
    [
      'gates: { latency_p99: { baseline: current, margin: "\u22125" } }',
      `3:52 gates.latency_p99.margin: got "\u22125", expected 0% or more. ${MEANING}`,
    ],
    [
      'gates: { error_rate: { margin: 1000.1% } }',
      '3:32 gates.error_rate.margin: got "1000.1%", expected a margin from 0% to 1000%.',
    ],
    [
      'gates: { error_rate: { margin: 0.25 } }',
      '3:32 gates.error_rate.margin: got "0.25", expected a margin with a % such as 25%. Did you mean 25% or 0.25%?',
    ],
    [
      'gates: { memory_rate: { max: 2%, margin: 25% } }',
      `3:42 gates.memory_rate.margin: got "25%", ${ALONE}`,
    ],
    ['gates: { latency_p95: { margin: 25% } }', `3:33 gates.latency_p95.margin: got "25%", ${ALONE}`],
    [
      'gates: { error_rate: { baseline: none, margin: 0% } }',
      `3:48 gates.error_rate.margin: got "0%", ${ALONE}`,
    ],
    [
      'stages: [{ percentage: 5%, gates: { error_rate: { margin: 5% } } }, 100%]\ngates: { error_rate: { baseline: none } }',
      `3:59 stages[0].gates.error_rate.margin: got "5%", ${ALONE}`,
    ],
  ])('is refused with its place: %s', (text, line) => {
    expect(problemsBelow(text)).toEqual([`rollout.yml:${line}`]);
  });

  it.each([
    'gates: { error_rate: { margin: 0% }, crash_rate: { margin: 1000% } }',
    'gates: { latency_p95: { baseline: current, margin: 25.5% } }',
    'stages: [{ percentage: 5%, gates: { error_rate: { baseline: none } } }, 100%]\ngates: { error_rate: { margin: 5% } }',
  ])('is accepted beside a baseline, which a stage may leave out: %s', (text) => {
    expect(problemsBelow(text)).toEqual([]);
  });
});

describe('a stage that only passes when it is proven safe', () => {
  const NOTHING = (stage: string) =>
    `got proven for stage ${stage}, where no gate decides, expected a gate that can be proven. Write pass_when: not_failed there, or give the stage a gate.`;

  it.each([
    ['gates: none\npass_when: proven', `4:12 pass_when: ${NOTHING('1%')}`],
    [
      'stages: [5%, { percentage: 50%, name: half, gates: none }, 100%]\npass_when: proven',
      `4:12 pass_when: ${NOTHING('half')}`,
    ],
    [
      'stages: [{ percentage: 5%, pass_when: proven }, 100%]\ngates: none',
      `3:39 stages[0].pass_when: ${NOTHING('5%')}`,
    ],
    [
      'stages: [{ percentage: 5%, pass_when: proven, gates: { error_rate: { severity: warn } } }, 100%]\ngates: none',
      `3:39 stages[0].pass_when: ${NOTHING('5%')}`,
    ],
  ])('is refused where nothing could be proven: %j', (text, line) => {
    expect(problemsBelow(text)).toEqual([`rollout.yml:${line}`]);
  });

  it.each([
    'pass_when: proven',
    'stages: [5%, { percentage: 50%, gates: none, pass_when: not_failed }, 100%]\npass_when: proven',
    'stages: [{ percentage: 5%, pass_when: proven, gates: { error_rate: 5% } }, 100%]\ngates: none',
  ])('is accepted where something is: %j', (text) => {
    expect(problemsBelow(text)).toEqual([]);
  });
});

describe('a plan that nothing could stop', () => {
  it.each([
    ['gates: { error_rate: none, crash_rate: none }', `3:1 gates: ${NO_CRITICAL}`],
    ['gates: { error_rate: { severity: hold }, crash_rate: none }', `3:1 gates: ${NO_CRITICAL}`],
    [
      'stages: [5%, { percentage: 50%, gates: { error_rate: none, crash_rate: { severity: warn } } }, 100%]',
      `3:33 stages[1].gates: ${NO_CRITICAL}`,
    ],
  ])('is refused, and told to say so: %s', (text, line) => {
    expect(problemsBelow(text)).toEqual([`rollout.yml:${line}`]);
  });

  it.each([
    'gates: none',
    'gates: { error_rate: none }',
    'gates: { error_rate: none, crash_rate: none, latency_p99: 2s }',
    'stages: [5%, { percentage: 50%, gates: none }, 100%]',
  ])('is accepted when it says so or has another gate: %s', (text) => {
    expect(problemsBelow(text)).toEqual([]);
  });
});

describe('a shadow stage', () => {
  it.each([
    ['stages: [0%, 5%, 100%]', [`3:10 stages[0]: ${NO_SHADOW_GATE}`]],
    ['stages: [0%, 5%, 100%]\ngates: none', [`3:10 stages[0]: ${NO_SHADOW_GATE}`]],
    ['preset: shadow\ngates: none', [`3:9 preset: ${NO_SHADOW_GATE}`]],
    ['preset: shadow\ngates: { error_rate: none }', [`3:9 preset: ${NO_SHADOW_GATE}`]],
    [
      'stages: [{ percentage: 0%, gates: { error_rate: { shadow: true }, adoption: 50% } }, 100%]',
      [
        '3:77 stages[0].gates.adoption: got "50%", expected no adoption gate in a shadow stage, which reaches no device.',
      ],
    ],
    [
      'stages: [{ percentage: 0%, gates: { error_rate: { shadow: true }, assignment: {} } }, 100%]',
      [
        '3:79 stages[0].gates.assignment: got a map, expected no assignment gate in a shadow stage, which reaches no device.',
      ],
    ],
    [
      'stages: [0%, 5%, 100%]\ngates: { latency_p95: { baseline: current, shadow: true } }',
      [`3:10 stages[0]: ${NO_SHADOW_GATE}`],
    ],
    [
      'stages: [0%]\ngates: { error_rate: { shadow: true } }',
      ['3:10 stages[0]: got "0%", expected a stage above 0% after the shadow stage.'],
    ],
  ])('is refused with its place: %s', (text, lines) => {
    expect(problemsBelow(text)).toEqual(lines.map((line) => `rollout.yml:${line}`));
  });

  it.each([
    'preset: shadow',
    'preset: shadow\ngates: { error_rate: none, crash_rate: { shadow: true } }',
    'stages: [0%, 5%, 100%]\ngates: { error_rate: { shadow: true } }',
    'stages: [{ percentage: 0%, gates: { latency_p95: { max: 1s, shadow: true } } }, 100%]',
    'stages: [{ percentage: 0%, gates: { error_rate: { shadow: true }, adoption: none } }, 100%]',
  ])('is accepted with a gate on mirrored traffic: %s', (text) => {
    expect(problemsBelow(text)).toEqual([]);
  });
});
