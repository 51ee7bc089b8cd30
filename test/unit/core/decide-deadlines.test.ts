import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/units.ts';
import { aStage, stagesOf, T0 } from '../../support/core-builders.ts';
import { type Essence, essenceOf, type Situation } from '../../support/situations.ts';

interface Row {
  readonly fact: string;
  readonly situation: Situation;
  readonly gives: Essence;
}

const PAUSED: Essence['command'] = { kind: 'pause', mark: 'deadline', outcome: 'held' };
const BACK: Essence['command'] = {
  kind: 'roll_back',
  cause: 'deadline_passed_rolled_back',
  toVersion: '1.9.0',
};
const UNCERTAIN =
  'error rate 0% [0% to 1.54%], limit 5% (0 of 1 000 requests, level 0): 1:71 that it is beyond its limit, all gates 1:71, rollback at 100:1; measured from before the stage or its warm-up, which never passes it';
const AT_TARGET = { phase: 'baking', stageIndex: 2, percentage: 100 } as const;
const LONG_WARM_UP = { stages: [aStage({ warmupMs: 40 * MINUTE_MS }), ...stagesOf(100)] } as const;
const HOUR_DEADLINE = { deadlineMs: HOUR_MS } as const;

function waits(afterMs: number, reason: Essence['reason'], detail: string | null): Essence {
  return { command: { kind: 'wait', until: T0 + afterMs }, reason, detail };
}

const AGES: readonly Row[] = [
  {
    fact: 'a source may fail for ten minutes',
    situation: { afterMs: 10 * MINUTE_MS, gates: [['error']] },
    gives: waits(11 * MINUTE_MS, 'soaking', null),
  },
  {
    fact: 'a source that fails longer pauses the rollout, before its soak is over',
    situation: { afterMs: 10 * MINUTE_MS + 1, gates: [['pass'], ['error']] },
    gives: { command: PAUSED, reason: 'measurement_failed', detail: 'error rate: HTTP 503' },
  },
  {
    fact: 'a source that fails has five intervals where they are longer',
    situation: {
      afterMs: 15 * MINUTE_MS,
      gates: [['error']],
      look: { poll: { kind: 'fixed', everyMs: 3 * MINUTE_MS } },
    },
    gives: waits(18 * MINUTE_MS, 'measurement_failed', 'error rate: HTTP 503'),
  },
  {
    fact: 'a source that fails now and answered a minute ago is asked again',
    situation: {
      afterMs: 40 * MINUTE_MS,
      gates: [['error']],
      state: { lastMeasuredAt: T0 + 39 * MINUTE_MS },
    },
    gives: waits(41 * MINUTE_MS, 'measurement_failed', 'error rate: HTTP 503'),
  },
  {
    fact: 'an old failure does not count against a source that answers again',
    situation: { afterMs: 40 * MINUTE_MS, gates: [['inconclusive']] },
    gives: waits(41 * MINUTE_MS, 'more_evidence_needed', UNCERTAIN),
  },
  {
    fact: 'a warning that cannot be measured never pauses',
    situation: { afterMs: 14 * MINUTE_MS, gates: [['error', 'warn']] },
    gives: waits(15 * MINUTE_MS, 'soaking', null),
  },
  {
    fact: 'data may be missing for the grace of the plan',
    situation: { afterMs: 30 * MINUTE_MS, gates: [['no_data']] },
    gives: waits(31 * MINUTE_MS, 'no_data', 'error rate: no rows'),
  },
  {
    fact: 'data that is missing longer pauses the rollout',
    situation: { afterMs: 30 * MINUTE_MS + 1, gates: [['pass'], ['no_data']] },
    gives: { command: PAUSED, reason: 'no_data', detail: 'error rate: no rows' },
  },
  {
    fact: 'missing data is measured from the last evidence',
    situation: {
      afterMs: 40 * MINUTE_MS,
      gates: [['no_data']],
      state: { lastEvidenceAt: T0 + 10 * MINUTE_MS },
    },
    gives: waits(41 * MINUTE_MS, 'no_data', 'error rate: no rows'),
  },
  {
    fact: 'missing data of a warning never pauses',
    situation: { afterMs: 40 * MINUTE_MS, gates: [['no_data', 'warn'], ['inconclusive']] },
    gives: waits(41 * MINUTE_MS, 'more_evidence_needed', UNCERTAIN),
  },
  {
    fact: 'a failing source is named before missing data',
    situation: { afterMs: HOUR_MS, gates: [['no_data'], ['error']] },
    gives: { command: PAUSED, reason: 'measurement_failed', detail: 'error rate: HTTP 503' },
  },
];

const STAGE_WAITS: readonly Row[] = [
  {
    fact: 'waits for evidence as long as it may',
    situation: { afterMs: 45 * MINUTE_MS, gates: [['inconclusive']] },
    gives: waits(46 * MINUTE_MS, 'more_evidence_needed', UNCERTAIN),
  },
  {
    fact: 'is paused when it has waited longer',
    situation: { afterMs: 45 * MINUTE_MS + 1, gates: [['inconclusive']] },
    gives: {
      command: PAUSED,
      reason: 'deadline_passed',
      detail: `${UNCERTAIN}; waited 30m1s beyond the soak`,
    },
  },
  {
    fact: 'waits from the end of its warm-up where that is longer than its soak',
    situation: { afterMs: 70 * MINUTE_MS, gates: [['inconclusive']], plan: LONG_WARM_UP },
    gives: waits(71 * MINUTE_MS, 'more_evidence_needed', UNCERTAIN),
  },
  {
    fact: 'is rolled back where the plan says on_deadline: rollback',
    situation: { afterMs: HOUR_MS, gates: [['inconclusive']], plan: { onDeadline: 'rollback' } },
    gives: {
      command: BACK,
      reason: 'deadline_passed_rolled_back',
      detail: `${UNCERTAIN}; waited 45m beyond the soak`,
    },
  },
  {
    fact: 'is paused where there is no version to return to',
    situation: {
      afterMs: HOUR_MS,
      gates: [['inconclusive']],
      plan: { onDeadline: 'rollback' },
      state: { previousVersion: null },
    },
    gives: {
      command: PAUSED,
      reason: 'deadline_passed',
      detail: `${UNCERTAIN}; waited 45m beyond the soak`,
    },
  },
  {
    fact: 'is never overdue when its gates pass, however late one looks',
    situation: { afterMs: 9 * HOUR_MS },
    gives: {
      command: { kind: 'raise', stageIndex: 1, percentage: 10 },
      reason: 'stage_passed',
      detail: null,
    },
  },
  {
    fact: 'waits and pauses in the bake as well',
    situation: { afterMs: HOUR_MS, gates: [['inconclusive']], state: AT_TARGET },
    gives: {
      command: PAUSED,
      reason: 'deadline_passed',
      detail: `${UNCERTAIN}; waited 45m beyond the soak`,
    },
  },
];

const AN_HOUR_OLD = { createdAt: T0 + 20 * MINUTE_MS - HOUR_MS } as const;
const OLDER = { createdAt: T0 + 20 * MINUTE_MS - HOUR_MS - 1 } as const;

const PLAN_DEADLINE: readonly Row[] = [
  {
    fact: 'is not over at the very moment',
    situation: { afterMs: 20 * MINUTE_MS, plan: HOUR_DEADLINE, state: AN_HOUR_OLD },
    gives: {
      command: { kind: 'raise', stageIndex: 1, percentage: 10 },
      reason: 'stage_passed',
      detail: null,
    },
  },
  {
    fact: 'stops a rollout whose gates pass',
    situation: { afterMs: 20 * MINUTE_MS, plan: HOUR_DEADLINE, state: OLDER },
    gives: { command: PAUSED, reason: 'deadline_passed', detail: "the plan's deadline of 1h is over" },
  },
  {
    fact: 'rolls back where the plan says so, although the gates pass',
    situation: {
      afterMs: 20 * MINUTE_MS,
      plan: { ...HOUR_DEADLINE, onDeadline: 'rollback' },
      state: OLDER,
    },
    gives: {
      command: BACK,
      reason: 'deadline_passed_rolled_back',
      detail: "the plan's deadline of 1h is over",
    },
  },
  {
    fact: 'leaves time for evidence at the very moment',
    situation: {
      afterMs: 20 * MINUTE_MS,
      plan: HOUR_DEADLINE,
      state: AN_HOUR_OLD,
      gates: [['inconclusive']],
    },
    gives: waits(21 * MINUTE_MS, 'more_evidence_needed', UNCERTAIN),
  },
  {
    fact: 'stops a rollout that lacks evidence',
    situation: { afterMs: 20 * MINUTE_MS, plan: HOUR_DEADLINE, state: OLDER, gates: [['inconclusive']] },
    gives: {
      command: PAUSED,
      reason: 'deadline_passed',
      detail: `${UNCERTAIN}; the plan's deadline of 1h is over`,
    },
  },
  {
    fact: 'does not cut a soak short',
    situation: { afterMs: 14 * MINUTE_MS, plan: HOUR_DEADLINE, state: { createdAt: T0 - HOUR_MS } },
    gives: waits(15 * MINUTE_MS, 'soaking', null),
  },
  {
    fact: 'does not stop a bake that has passed',
    situation: { afterMs: 20 * MINUTE_MS, plan: HOUR_DEADLINE, state: { ...OLDER, ...AT_TARGET } },
    gives: {
      command: { kind: 'finish', outcome: 'completed' },
      reason: 'completed_unconfirmed_devices',
      detail: null,
    },
  },
];

describe('the age of the last good reading', () => {
  it.each(AGES)('$fact', ({ situation, gives }) => {
    expect(essenceOf(situation)).toEqual(gives);
  });
});

describe('a stage', () => {
  it.each(STAGE_WAITS)('$fact', ({ situation, gives }) => {
    expect(essenceOf(situation)).toEqual(gives);
  });
});

describe("the plan's deadline", () => {
  it.each(PLAN_DEADLINE)('$fact', ({ situation, gives }) => {
    expect(essenceOf(situation)).toEqual(gives);
  });
});
