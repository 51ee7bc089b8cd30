import { describe, expect, it } from 'vitest';
import type { Reading, Verdict, Window } from '../../../src/core/evidence.ts';
import { judge } from '../../../src/core/judge.ts';
import type { RateGate } from '../../../src/core/plan.ts';
import { HOUR_MS } from '../../../src/core/units.ts';
import {
  aJudging,
  anAdoptionGate,
  aRateGate,
  aReading,
  countsOf,
  evidenceOf,
  T0,
} from '../../support/core-builders.ts';

const NOW = T0 + HOUR_MS;
const WINDOW: Window = { from: T0, to: NOW };
const HOLD = Math.log(10);

function errors(events: number, over: Partial<RateGate> = {}, trials = 1000): Reading {
  return aReading({ gate: aRateGate(over), evidence: evidenceOf(countsOf(events, trials), WINDOW) });
}

function verdictsOf(readings: readonly Reading[], at = aJudging()): readonly Verdict[] {
  return judge(readings, at).verdicts.map(({ verdict }) => verdict);
}

const INCIDENT = aReading({
  gate: aRateGate({ margin: 0 }),
  evidence: evidenceOf(countsOf(620, 6000), WINDOW, countsOf(601, 6000)),
});

describe('the odds of a look', () => {
  it('are those of the gate where there is one', () => {
    const { odds, verdicts } = judge([errors(92)], aJudging());
    expect(odds).toEqual({
      logOdds: verdicts[0]?.evidence?.limit,
      logOddsUnblamed: verdicts[0]?.evidence?.limit,
      tests: 1,
    });
  });

  it('are the mean of all tests of the critical gates', () => {
    const readings = [
      errors(92),
      errors(92, { name: 'crash_rate', margin: 0 }),
      errors(0, { severity: 'hold' }),
    ];
    const { odds, verdicts } = judge(readings, aJudging());
    const logs = verdicts.slice(0, 2).flatMap(({ evidence }) => [evidence?.limit, evidence?.baseline]);
    const evidence = logs.filter((log) => typeof log === 'number').map(Math.exp);
    expect(odds?.tests).toBe(3);
    expect(odds?.logOdds).toBeCloseTo(Math.log(evidence.reduce((sum, e) => sum + e, 0) / 3), 10);
  });

  it.each<{ fact: string; readings: readonly Reading[] }>([
    { fact: 'no gate', readings: [] },
    {
      fact: 'only gates that hold or warn',
      readings: [errors(0, { severity: 'hold' }), errors(0, { severity: 'warn' })],
    },
    {
      fact: 'only a critical gate on devices',
      readings: [
        aReading({
          gate: anAdoptionGate({ severity: 'critical' }),
          evidence: evidenceOf(countsOf(95, 100), WINDOW),
        }),
      ],
    },
  ])('do not exist with $fact', ({ readings }) => {
    expect(judge(readings, aJudging())).toMatchObject({ odds: null, leaning: false, provenSafe: false });
  });

  it('count a gate without data as neither good nor bad', () => {
    const silent = aReading({ evidence: { kind: 'none', why: 'no rows' } });
    expect(judge([silent], aJudging()).odds).toEqual({ logOdds: 0, logOddsUnblamed: 0, tests: 1 });
  });

  it('do not count a gate on values, which has no evidence of chance', () => {
    const value = { kind: 'value', value: 0.9, devices: null, covered: WINDOW } as const;
    const bare = aReading({ evidence: value, recent: [value] });
    expect(judge([bare, errors(3)], aJudging()).odds?.tests).toBe(1);
  });
});

describe('harm is proven', () => {
  it.each<{ fact: string; readings: readonly Reading[]; gives: readonly Verdict[] }>([
    { fact: 'at 100:1 of the only gate', readings: [errors(99)], gives: ['fail'] },
    { fact: 'not below', readings: [errors(98)], gives: ['inconclusive'] },
    {
      fact: 'not where a second gate halves the odds',
      readings: [errors(99), errors(0, { name: 'memory_rate' })],
      gives: ['inconclusive', 'pass'],
    },
    {
      fact: 'by two gates together: the one with more evidence is the cause',
      readings: [errors(98), errors(100)],
      gives: ['inconclusive', 'fail'],
    },
    {
      fact: 'by the gate with the most evidence, others of little evidence pass',
      readings: [errors(3), errors(300), errors(4)],
      gives: ['pass', 'fail', 'pass'],
    },
    {
      fact: 'by every gate that reaches 100:1 itself',
      readings: [errors(300), errors(200), errors(92)],
      gives: ['fail', 'fail', 'inconclusive'],
    },
    {
      fact: 'by a gate that holds only at 10:1 and alone',
      readings: [errors(3), errors(90, { severity: 'hold' })],
      gives: ['pass', 'fail'],
    },
    {
      fact: 'not by a gate that holds, below 10:1',
      readings: [errors(3), errors(85, { severity: 'hold' })],
      gives: ['pass', 'pass'],
    },
    {
      fact: 'by a gate that warns at 10:1, which proves nothing about the others',
      readings: [errors(3), errors(900, { severity: 'warn' })],
      gives: ['pass', 'fail'],
    },
  ])('$fact', ({ readings, gives }) => {
    expect(verdictsOf(readings)).toEqual(gives);
  });

  it('by earlier stages together with this one', () => {
    const half = evidenceOf(countsOf(80, 1000), WINDOW);
    const alone = judge([aReading({ evidence: half })], aJudging());
    const both = judge([aReading({ evidence: half, earlier: [half, half] })], aJudging());
    expect(alone.odds?.logOdds).toBeLessThan(HOLD);
    expect(both.odds?.logOdds).toBeGreaterThan(HOLD);
  });
});

describe('a look leans towards harm', () => {
  it.each<{ fact: string; readings: readonly Reading[]; gives: boolean }>([
    { fact: 'not below 10:1', readings: [errors(87)], gives: false },
    { fact: 'from 10:1 on', readings: [errors(90)], gives: true },
    { fact: 'when the whole fleet breaks a limit', readings: [INCIDENT], gives: true },
    {
      fact: 'not for a gate that holds',
      readings: [errors(3), errors(300, { severity: 'hold' })],
      gives: false,
    },
  ])('$fact', ({ readings, gives }) => {
    expect(judge(readings, aJudging()).leaning).toBe(gives);
  });

  it('and the gate with the most suspicion is the one that is inconclusive', () => {
    expect(verdictsOf([errors(3), INCIDENT, errors(4)])).toEqual(['pass', 'inconclusive', 'pass']);
  });

  it('and a gate that leans alone does not pass, whatever the others say', () => {
    expect(judge([errors(92), errors(0), errors(0), errors(0)], aJudging()).leaning).toBe(false);
    expect(verdictsOf([errors(92), errors(0), errors(0), errors(0)])).toEqual([
      'pass',
      'pass',
      'pass',
      'pass',
    ]);
    expect(verdictsOf([errors(98), errors(95), errors(0), errors(0)])).toEqual([
      'inconclusive',
      'inconclusive',
      'pass',
      'pass',
    ]);
  });
});
