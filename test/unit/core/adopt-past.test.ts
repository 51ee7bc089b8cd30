import { describe, expect, it } from 'vitest';
import type { HistoryEntry, PastStage } from '../../../src/core/rollout.ts';
import { MINUTE_MS } from '../../../src/core/units.ts';
import { adopt, at, UNKNOWN_ENTRY, UNKNOWN_PAST } from '../../support/adoption.ts';
import { anEntry, aTaggedEntry, T0 } from '../../support/core-builders.ts';

/** A stage and the minutes after `T0` at which it was entered and left. */
function stage(stageIndex: number, entered: number, left: number): PastStage {
  return { stageIndex, enteredAt: T0 + entered * MINUTE_MS, leftAt: T0 + left * MINUTE_MS };
}

function tagged(stageNumber: number, minutes: number): HistoryEntry {
  return aTaggedEntry({ stage: stageNumber, at: T0 + minutes * MINUTE_MS });
}

interface Row {
  readonly fact: string;
  readonly percentage: number;
  readonly history: readonly HistoryEntry[];
  readonly past: readonly PastStage[];
  readonly notes?: readonly string[];
}

const TOLD: readonly Row[] = [
  { fact: 'none in the first stage', percentage: 1, history: [at(1, 0)], past: [] },
  {
    fact: 'the first in the second',
    percentage: 10,
    history: [at(1, 0), at(10, 20)],
    past: [stage(0, 0, 20)],
  },
  {
    fact: 'both in the third, oldest first',
    percentage: 100,
    history: [at(1, 0), at(10, 20), at(100, 50)],
    past: [stage(0, 0, 20), stage(1, 20, 50)],
  },
  {
    fact: 'each once, however often it was written',
    percentage: 10,
    history: [at(1, 0), at(1, 5), at(1, 9), at(10, 20), at(10, 30)],
    past: [stage(0, 0, 20)],
  },
  {
    fact: 'one that was left and entered again, twice',
    percentage: 100,
    history: [at(1, 0), at(10, 5), at(1, 10), at(100, 20)],
    past: [stage(0, 0, 5), stage(1, 5, 10), stage(0, 10, 20)],
  },
  {
    fact: 'a percentage between two stages as the lower one, and one below the first as the first',
    percentage: 100,
    history: [at(0.5, 0), at(25, 10), at(100, 20)],
    past: [stage(0, 0, 10), stage(1, 10, 20)],
  },
  {
    fact: 'none that lasted no time',
    percentage: 10,
    history: [at(1, 20), at(10, 20)],
    past: [],
    notes: [UNKNOWN_PAST],
  },
  {
    fact: 'none while it was pending',
    percentage: 10,
    history: [{ ...at(1, 0), status: 'pending' }, at(1, 5), at(10, 20)],
    past: [stage(0, 5, 20)],
  },
  {
    fact: 'none of entries without a time or a percentage',
    percentage: 10,
    history: [anEntry({ percentage: 1 }), anEntry({ at: T0 }), at(10, 20)],
    past: [],
    notes: [UNKNOWN_PAST],
  },
];

const TAGGED: readonly Row[] = [
  {
    fact: 'by the tags of the stages before',
    percentage: 100,
    history: [tagged(1, 0), tagged(2, 20), tagged(3, 50)],
    past: [stage(0, 0, 20), stage(1, 20, 50)],
  },
  {
    fact: 'not by a tag of a stage that the plan does not have',
    percentage: 100,
    history: [tagged(9, 0), tagged(2, 20), tagged(3, 50)],
    past: [stage(1, 20, 50)],
  },
  {
    fact: 'not where only this stage has a tag',
    percentage: 100,
    history: [tagged(3, 50)],
    past: [],
    notes: [UNKNOWN_PAST],
  },
  {
    fact: 'not where this stage has no tag: then nothing of it is known',
    percentage: 100,
    history: [tagged(1, 0), tagged(2, 20)],
    past: [],
    notes: [UNKNOWN_ENTRY],
  },
  {
    fact: 'not where nothing tells anything',
    percentage: 10,
    history: [],
    past: [],
    notes: [UNKNOWN_ENTRY],
  },
];

describe('the stages before are known from the history:', () => {
  it.each(TOLD)('$fact', ({ percentage, history, past, notes = [] }) => {
    const adoption = adopt({ ours: { percentage }, history });
    expect([adoption.state.past, adoption.notes]).toEqual([past, notes]);
  });
});

describe('the stages before are known', () => {
  it.each(TAGGED)('$fact', ({ percentage, history, past, notes = [] }) => {
    const adoption = adopt({ ours: { percentage }, history });
    expect([adoption.state.past, adoption.notes]).toEqual([past, notes]);
  });
});

describe('a pending rollout', () => {
  it('has no stage before, whatever its history says', () => {
    const { state, notes } = adopt({
      ours: { status: 'pending', percentage: 10 },
      history: [at(1, 0), at(10, 5)],
    });
    expect([state.past, notes]).toEqual([[], []]);
  });
});
