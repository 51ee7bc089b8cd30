import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../src/core/evidence.ts';
import { MINUTE_MS } from '../../../src/core/units.ts';
import {
  aDeviceCount,
  aRateGate,
  aReading,
  aStage,
  countsOf,
  evidenceOf,
  stagesOf,
  T0,
} from '../../support/core-builders.ts';
import { decideOn, type Essence, essenceOf, type Situation } from '../../support/situations.ts';

const HALF = 7.5 * MINUTE_MS;
const AT_TARGET = { phase: 'baking', stageIndex: 2, percentage: 100 } as const;
const EARLY: Essence = {
  command: { kind: 'raise', stageIndex: 1, percentage: 10 },
  reason: 'stage_passed',
  detail: 'proven safe for 10% after 7m30s of 15m',
};

function errors(events: number, trials = 1000, afterMs = HALF): Reading {
  return aReading({ evidence: evidenceOf(countsOf(events, trials), { from: T0, to: T0 + afterMs }) });
}

describe('a stage that is proven safe passes', () => {
  it('after half its soak', () => {
    expect(essenceOf({ afterMs: HALF })).toEqual(EARLY);
  });

  it('after half its soak, rounded up to a millisecond', () => {
    const stages = [aStage({ soakMs: 15 * MINUTE_MS + 1 }), ...stagesOf(10, 100)] as const;
    expect(essenceOf({ afterMs: HALF, plan: { stages } }).reason).toBe('soaking');
    expect(essenceOf({ afterMs: HALF + 1, plan: { stages } }).reason).toBe('stage_passed');
  });

  it('at the end of its soak without a word of it', () => {
    expect(essenceOf({ afterMs: 15 * MINUTE_MS })).toEqual({ ...EARLY, detail: null });
  });

  it('although a warning fails', () => {
    expect(essenceOf({ afterMs: HALF, gates: [['pass'], ['fail', 'warn']] })).toEqual(EARLY);
  });

  it('at the very moment of the deadline of the plan', () => {
    expect(essenceOf({ afterMs: HALF, plan: { deadlineMs: HALF } })).toEqual(EARLY);
  });

  it('for the share that comes next, which somebody may have brought nearer', () => {
    const readings = [errors(0, 60)];
    const situation = { afterMs: HALF, gates: [], readings } as const;
    expect(essenceOf(situation)).toEqual(EARLY);
    expect(essenceOf({ ...situation, state: { stageIndex: 1, percentage: 10 } }).reason).toBe('soaking');
    expect(essenceOf({ ...situation, plan: { stages: stagesOf(1, 100) } }).reason).toBe('soaking');
  });
});

describe('a stage is not cut short', () => {
  it.each<{ fact: string; situation: Situation; gives: Essence['reason'] }>([
    { fact: 'before half its soak', situation: { afterMs: HALF - 1 }, gives: 'soaking' },
    {
      fact: 'without proof',
      situation: { afterMs: HALF, gates: [], readings: [errors(0, 10)] },
      gives: 'soaking',
    },
    { fact: 'without a gate', situation: { afterMs: HALF, gates: [] }, gives: 'soaking' },
    {
      fact: 'with gates that only hold',
      situation: { afterMs: HALF, gates: [['pass', 'hold']] },
      gives: 'soaking',
    },
    {
      fact: 'while a gate that holds fails',
      situation: { afterMs: HALF, gates: [['pass'], ['fail', 'hold']] },
      gives: 'soaking',
    },
    {
      fact: 'while a gate that holds has no data',
      situation: { afterMs: HALF, gates: [['pass'], ['no_data', 'hold']] },
      gives: 'soaking',
    },
    {
      fact: 'while it leans towards harm',
      situation: { afterMs: HALF, gates: [['pass']], readings: [errors(100)] },
      gives: 'soaking',
    },
    {
      fact: 'while too few devices run it',
      situation: {
        afterMs: HALF,
        plan: { stages: [aStage({ minDevices: 40 }), ...stagesOf(10, 100)] },
        look: { devices: aDeviceCount({ onVersion: 39 }) },
      },
      gives: 'soaking',
    },
    { fact: 'in the bake', situation: { afterMs: HALF, state: AT_TARGET }, gives: 'baking' },
    {
      fact: 'after the deadline of the plan, where only evidence and not time is left',
      situation: { afterMs: HALF, plan: { deadlineMs: HALF - 1 } },
      gives: 'soaking',
    },
    {
      fact: 'in its warm-up',
      situation: { afterMs: HALF, plan: { stages: [aStage({ warmupMs: HALF + 1 }), ...stagesOf(10, 100)] } },
      gives: 'warming_up',
    },
    {
      fact: 'while somebody pauses it',
      situation: { afterMs: HALF, rollout: { status: 'paused' } },
      gives: 'paused_by_other',
    },
  ])('$fact', ({ situation, gives }) => {
    const { command, reason } = essenceOf(situation);
    expect([command.kind, reason]).toEqual(['wait', gives]);
  });
});

describe('a look that leans towards harm', () => {
  const leaning = aReading({
    evidence: evidenceOf(countsOf(98, 1000), { from: T0, to: T0 + 20 * MINUTE_MS }),
  });

  it('waits under its own name after the soak', () => {
    expect(essenceOf({ afterMs: 20 * MINUTE_MS, gates: [], readings: [leaning] })).toEqual({
      command: { kind: 'wait', until: T0 + 21 * MINUTE_MS },
      reason: 'leaning_to_harm',
      detail:
        'error rate 9.8% [5.45% to 15.7%], limit 5% (98 of 1 000 requests, level 0): 63:1 that it is beyond its limit (98.4% sure), all gates 63:1, rollback at 100:1; leaning towards harm, so nothing advances',
    } satisfies Essence);
  });

  it('is stopped at the deadline of its stage', () => {
    const situation = { afterMs: 45 * MINUTE_MS + 1, gates: [] } as const;
    const window = { from: T0, to: T0 + situation.afterMs };
    const readings = [aReading({ evidence: evidenceOf(countsOf(98, 1000), window) })];
    const { command, reason } = essenceOf({ ...situation, readings });
    expect([command, reason]).toEqual([
      { kind: 'pause', mark: 'deadline', outcome: 'held' },
      'deadline_passed',
    ]);
  });
});

describe('a stage of pass_when: proven', () => {
  const stages = [aStage({ passWhen: 'proven' }), ...stagesOf(10, 100)] as const;

  it('waits for proof after its soak', () => {
    const readings = [errors(0, 10, 20 * MINUTE_MS)];
    const situation: Situation = { afterMs: 20 * MINUTE_MS, plan: { stages }, gates: [], readings };
    const { reason, detail } = essenceOf(situation);
    expect([reason, detail]).toEqual([
      'more_evidence_needed',
      'error rate 0% [0% to 82.9%], limit 5% (0 of 10 requests, level 0): 1:3.7 that it is beyond its limit, all gates 1:3.7, rollback at 100:1; proof that 10% is safe takes about 10 more requests (20m at this pace)',
    ]);
  });

  it('passes with it', () => {
    expect(essenceOf({ afterMs: 20 * MINUTE_MS, plan: { stages } }).reason).toBe('stage_passed');
  });
});

describe('the odds of a look', () => {
  it('go with its decision, whatever that is', () => {
    const { odds } = decideOn({
      afterMs: HALF,
      gates: [],
      readings: [errors(3), aReading({ gate: aRateGate({ severity: 'warn' }) })],
    });
    expect(odds?.tests).toBe(1);
    expect(odds?.logOdds).toBeLessThan(0);
  });

  it('take the design effect from the plan', () => {
    const readings = [errors(100)];
    const odds = (designEffect: number): number =>
      decideOn({ afterMs: HALF, gates: [], readings, plan: { designEffect } }).odds?.logOdds ?? Number.NaN;
    expect(odds(1)).toBeGreaterThan(Math.log(100));
    expect(odds(10)).toBeLessThan(Math.log(10));
  });

  it.each([
    {
      fact: 'no stage is long enough for a restart point',
      soakMs: 4 * MINUTE_MS,
      maxWaitMs: 6 * MINUTE_MS - 1,
      shared: 0,
    },
    {
      fact: 'one is, with its waiting',
      soakMs: 4 * MINUTE_MS,
      maxWaitMs: 6 * MINUTE_MS,
      shared: Math.log(0.75),
    },
  ])('are shared with restart points where $fact', ({ soakMs, maxWaitMs, shared }) => {
    const short = aStage({ soakMs: MINUTE_MS, maxWaitMs: 0 });
    const stages = [
      short,
      { ...short, percentage: 10, soakMs, maxWaitMs },
      { ...short, percentage: 100 },
    ] as const;
    const readings = [errors(3, 1000, MINUTE_MS / 2)];
    const { odds, verdicts } = decideOn({ afterMs: MINUTE_MS / 2, gates: [], readings, plan: { stages } });
    expect(odds?.logOdds).toBe(verdicts[0]?.evidence?.limit);
    expect(odds?.logOdds).toBeCloseTo(-3.9193605 + shared, 6);
  });
});
