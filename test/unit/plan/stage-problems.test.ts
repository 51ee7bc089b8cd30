import { describe, expect, it } from 'vitest';
import { problemLines, problemsBelow } from '../../support/plan-lines.ts';

const ONE_WAY = 'expected one way to write the stages: stages, preset, or the three percentages';

describe('a list of stages', () => {
  it.each([
    ['stages: []', '3:9 stages: got an empty list, expected at least one stage.'],
    ['stages: 5%', '3:9 stages: got "5%", expected a list of stages such as [1%, 10%, 50%, 100%].'],
    [
      'stages: [5%, []]',
      '3:14 stages[1]: got an empty list, expected a percentage such as 5%, or a map with percentage and other keys of a stage.',
    ],
    [
      'stages: [10, 100%]',
      '3:10 stages[0]: got "10", expected a percentage with a % such as 5%. Did you mean 10% or 0.1%?',
    ],
    [
      'stages: [0.5, 100%]',
      '3:10 stages[0]: got "0.5", expected a percentage with a % such as 5%. Did you mean 50% or 0.5%?',
    ],
    ['stages: [5%, 101%]', '3:14 stages[1]: got "101%", expected a percentage from 0% to 100%.'],
    [
      'stages: [50%, 10%, 100%]',
      '3:15 stages[1]: got "10%", expected more than the 50% of the stage before; stages increase strictly.',
    ],
    [
      'stages: [5%, 5%, 100%]',
      '3:14 stages[1]: got "5%", expected more than the 5% of the stage before; stages increase strictly.',
    ],
    [
      'stages: [5%, 0%]',
      '3:14 stages[1]: got "0%", expected more than 0%; only the first stage can be a shadow stage.',
    ],
    [
      'stages: [{ percentage: 50%, name: half }, { percentage: 10%, name: tenth }, 100%]',
      '3:57 stages[1].percentage: got "10%", expected more than the 50% of the stage before; stages increase strictly.',
    ],
    [
      'stages: [{ name: smoke }, 100%]',
      '3:10 stages[0].percentage: got nothing, expected a percentage with a % such as 5%.',
    ],
    [
      'stages: [{ percentage: 5%, name: a }, { percentage: 9%, name: a }, 100%]',
      '3:63 stages[1].name: got "a", expected a name that is not the one of stages[0].',
    ],
    [
      'stages: [{ percentage: 5%, name: 100% }, 100%]',
      '3:34 stages[0].name: got "100%", expected a name that is not the one of stages[1].',
    ],
    [
      'stages: [5%, { percentage: 100%, soak: 1h }]',
      '3:40 stages[1].soak: got "1h", expected no soak in the last stage, which bakes. Write the time as bake, at the top of the plan.',
    ],
    [
      'stages: [{ percentage: 5%, min_devices: 5, max_devices: 3 }, 100%]',
      '3:57 stages[0].max_devices: got "3", expected at least the stage\'s min_devices of 5.',
    ],
  ])('is refused with its place: %s', (text, line) => {
    expect(problemsBelow(text)).toEqual([`rollout.yml:${line}`]);
  });

  it('may have as many devices at least as at most', () => {
    expect(problemsBelow('stages: [{ percentage: 5%, min_devices: 3, max_devices: 3 }, 100%]')).toEqual([]);
  });

  it('has at most 100 stages', () => {
    const stages = (count: number) =>
      Array.from({ length: count }, (_, index) => `${(index + 1) / 2}%`).join(', ');
    expect(problemsBelow(`stages: [${stages(100)}]`)).toEqual([]);
    expect(problemsBelow(`stages: [${stages(101)}]`)).toEqual([
      'rollout.yml:3:9 stages: got a list, expected at most 100 stages.',
    ]);
  });
});

describe('stages written in two ways', () => {
  it.each([
    [
      'stages: [5%, 100%]\npreset: canary',
      `4:1 preset: got preset beside stages (rollout.yml:3:1), ${ONE_WAY}. Leave preset or stages out.`,
    ],
    [
      'increment_step: 10\nrollout_percentage: 10\nstages: [5%, 100%]',
      `4:1 rollout_percentage: got rollout_percentage beside stages (rollout.yml:5:1), ${ONE_WAY}. Leave rollout_percentage or stages out.`,
    ],
    [
      'preset: canary\ntarget_percentage: 50',
      `4:1 target_percentage: got target_percentage beside preset (rollout.yml:3:1), ${ONE_WAY}. Leave target_percentage or preset out.`,
    ],
  ])('are refused with both places: %j', (text, line) => {
    expect(problemsBelow(text)).toEqual([`rollout.yml:${line}`]);
  });

  it('are refused also when one of them is an input', () => {
    const text = 'model: m\nversion: 1\nstages: [5%, 100%]';
    expect(problemLines(text, { rolloutPercentage: '10' })).toEqual([
      `input rollout-percentage: got rollout_percentage beside stages (rollout.yml:3:1), ${ONE_WAY}. Leave rollout_percentage or stages out.`,
    ]);
  });
});

describe('equal steps', () => {
  it.each([
    [
      'rollout_percentage: 60\ntarget_percentage: 50',
      '3:21 rollout_percentage: got "60", expected at most the target of 50%.',
    ],
    [
      'increment_step: 5',
      '1:1 rollout_percentage: got nothing, expected rollout_percentage, where the steps begin. As in rollout_percentage: 5.',
    ],
  ])('are refused with their place: %j', (text, line) => {
    expect(problemsBelow(text)).toEqual([`rollout.yml:${line}`]);
  });
});

describe('times that do not fit together', () => {
  it.each([
    ['deadline: 1h', '3:11 deadline: got "1h", expected at least 4h15m, which the soaks and the bake take.'],
    [
      'preset: blue-green\nbake: 2h\ndeadline: 119m',
      '5:11 deadline: got "119m", expected at least 2h, which the soaks and the bake take.',
    ],
    [
      'stages: [5%, 100%]\nwarmup: 4h',
      '4:9 warmup: got a warm-up of 4h, expected at most the 3h of soak and max_wait in stage 5%.',
    ],
    [
      'stages: [{ percentage: 5%, warmup: 4h }, 100%]',
      '3:36 stages[0].warmup: got a warm-up of 4h, expected at most the 3h of soak and max_wait in stage 5%.',
    ],
  ])('are refused with their place: %j', (text, line) => {
    expect(problemsBelow(text)[0]).toBe(`rollout.yml:${line}`);
  });

  it.each(['deadline: 4h15m', 'stages: [{ percentage: 5%, warmup: 3h }, 100%]', 'soak: 30d\nbake: 0s'])(
    'fit when they are exactly long enough: %j',
    (text) => {
      expect(problemsBelow(text)).toEqual([]);
    },
  );
});

describe('the version to return to', () => {
  it('is another one than the candidate, also when an input gives either', () => {
    expect(problemsBelow('rollback: { to: 2.0.0 }')).toEqual([
      'rollout.yml:3:17 rollback.to: got "2.0.0", expected another version than the one that is rolled out.',
    ]);
    expect(problemLines('model: m\nversion: 2.0.0', { toVersion: '2.0.0' })).toEqual([
      'input to-version: got "2.0.0", expected another version than the one that is rolled out.',
    ]);
    expect(problemLines('model: m\nversion: 1\nrollback: { to: 2 }', { version: '2' })).toHaveLength(1);
  });

  it('is compared as written: 1.10 is not 1.1', () => {
    expect(problemLines('model: m\nversion: 1.10\nrollback: { to: 1.1 }')).toEqual([]);
  });
});
