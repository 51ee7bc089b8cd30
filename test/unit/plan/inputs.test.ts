import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../../src/plan/parse.ts';
import { formatProblem } from '../../../src/plan/problem.ts';
import { problemLines } from '../../support/plan-lines.ts';

const TEXT =
  'model: radiology-v1\nversion: 1.10\ngroup: eu\npreset: canary\nrollback: { to: 1.9, confirm: 99% }';

describe("the workflow's inputs", () => {
  it('win over the keys of the plan', () => {
    const overrides = { model: 'm', version: '2.0', group: 'us', preset: 'linear', toVersion: '1.8' };
    expect(parsePlan({ name: 'rollout.yml', text: TEXT }, overrides)).toMatchObject({
      ok: true,
      draft: {
        model: 'm',
        version: '2.0',
        group: 'us',
        source: { kind: 'preset', preset: 'linear' },
        rollback: { to: '1.8', confirmRatio: 0.99 },
      },
    });
  });

  it('leave the plan alone where they are empty', () => {
    const overrides = { model: '', version: '', group: '', preset: '', toVersion: '', rolloutPercentage: '' };
    expect(parsePlan({ name: 'rollout.yml', text: TEXT }, overrides)).toMatchObject({
      ok: true,
      draft: { model: 'radiology-v1', version: '1.10', group: 'eu', rollback: { to: '1.9' } },
    });
  });

  it('make a plan of their own: the standard one', () => {
    expect(parsePlan(null, { model: 'm', version: '1.0' })).toMatchObject({
      ok: true,
      draft: { group: null, source: { kind: 'preset', preset: 'standard' }, rollback: { to: null } },
    });
  });

  it.each([
    [{ rolloutPercentage: '10' }, { from: 10, to: 100, step: 10 }],
    [
      { rolloutPercentage: '10%', targetPercentage: '50', incrementStep: '20%' },
      { from: 10, to: 50, step: 20 },
    ],
    [{ targetPercentage: '50' }, { from: 50, to: 50, step: 10 }],
  ])('make equal steps of %j', (given, steps) => {
    expect(parsePlan(null, { model: 'm', version: '1.0', ...given })).toMatchObject({
      ok: true,
      draft: { source: { kind: 'steps', ...steps } },
    });
  });

  it.each([
    [
      { version: '1\n2' },
      'input version: got "1\\u{a}2", expected text without line breaks, control or invisible characters.',
    ],
    [
      { version: 'x'.repeat(201) },
      `input version: got "${'x'.repeat(59)}…", expected 1 to 200 characters on one line.`,
    ],
    [
      { targetPercentage: 'all' },
      'input target-percentage: got "all", expected a percentage from 1 to 100 such as 10 or 10%.',
    ],
    [
      { incrementStep: '5' },
      'input rollout_percentage: got nothing, expected rollout_percentage, where the steps begin. As in rollout_percentage: 5.',
    ],
    [
      { preset: 'fast' },
      expect.stringContaining('input preset: got "fast", expected one of standard, canary,'),
    ],
  ])('are refused by their own names: %j', (given, line) => {
    const result = parsePlan(null, { model: 'm', version: '1.0', ...given });
    expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([line]);
  });

  it('are told what is missing without a plan', () => {
    const result = parsePlan(null, {});
    expect(result.ok ? [] : result.problems.map(formatProblem)).toEqual([
      'input model: got nothing, expected the model. Give the model input, or write model: into the plan.',
      'input version: got nothing, expected the version. Give the version input, or write version: into the plan.',
    ]);
  });

  it('do not hide a part of the plan that is wrong', () => {
    expect(problemLines('model: m\nversion: 1\nrollback: 0.9', { toVersion: '0.8' })).toEqual([
      'rollout.yml:3:11 rollback: got "0.9", expected a map with to, confirm and timeout.',
    ]);
  });
});

describe('text that looks like a number', () => {
  it.each(['1.10', '2.0', '1e3', '0x10', '007', '1_000', '2026-11-23', '.5', '+1', '1.0.0-rc.1+build'])(
    'stays as it is written as a version: %s',
    (version) => {
      for (const written of [version, `"${version}"`, `'${version}'`]) {
        const result = parsePlan({ name: 'rollout.yml', text: `model: 1.0\nversion: ${written}` }, {});
        expect(result).toMatchObject({ ok: true, draft: { model: '1.0', version } });
      }
    },
  );
});
