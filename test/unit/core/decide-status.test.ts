import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/units.ts';
import { stagesOf, T0 } from '../../support/core-builders.ts';
import { type Essence, essenceOf, type Situation } from '../../support/situations.ts';

interface Row {
  readonly fact: string;
  readonly situation: Situation;
  readonly gives: Essence;
}

function waitUntil(afterMs: number): Essence['command'] {
  return { kind: 'wait', until: T0 + afterMs };
}

const AT_TARGET = { phase: 'baking', stageIndex: 2, percentage: 100 } as const;

const STATUSES: readonly Row[] = [
  {
    fact: 'a pending rollout is started',
    situation: { afterMs: HOUR_MS, rollout: { status: 'pending' } },
    gives: { command: { kind: 'start' }, reason: 'starting', detail: null },
  },
  {
    fact: "somebody's pause holds the rollout, although every gate passes",
    situation: { afterMs: HOUR_MS, rollout: { status: 'paused' } },
    gives: { command: waitUntil(HOUR_MS + MINUTE_MS), reason: 'paused_by_other', detail: null },
  },
  {
    fact: "somebody's pause outlasts every deadline of the plan",
    situation: { afterMs: 9 * DAY_MS, gates: [['error']], rollout: { status: 'paused' } },
    gives: { command: waitUntil(9 * DAY_MS + MINUTE_MS), reason: 'paused_by_other', detail: null },
  },
  {
    fact: 'a status that nobody documents holds the rollout',
    situation: { afterMs: 40 * MINUTE_MS, rollout: { status: 'unknown', statusText: 'canary' } },
    gives: { command: waitUntil(41 * MINUTE_MS), reason: 'status_unknown', detail: 'the API says canary' },
  },
  {
    fact: 'a status that nobody documents is a deadline when the stage has waited long enough',
    situation: { afterMs: 46 * MINUTE_MS, rollout: { status: 'unknown', statusText: 'canary' } },
    gives: {
      command: { kind: 'pause', mark: 'deadline', outcome: 'held' },
      reason: 'deadline_passed',
      detail: 'the API says canary',
    },
  },
  {
    fact: 'a status that nobody documents holds the bake at the target as well',
    situation: {
      afterMs: 16 * MINUTE_MS,
      state: AT_TARGET,
      rollout: { status: 'unknown', statusText: 'canary' },
    },
    gives: { command: waitUntil(17 * MINUTE_MS), reason: 'status_unknown', detail: 'the API says canary' },
  },
  {
    fact: 'completed below the target is not believed',
    situation: { afterMs: 16 * MINUTE_MS, rollout: { status: 'completed' } },
    gives: { command: waitUntil(17 * MINUTE_MS), reason: 'status_unknown', detail: 'the API says completed' },
  },
  {
    fact: 'completed at the target is the bake',
    situation: { afterMs: MINUTE_MS, state: AT_TARGET, rollout: { status: 'completed' } },
    gives: { command: waitUntil(2 * MINUTE_MS), reason: 'baking', detail: null },
  },
  {
    fact: "completed at the plan's own target is the bake",
    situation: {
      afterMs: MINUTE_MS,
      plan: { stages: stagesOf(10, 50) },
      state: { phase: 'baking', stageIndex: 1, percentage: 50 },
      rollout: { status: 'completed' },
    },
    gives: { command: waitUntil(2 * MINUTE_MS), reason: 'baking', detail: null },
  },
  {
    fact: "a rollout below the plan's first stage is raised to it at once",
    situation: { afterMs: 0, plan: { stages: stagesOf(5, 100) } },
    gives: {
      command: { kind: 'raise', stageIndex: 0, percentage: 5 },
      reason: 'adopted',
      detail: "below the plan's first stage",
    },
  },
];

describe('by its status', () => {
  it.each(STATUSES)('$fact', ({ situation, gives }) => {
    expect(essenceOf(situation)).toEqual(gives);
  });
});
