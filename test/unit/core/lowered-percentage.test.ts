import { describe, expect, it } from 'vitest';
import { loweredByOthers } from '../../../src/core/lowered-percentage.ts';
import { writeTag } from '../../../src/core/memory-tag.ts';
import type { HistoryEntry } from '../../../src/core/rollout.ts';
import { aPlan, aRemoteRollout, stagesOf, T0 } from '../../support/core-builders.ts';

const TAG = writeTag('stage', {
  planDigest: 'd1',
  stage: 1,
  stagesTotal: 3,
  previousVersion: '1.9.0',
  run: '900.1.1',
  at: T0,
  pausing: null,
  leaseUntil: null,
});

const at = (percentage: number | null, reason: string | null = null): HistoryEntry => ({
  status: 'active',
  percentage,
  reason,
  at: T0,
});

describe('a percentage', () => {
  const plan = aPlan({ stages: stagesOf(10, 50, 100) });
  it.each<{ fact: string; percentage: number; history: readonly HistoryEntry[]; gives: string | null }>([
    {
      fact: 'that only rose was not lowered',
      percentage: 50,
      history: [at(10), at(10, TAG), at(50, TAG)],
      gives: null,
    },
    {
      fact: 'that fell was lowered by somebody',
      percentage: 20,
      history: [at(10, TAG), at(50, TAG), at(20)],
      gives: 'somebody lowered it from 50% to 20%',
    },
    {
      fact: 'that fell to nobody was lowered as well',
      percentage: 0,
      history: [at(10, TAG), at(0)],
      gives: 'somebody lowered it from 10% to 0%',
    },
    {
      fact: 'stays lowered when the same person writes again',
      percentage: 20,
      history: [at(50, TAG), at(20), at(20, 'looks odd')],
      gives: 'somebody lowered it from 50% to 20%',
    },
    {
      fact: 'is not held against a run that a person has started since',
      percentage: 20,
      history: [at(50, TAG), at(20), at(20, TAG)],
      gives: null,
    },
    {
      fact: 'that is not told counts as lowered below the first stage',
      percentage: 5,
      history: [at(null), at(null)],
      gives: "it is at 5%, below the plan's first stage of 10%",
    },
    { fact: 'that is not told does not from the first stage on', percentage: 10, history: [], gives: null },
  ])('$fact', ({ percentage, history, gives }) => {
    expect(loweredByOthers(plan, aRemoteRollout({ percentage }), history)).toBe(gives);
  });

  it('of a rollout that has not started is nobody’s decision yet', () => {
    expect(loweredByOthers(plan, aRemoteRollout({ percentage: 5, status: 'pending' }), [])).toBeNull();
  });
});
