import { describe, expect, it } from 'vitest';
import { type RunningExperiment, type TakenShare, takenShare } from '../../../src/core/experiments.ts';
import type { AssignmentGate } from '../../../src/core/plan.ts';
import { HOUR_MS } from '../../../src/core/units.ts';
import { aJudging, aReading, countsOf, evidenceOf, judgeAlone, T0 } from '../../support/core-builders.ts';

const running = (share: number | null): RunningExperiment => ({ id: 'exp', name: null, share });

describe('what experiments take', () => {
  it.each<{ fact: string; of: readonly RunningExperiment[] | null; gives: TakenShare }>([
    { fact: 'nothing where none runs', of: [], gives: 0 },
    { fact: 'nothing where it is not known whether one runs', of: null, gives: 0 },
    { fact: 'the sum of their shares', of: [running(0.25), running(0.5)], gives: 0.75 },
    { fact: 'all of the devices at most', of: [running(0.75), running(0.5)], gives: 1 },
    { fact: 'not told where one does not tell', of: [running(0.25), running(null)], gives: 'untold' },
  ])('is $fact', ({ of, gives }) => {
    expect(takenShare(of)).toBe(gives);
  });
});

const ASSIGNMENT: AssignmentGate = {
  kind: 'assignment',
  name: 'assignment',
  severity: 'hold',
  shadow: false,
};
const SEEN = (assigned: number) => `assignment: ${assigned} of 1 000 devices have the candidate`;

describe('of 1 000 devices at 50%', () => {
  it.each<{ fact: string; assigned: number; taken: TakenShare; gives: string; says: string }>([
    {
      fact: 'half of what the experiment leaves pass',
      assigned: 400,
      taken: 0.2,
      gives: 'pass',
      says: `${SEEN(400)}, 50% of the 80% outside experiments would be about 400`,
    },
    {
      fact: 'half of all pass while the experiment starts',
      assigned: 500,
      taken: 0.2,
      gives: 'pass',
      says: `${SEEN(500)}, 50% of the 80% outside experiments would be about 400`,
    },
    {
      fact: 'fewer than the rest gives fail',
      assigned: 300,
      taken: 0.2,
      gives: 'fail',
      says: 'which chance explains in fewer than 1 of 1 000 rollouts',
    },
    {
      fact: 'more than all would give fail',
      assigned: 600,
      taken: 0.2,
      gives: 'fail',
      says: 'which chance explains in fewer than 1 of 1 000 rollouts',
    },
    {
      fact: 'what fits an experiment fails without one',
      assigned: 400,
      taken: 0,
      gives: 'fail',
      says: `${SEEN(400)}, 50% would be about 500, which chance`,
    },
    {
      fact: 'nothing is judged where the share of the experiment is not told',
      assigned: 400,
      taken: 'untold',
      gives: 'not_applicable',
      says: 'an experiment takes part of the devices, and the API does not tell how many',
    },
  ])('$fact', ({ assigned, taken, gives, says }) => {
    const window = { from: T0, to: T0 + HOUR_MS };
    const evidence = evidenceOf(countsOf(assigned, 1_000), window);
    const reading = aReading({ gate: ASSIGNMENT, evidence, asked: window });
    const { verdict, sentence } = judgeAlone(reading, aJudging({ now: window.to, percentage: 50, taken }));
    expect({ verdict, sentence }).toEqual({ verdict: gives, sentence: expect.stringContaining(says) });
  });
});
