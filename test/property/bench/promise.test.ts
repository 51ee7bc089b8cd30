/** The gate rule keeps its promise in a few cells of the bench, with fewer runs than `npm run bench:gates`. */
import { describe, expect, it } from 'vitest';
import type { Cell } from '../../../bench/gates/cell.ts';
import { CELLS } from '../../../bench/gates/cells.ts';
import type { RuleResult } from '../../../bench/gates/rule-result.ts';
import { runCell } from '../../../bench/gates/run-cell.ts';

const SEED = 20;

function resultOf(name: string, runs: number, rule: RuleResult['rule'] = 'ours'): RuleResult {
  const cell: Cell | undefined = CELLS.find((one) => one.name === name);
  if (cell === undefined) throw new Error(`The bench has no cell "${name}".`);
  const [result] = runCell({ ...cell, runs, sideRuns: runs, rules: [rule] }, SEED).results;
  if (result === undefined) throw new Error(`The bench gave no result for "${name}".`);
  return result;
}

describe('the gate rule', () => {
  it.each(['124 devices, heavy spread', '1,000 devices, heavy spread', '3x errors, 1,000 devices'])(
    'rolls back at most one healthy rollout in fifty: %s',
    (name) => {
      expect(resultOf(name, 50).rolledBack).toBeLessThanOrEqual(1);
    },
  );

  it('rolls back five times the errors on 10,000 devices, half of them within 20 minutes', () => {
    const { caught, detection } = resultOf('errors x5, 10,000 devices', 30);
    expect(caught).toBe(30);
    expect(detection?.median).toBeLessThanOrEqual(20);
  });

  it('rolls back twice the errors on 10,000 devices, half of them within 80 minutes', () => {
    const { caught, detection } = resultOf('errors x2, 10,000 devices', 30);
    expect(caught).toBe(30);
    expect(detection?.median).toBeLessThanOrEqual(80);
  });
});

it('rollouts of the bench are the same for a seed and differ between seeds', () => {
  const cell = CELLS.find(({ name }) => name === 'errors x2, 1,000 devices');
  if (cell === undefined) throw new Error('The bench has no cell for twice the errors.');
  const run = (seed: number) => runCell({ ...cell, runs: 8 }, seed);
  expect(run(1)).toEqual(run(1));
  expect(run(1)).not.toEqual(run(2));
});

it('without device correction, a fleet of unlike devices is rolled back for nothing', () => {
  expect(resultOf('124 devices, heavy spread', 60, 'ours-no-devices').rolledBack).toBeGreaterThanOrEqual(3);
});
