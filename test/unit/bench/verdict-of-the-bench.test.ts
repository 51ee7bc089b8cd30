/** The bench says what it saw: intervals, quantiles, options, and which promise is broken. */
import { describe, expect, it } from 'vitest';
import type { Cell } from '../../../bench/gates/cell.ts';
import { CELLS } from '../../../bench/gates/cells.ts';
import { parseOptions } from '../../../bench/gates/command-line.ts';
import type { Outcome } from '../../../bench/gates/outcome.ts';
import { checkPromises } from '../../../bench/gates/promises.ts';
import { ruleResult } from '../../../bench/gates/rule-result.ts';
import { renderTables } from '../../../bench/gates/tables.ts';
import { quantile, wilsonInterval } from '../../../bench/gates/wilson.ts';

describe("Wilson's interval", () => {
  it.each([
    { hits: 0, runs: 400, lower: 0, upper: 0.0095 },
    { hits: 1, runs: 400, lower: 0.0004, upper: 0.014 },
    { hits: 50, runs: 100, lower: 0.4038, upper: 0.5962 },
    { hits: 0, runs: 0, lower: 0, upper: 1 },
  ])('of $hits of $runs', ({ hits, runs, lower, upper }) => {
    expect(wilsonInterval(hits, runs).lower).toBeCloseTo(lower, 4);
    expect(wilsonInterval(hits, runs).upper).toBeCloseTo(upper, 4);
  });
});

it('takes quantiles by the nearest rank', () => {
  const sorted = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  expect([0.5, 0.95, 1].map((share) => quantile(sorted, share))).toEqual([5, 10, 10]);
  expect(quantile([], 0.5)).toBeNull();
});

describe('the options', () => {
  it('have defaults', () => {
    expect(parseOptions([])).toEqual({ seed: 1, scale: 1, filter: '', workers: 2, json: null, help: false });
  });
  it.each([
    { args: ['--seed', 'x'], throws: /--seed is "x"/ },
    { args: ['--runs', '0'], throws: /--runs is "0"/ },
    { args: ['--workers', '0'], throws: /--workers is "0"/ },
    { args: ['--sede', '1'], throws: /--sede/ },
  ])('are refused: $args', ({ args, throws }) => {
    expect(() => parseOptions(args)).toThrow(throws);
  });
});

const found = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('The cell that this test needs is gone.');
  return value;
};
const HEALTHY = found(CELLS.find(({ fault, promise }) => fault === null && promise.maxFalse !== undefined));
const FAULTY = found(CELLS.find(({ promise }) => promise.minCaught !== undefined));

const outcomes = (count: number, outcome: Outcome): Outcome[] => Array.from({ length: count }, () => outcome);
const completed: Outcome = { ended: 'completed', at: 240, faultAt: null, excess: 0 };
const rolledBack = (at: number, faultAt: number | null): Outcome => ({
  ended: 'rolled-back',
  at,
  faultAt,
  excess: 10,
});

function report(cell: Cell, list: readonly Outcome[]) {
  const { section, name } = cell;
  return checkPromises([cell], [{ section, name, results: [ruleResult(cell, 'ours', list)] }]);
}

describe('the promise', () => {
  it('is kept with one false rollback of 400, broken with four, and not shown by 40 runs', () => {
    const healthy = (wrong: number, runs: number) =>
      report(HEALTHY, [...outcomes(wrong, rolledBack(60, null)), ...outcomes(runs - wrong, completed)]);
    expect(healthy(1, 400)).toEqual({ broken: [], untested: [] });
    expect(healthy(4, 400).broken).toEqual([expect.stringContaining('4 of 400 healthy rollouts')]);
    expect(healthy(0, 40)).toEqual({
      broken: [],
      untested: [expect.stringContaining('40 runs cannot show')],
    });
  });

  it('is broken by faults that are missed or seen late', () => {
    const late = outcomes(100, rolledBack(25, 0));
    expect(report(FAULTY, outcomes(100, rolledBack(15, 0))).broken).toEqual([]);
    expect(report(FAULTY, late).broken).toEqual([expect.stringContaining('median was 25 min')]);
    const missed = [...outcomes(97, rolledBack(15, 0)), ...outcomes(3, completed)];
    expect(report(FAULTY, missed).broken).toEqual([expect.stringContaining('97 of 100 were caught')]);
    expect(report(FAULTY, outcomes(9, completed)).broken).toHaveLength(2);
  });

  it('is broken by a cell without a result', () => {
    expect(checkPromises([HEALTHY], []).broken).toEqual([expect.stringContaining('no result')]);
  });
});

it('counts a rollback before the fault began as false, and measures from its begin', () => {
  const result = ruleResult(FAULTY, 'ours', [rolledBack(60, null), rolledBack(190, 180), completed]);
  expect(result).toMatchObject({
    rolledBack: 2,
    caught: 1,
    falsely: { count: 1 },
    detection: { median: 10 },
  });
});

it('prints a table for each section that has results, with every rule named', () => {
  const results = [HEALTHY, FAULTY].map((cell) => ({
    section: cell.section,
    name: cell.name,
    results: cell.rules.map((rule) => ruleResult(cell, rule, [rolledBack(15, 0), completed])),
  }));
  const text = renderTables(results);
  expect(text).toContain(HEALTHY.name);
  expect(text).toContain(`| ${FAULTY.name} | Argo, failureLimit 3 | 2 | 50.0 |`);
  expect(text.match(/^### /gm)).toHaveLength(3);
});

it('gives every cell a name of its own and a healthy one enough runs to show its promise', () => {
  const names = CELLS.map(({ section, name }) => `${section}/${name}`);
  expect(new Set(names).size).toBe(names.length);
  for (const { promise, runs } of CELLS) {
    if (promise.maxFalse !== undefined) expect(wilsonInterval(1, runs).upper).toBeLessThan(promise.maxFalse);
  }
});
