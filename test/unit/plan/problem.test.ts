import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../../src/plan/parse.ts';
import { formatProblem, formatProblems, type PlanProblem } from '../../../src/plan/problem.ts';

const PROBLEM: PlanProblem = {
  file: 'rollout.yml',
  line: 4,
  column: 12,
  path: 'stages[1].soak',
  got: '"5"',
  expected: 'a duration with a unit such as 90s, 15m, 6h or 7d',
  hint: 'Did you mean 5m or 5s?',
};

describe('formatProblem', () => {
  it.each([
    [
      PROBLEM,
      'rollout.yml:4:12 stages[1].soak: got "5", expected a duration with a unit such as 90s, 15m, 6h or 7d. Did you mean 5m or 5s?',
    ],
    [
      { ...PROBLEM, hint: null },
      'rollout.yml:4:12 stages[1].soak: got "5", expected a duration with a unit such as 90s, 15m, 6h or 7d.',
    ],
    [
      { ...PROBLEM, file: 'input', path: 'to-version', expected: 'a version', hint: null },
      'input to-version: got "5", expected a version.',
    ],
    [{ ...PROBLEM, path: '', expected: 'a plan', hint: null }, 'rollout.yml:4:12: got "5", expected a plan.'],
  ])('says where, what was got and what was expected', (problem, line) => {
    expect(formatProblem(problem)).toBe(line);
  });
});

describe('formatProblems', () => {
  it('lists fifty, and says how many more there are', () => {
    expect(formatProblems([PROBLEM])).toHaveLength(1);
    expect(formatProblems(Array(50).fill(PROBLEM))).toHaveLength(50);
    const lines = formatProblems(Array(53).fill(PROBLEM));
    expect(lines).toHaveLength(51);
    expect(lines.at(-1)).toBe('and 3 more');
  });
});

describe('a valid plan that is not what its author may think', () => {
  it.each([
    [
      'stages: [{ percentage: 5%, gates: none }, 100%]',
      [
        'plan:1:35 stages[0].gates: got "none", expected at least one critical gate. Harm in this stage is not measured.',
      ],
    ],
    [
      'unwatched: accepted',
      ['plan:1:12 unwatched: got "accepted", expected it only beside gates: none. It changes nothing here.'],
    ],
    ['gates: none\nunwatched: accepted', []],
    ['preset: standard', []],
  ])('is accepted with a warning: %s', (text, warnings) => {
    const result = parsePlan({ name: 'plan', text }, { model: 'm', version: '1' });
    expect(result.ok && result.warnings.map(formatProblem)).toEqual(warnings);
  });
});
