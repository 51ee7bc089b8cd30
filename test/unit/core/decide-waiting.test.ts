import { describe, expect, it } from 'vitest';
import type { ReasonCode } from '../../../src/core/reason-codes.ts';
import { MINUTE_MS, SECOND_MS } from '../../../src/core/units.ts';
import { aStage, stagesOf, T0 } from '../../support/core-builders.ts';
import { type Essence, essenceOf, type Situation } from '../../support/situations.ts';

const AFTER_SOAK = 20 * MINUTE_MS;
const UNCERTAIN =
  'error rate 0% [0% to 1.54%], limit 5% (0 of 1 000 requests, level 0): 1:71 that it is beyond its limit, all gates 1:71, rollback at 100:1; measured from before the stage or its warm-up, which never passes it';
const HOLDING =
  'error rate 30% [22.4% to 38.4%], limit 5% (300 of 1 000 requests, level 0): over 1 000 000:1 that it is beyond its limit (99.9% sure), alone, holds at 10:1';
const WARM: Situation['plan'] = { stages: [aStage({ warmupMs: 5 * MINUTE_MS }), ...stagesOf(100)] };
const AT_TARGET = { phase: 'baking', stageIndex: 2, percentage: 100 } as const;

interface Row {
  readonly fact: string;
  readonly situation: Situation;
  readonly gives: ReasonCode;
  readonly until: number;
  readonly says?: string;
}

const TIMERS: readonly Row[] = [
  {
    fact: 'for the warm-up first',
    situation: { afterMs: MINUTE_MS, plan: WARM },
    gives: 'warming_up',
    until: 2 * MINUTE_MS,
  },
  {
    fact: 'until the warm-up ends, when that is sooner than the next interval',
    situation: { afterMs: 4.5 * MINUTE_MS, plan: WARM },
    gives: 'warming_up',
    until: 5 * MINUTE_MS,
  },
  {
    fact: 'for the soak from the end of the warm-up on',
    situation: { afterMs: 5 * MINUTE_MS, plan: WARM },
    gives: 'soaking',
    until: 6 * MINUTE_MS,
  },
  {
    fact: 'until the soak ends, when that is sooner than the next interval',
    situation: { afterMs: 14.5 * MINUTE_MS, gates: [['inconclusive']] },
    gives: 'soaking',
    until: 15 * MINUTE_MS,
  },
  {
    fact: 'until half the soak, when proof of safety could end it, and when that is sooner than the next interval',
    situation: { afterMs: 7 * MINUTE_MS },
    gives: 'soaking',
    until: 7.5 * MINUTE_MS,
  },
  {
    fact: 'for the whole bake, however safe it looks',
    situation: { afterMs: 8 * MINUTE_MS, state: AT_TARGET },
    gives: 'baking',
    until: 9 * MINUTE_MS,
  },
  {
    fact: 'for the bake at the target',
    situation: { afterMs: 14 * MINUTE_MS, state: AT_TARGET },
    gives: 'baking',
    until: 15 * MINUTE_MS,
  },
  {
    fact: 'for the warm-up of the bake',
    situation: {
      afterMs: 0,
      plan: { stages: [aStage({ percentage: 100, warmupMs: 5 * MINUTE_MS })] },
      state: { phase: 'baking', percentage: 100 },
    },
    gives: 'warming_up',
    until: MINUTE_MS,
  },
  {
    fact: 'five seconds at the beginning of a stage, where the interval is automatic',
    situation: { afterMs: 0, look: { poll: { kind: 'auto' } } },
    gives: 'soaking',
    until: 5 * SECOND_MS,
  },
  {
    fact: 'half a minute later in a stage, where the interval is automatic',
    situation: { afterMs: 12 * MINUTE_MS, gates: [['inconclusive']], look: { poll: { kind: 'auto' } } },
    gives: 'soaking',
    until: 12.5 * MINUTE_MS,
  },
  {
    fact: 'for the soak and not for the gates, while it lasts',
    situation: { afterMs: MINUTE_MS, gates: [['error'], ['no_data'], ['inconclusive'], ['fail', 'hold']] },
    gives: 'soaking',
    until: 2 * MINUTE_MS,
  },
];

const LACKS: readonly Row[] = [
  {
    fact: 'a measurement that failed comes before all else',
    situation: {
      afterMs: AFTER_SOAK,
      gates: [['fail', 'hold'], ['inconclusive'], ['no_data'], ['error']],
      state: { lastMeasuredAt: T0 + AFTER_SOAK },
    },
    gives: 'measurement_failed',
    until: 21 * MINUTE_MS,
    says: 'error rate: HTTP 503',
  },
  {
    fact: 'missing data comes before too few samples',
    situation: { afterMs: AFTER_SOAK, gates: [['fail', 'hold'], ['inconclusive'], ['no_data']] },
    gives: 'no_data',
    until: 21 * MINUTE_MS,
    says: 'error rate: no rows',
  },
  {
    fact: 'too few samples come before a gate that holds',
    situation: { afterMs: AFTER_SOAK, gates: [['fail', 'hold'], ['inconclusive']] },
    gives: 'more_evidence_needed',
    until: 21 * MINUTE_MS,
    says: UNCERTAIN,
  },
  {
    fact: 'a gate that holds comes last',
    situation: { afterMs: AFTER_SOAK, gates: [['pass'], ['fail', 'hold']] },
    gives: 'hold_gate_failing',
    until: 21 * MINUTE_MS,
    says: HOLDING,
  },
  {
    fact: 'the bake waits for evidence as every stage does',
    situation: { afterMs: AFTER_SOAK, state: AT_TARGET, gates: [['inconclusive']] },
    gives: 'more_evidence_needed',
    until: 21 * MINUTE_MS,
    says: UNCERTAIN,
  },
  {
    fact: 'too few samples of a gate that holds block as well',
    situation: { afterMs: AFTER_SOAK, gates: [['inconclusive', 'hold']] },
    gives: 'more_evidence_needed',
    until: 21 * MINUTE_MS,
    says: UNCERTAIN.replace('all gates 1:71, rollback at 100:1', 'alone, holds at 10:1'),
  },
];

describe('a stage waits', () => {
  it.each(TIMERS)('$fact', ({ situation, gives, until }) => {
    const command = { kind: 'wait', until: T0 + until } as const;
    expect(essenceOf(situation)).toEqual({ command, reason: gives, detail: null } satisfies Essence);
  });
});

describe('after the soak', () => {
  it.each(LACKS)('$fact', ({ situation, gives, until, says = null }) => {
    const command = { kind: 'wait', until: T0 + until } as const;
    expect(essenceOf(situation)).toEqual({ command, reason: gives, detail: says } satisfies Essence);
  });
});
