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
    ['gates: { error_rate: 0% }', '3:22 gates.error_rate: got "0%", expected a rate above 0% to 100%.'],
    [
      'gates: { error_rate: 100.1% }',
      '3:22 gates.error_rate: got "100.1%", expected a rate above 0% to 100%.',
    ],
    [
      'gates: { error_rate: { max: 5 } }',
      `3:29 gates.error_rate.max: got "5", expected ${RATE}. Did you mean 5% or 0.05%?`,
    ],
    [
      'gates: { error_rate: }',
      '3:10 gates.error_rate: got nothing, expected a rate such as 5%, the word none, or a map with max, severity and shadow.',
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
      'gates: { latency_p95: 0ms }',
      '3:23 gates.latency_p95: got "0ms", expected a latency from 1ms to 600s.',
    ],
    [
      'gates: { latency_p95: { severity: hold } }',
      '3:23 gates.latency_p95: got a map without a limit, expected a limit such as max: 400ms.',
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
  ])('is refused with its place: %s', (text, line) => {
    expect(problemsBelow(text)).toEqual([`rollout.yml:${line}`]);
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
