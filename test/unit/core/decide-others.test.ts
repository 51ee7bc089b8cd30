import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/units.ts';
import { T0 } from '../../support/core-builders.ts';
import { type Essence, essenceOf, type Situation } from '../../support/situations.ts';

interface Row {
  readonly fact: string;
  readonly situation: Situation;
  readonly gives: Essence;
}

function waitUntil(afterMs: number): Essence['command'] {
  return { kind: 'wait', until: T0 + afterMs };
}

const SUPERSEDED: Essence['command'] = { kind: 'finish', outcome: 'superseded' };
const AT_TARGET = { phase: 'baking', stageIndex: 2, percentage: 100 } as const;
const UNREADABLE = { kind: 'unreadable', why: 'HTTP 503' } as const;

const ENDED_BY_OTHERS: readonly Row[] = [
  {
    fact: 'a deleted rollout ends the run',
    situation: { afterMs: MINUTE_MS, server: { kind: 'gone' } },
    gives: {
      command: SUPERSEDED,
      reason: 'rollout_gone',
      detail: 'the rollout does not exist any more',
    },
  },
  {
    fact: 'a cancelled rollout ends the run',
    situation: { afterMs: MINUTE_MS, rollout: { status: 'cancelled', statusText: 'canceled' } },
    gives: { command: SUPERSEDED, reason: 'rollout_gone', detail: 'the API says canceled' },
  },
  {
    fact: 'a failed rollout ends the run',
    situation: { afterMs: MINUTE_MS, rollout: { status: 'failed' } },
    gives: { command: SUPERSEDED, reason: 'rollout_gone', detail: 'the API says failed' },
  },
  {
    fact: 'another version under our id ends the run',
    situation: { afterMs: MINUTE_MS, rollout: { version: '2.0.1' } },
    gives: {
      command: SUPERSEDED,
      reason: 'another_version',
      detail: "the API shows version 2.0.1 under our rollout's id",
    },
  },
  {
    fact: 'another version under our id is not followed, even if it is rolled back',
    situation: { afterMs: MINUTE_MS, rollout: { version: '2.0.1', status: 'rolled_back' } },
    gives: {
      command: SUPERSEDED,
      reason: 'another_version',
      detail: "the API shows version 2.0.1 under our rollout's id",
    },
  },
  {
    fact: "somebody's rollback is followed until it is confirmed",
    situation: { afterMs: MINUTE_MS, rollout: { status: 'rolled_back' } },
    gives: {
      command: { kind: 'follow_rollback' },
      reason: 'rolled_back_by_server',
      detail: 'the API says rolled_back',
    },
  },
  {
    fact: "somebody's rollback is followed while it goes on",
    situation: { afterMs: MINUTE_MS, rollout: { status: 'rolling_back', statusText: 'reverting' } },
    gives: {
      command: { kind: 'follow_rollback' },
      reason: 'rolled_back_by_server',
      detail: 'the API says reverting',
    },
  },
  {
    fact: 'a rollback is followed at once and not taken for a lowered percentage',
    situation: {
      afterMs: MINUTE_MS,
      state: AT_TARGET,
      rollout: { status: 'rolled_back', percentage: 0 },
    },
    gives: {
      command: { kind: 'follow_rollback' },
      reason: 'rolled_back_by_server',
      detail: 'the API says rolled_back',
    },
  },
];

const UNREADABLE_ROWS: readonly Row[] = [
  {
    fact: 'is asked again after one interval',
    situation: { afterMs: MINUTE_MS, server: UNREADABLE },
    gives: { command: waitUntil(2 * MINUTE_MS), reason: 'server_unreadable', detail: 'HTTP 503' },
  },
  {
    fact: 'is asked again until it was silent for ten minutes',
    situation: { afterMs: 10 * MINUTE_MS, server: UNREADABLE },
    gives: { command: waitUntil(11 * MINUTE_MS), reason: 'server_unreadable', detail: 'HTTP 503' },
  },
  {
    fact: 'is given up after more than ten minutes',
    situation: { afterMs: 10 * MINUTE_MS + 1, server: UNREADABLE },
    gives: {
      command: { kind: 'finish', outcome: 'error' },
      reason: 'api_unavailable',
      detail: 'not readable for 10m1s: HTTP 503',
    },
  },
  {
    fact: 'has five intervals where they are longer',
    situation: {
      afterMs: 25 * MINUTE_MS,
      server: UNREADABLE,
      look: { poll: { kind: 'fixed', everyMs: 5 * MINUTE_MS } },
    },
    gives: { command: waitUntil(30 * MINUTE_MS), reason: 'server_unreadable', detail: 'HTTP 503' },
  },
  {
    fact: 'is measured from when it could last be read',
    situation: { afterMs: HOUR_MS, server: UNREADABLE, state: { lastServerAt: T0 + 59 * MINUTE_MS } },
    gives: { command: waitUntil(61 * MINUTE_MS), reason: 'server_unreadable', detail: 'HTTP 503' },
  },
  {
    fact: 'never advances, although every gate passes',
    situation: { afterMs: 15 * MINUTE_MS, server: UNREADABLE, state: { lastServerAt: T0 + 14 * MINUTE_MS } },
    gives: { command: waitUntil(16 * MINUTE_MS), reason: 'server_unreadable', detail: 'HTTP 503' },
  },
];

const PERCENTAGES: readonly Row[] = [
  {
    fact: 'raised within the stage is followed',
    situation: { afterMs: MINUTE_MS, rollout: { percentage: 5 } },
    gives: {
      command: { kind: 'follow_percentage', percentage: 5 },
      reason: 'adopted',
      detail: 'somebody raised it from 1% to 5%',
    },
  },
  {
    fact: 'raised to the target is followed',
    situation: { afterMs: MINUTE_MS, rollout: { percentage: 100 } },
    gives: {
      command: { kind: 'follow_percentage', percentage: 100 },
      reason: 'adopted',
      detail: 'somebody raised it from 1% to 100%',
    },
  },
  {
    fact: 'raised and paused is followed first',
    situation: { afterMs: MINUTE_MS, rollout: { percentage: 5, status: 'paused' } },
    gives: {
      command: { kind: 'follow_percentage', percentage: 5 },
      reason: 'adopted',
      detail: 'somebody raised it from 1% to 5%',
    },
  },
  {
    fact: 'lowered ends the run and is not raised again',
    situation: {
      afterMs: HOUR_MS,
      state: { stageIndex: 1, percentage: 10 },
      rollout: { percentage: 2.5 },
    },
    gives: {
      command: { kind: 'finish', outcome: 'held' },
      reason: 'percentage_lowered',
      detail: 'somebody lowered it from 10% to 2.5%',
    },
  },
];

describe('what others ended', () => {
  it.each(ENDED_BY_OTHERS)('$fact', ({ situation, gives }) => {
    expect(essenceOf(situation)).toEqual(gives);
  });
});

describe('an API that cannot be read', () => {
  it.each(UNREADABLE_ROWS)('$fact', ({ situation, gives }) => {
    expect(essenceOf(situation)).toEqual(gives);
  });
});

describe('INV-6: a percentage that somebody', () => {
  it.each(PERCENTAGES)('$fact', ({ situation, gives }) => {
    expect(essenceOf(situation)).toEqual(gives);
  });
});
