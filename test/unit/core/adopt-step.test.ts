import { describe, expect, it } from 'vitest';
import type { HistoryEntry } from '../../../src/core/rollout.ts';
import { lastStepAt } from '../../../src/core/stage-history.ts';
import { MINUTE_MS } from '../../../src/core/units.ts';
import { adopt, at } from '../../support/adoption.ts';
import { aPlan, aTaggedEntry, T0 } from '../../support/core-builders.ts';

function ours(percentage: number, minutes: number, planDigest = '0123456789ab'): HistoryEntry {
  const when = T0 + minutes * MINUTE_MS;
  return aTaggedEntry({ at: when, planDigest }, { percentage, at: when });
}

const FIRST = { stageIndex: 0, enteredAt: T0, leftAt: T0 + 20 * MINUTE_MS };

describe('a rollout that stands between two stages is in the lower one', () => {
  it.each<{ fact: string; percentage: number; history: readonly HistoryEntry[]; since: number }>([
    {
      fact: 'since that was entered, after a step of ours',
      percentage: 40,
      history: [ours(1, 0), ours(10, 20), ours(40, 40)],
      since: 20,
    },
    {
      fact: 'since that was entered, after several steps of ours',
      percentage: 70,
      history: [ours(1, 0), ours(10, 20), ours(40, 40), ours(70, 50)],
      since: 20,
    },
    {
      fact: 'since that was entered, also when it was paused and resumed there',
      percentage: 40,
      history: [ours(1, 0), ours(10, 20), ours(40, 40), at(40, 45), at(40, 50)],
      since: 20,
    },
    {
      fact: 'since somebody else set it there, whatever we wrote afterwards',
      percentage: 40,
      history: [ours(1, 0), ours(10, 20), at(40, 40), ours(40, 45)],
      since: 40,
    },
    {
      fact: 'since an edited plan set it there, which may have had a stage of its own',
      percentage: 40,
      history: [ours(1, 0), ours(10, 20), ours(40, 40, 'ba9876543210')],
      since: 40,
    },
  ])('$fact', ({ percentage, history, since }) => {
    const { state } = adopt({ ours: { percentage }, history });
    expect(state).toMatchObject({ stageIndex: 1, percentage, stageEnteredAt: T0 + since * MINUTE_MS });
    expect(state.past[0]).toEqual(FIRST);
  });

  it('and the steps are no stages of their own in the stages after', () => {
    const history = [ours(1, 0), ours(10, 20), ours(40, 40), ours(70, 50), ours(100, 60)];
    const { state } = adopt({ ours: { percentage: 100 }, history });
    const second = { stageIndex: 1, enteredAt: T0 + 20 * MINUTE_MS, leftAt: T0 + 60 * MINUTE_MS };
    expect(state.past).toEqual([FIRST, second]);
  });
});

describe('the last raise within a stage', () => {
  it.each<{ fact: string; percentage: number; history: readonly HistoryEntry[]; gives: number | null }>([
    { fact: 'a step of ours', percentage: 40, history: [ours(1, 0), ours(10, 20), ours(40, 40)], gives: 40 },
    {
      fact: 'a step of ours, not the notes after it',
      percentage: 40,
      history: [ours(1, 0), ours(10, 20), ours(40, 40), at(40, 45)],
      gives: 40,
    },
    {
      fact: 'none where the stage was just entered',
      percentage: 10,
      history: [ours(1, 0), ours(10, 20)],
      gives: null,
    },
    { fact: 'none where nothing is told', percentage: 40, history: [], gives: null },
  ])('is $fact', ({ percentage, history, gives }) => {
    const told = lastStepAt(aPlan(), { percentage }, history);
    expect(told).toBe(gives === null ? null : T0 + gives * MINUTE_MS);
  });
});
