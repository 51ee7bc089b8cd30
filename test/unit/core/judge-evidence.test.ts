import { describe, expect, it } from 'vitest';
import type { Evidence, Reading, Verdict, Window } from '../../../src/core/evidence.ts';
import { judge } from '../../../src/core/judge.ts';
import type { Gate, RateGate } from '../../../src/core/plan.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/core/units.ts';
import {
  aJudging,
  aLatencyGate,
  anAdoptionGate,
  aRateGate,
  aReading,
  aStage,
  countsOf,
  evidenceOf,
  T0,
} from '../../support/core-builders.ts';

const NOW = T0 + HOUR_MS;
const WINDOW: Window = { from: T0, to: NOW };
const HARM = Math.log(100);

function errors(events: number, over: Partial<RateGate> = {}, trials = 1000): Reading {
  return aReading({ gate: aRateGate(over), evidence: evidenceOf(countsOf(events, trials), WINDOW) });
}

function verdictsOf(readings: readonly Reading[], at = aJudging()): readonly Verdict[] {
  return judge(readings, at).verdicts.map(({ verdict }) => verdict);
}

describe('the next share is proven safe', () => {
  const relative: Gate = {
    kind: 'relative_latency',
    name: 'latency_p95',
    severity: 'critical',
    shadow: false,
    slowRatio: 0.05,
    margin: 0.1,
  };

  it.each<{
    fact: string;
    readings: readonly Reading[];
    at?: Partial<Parameters<typeof aJudging>[0]>;
    gives: boolean;
  }>([
    { fact: 'by plenty of good requests', readings: [errors(0)], gives: true },
    { fact: 'not for no gate', readings: [], gives: false },
    { fact: 'not by a few', readings: [errors(0, {}, 10)], gives: false },
    {
      fact: 'for a tenth of the fleet by sixty good requests',
      readings: [errors(0, {}, 60)],
      gives: true,
    },
    {
      fact: 'not for the whole fleet by those',
      readings: [errors(0, {}, 60)],
      at: { nextShare: 1 },
      gives: false,
    },
    { fact: 'not while one of several is not', readings: [errors(0), errors(0, {}, 10)], gives: false },
    {
      fact: 'whatever a gate that holds lacks',
      readings: [errors(0), errors(0, { severity: 'hold' }, 10)],
      gives: true,
    },
    {
      fact: 'not while a critical gate has no data',
      readings: [errors(0), aReading({ evidence: { kind: 'none', why: 'no rows' } })],
      gives: false,
    },
    {
      fact: 'not by evidence from before the stage',
      readings: [aReading({ evidence: evidenceOf(countsOf(0, 1000), { from: T0 - 1, to: NOW }) })],
      gives: false,
    },
    {
      fact: 'not while a critical gate on devices is no question of chance',
      readings: [
        errors(0),
        aReading({
          gate: anAdoptionGate({ severity: 'critical' }),
          evidence: evidenceOf(countsOf(95, 100), WINDOW),
        }),
      ],
      gives: false,
    },
    {
      fact: 'not by a comparison with nothing',
      readings: [aReading({ gate: relative, evidence: evidenceOf(countsOf(0, 1e6), WINDOW) })],
      gives: false,
    },
    {
      fact: 'by a latency that is compared',
      readings: [
        aReading({ gate: relative, evidence: evidenceOf(countsOf(5e4, 1e6), WINDOW, countsOf(5e4, 1e6)) }),
      ],
      gives: true,
    },
    {
      fact: 'by a latency within its limit',
      readings: [aReading({ gate: aLatencyGate(), evidence: evidenceOf(countsOf(1, 1e6), WINDOW) })],
      gives: true,
    },
  ])('$fact', ({ readings, at, gives }) => {
    expect(judge(readings, aJudging(at)).provenSafe).toBe(gives);
  });
});

describe('what cannot be used of a reading', () => {
  const good = evidenceOf(countsOf(3, 1000), WINDOW);
  const alone = judge([aReading({ evidence: good })], aJudging()).odds;

  it.each<{ fact: string; earlier: Evidence }>([
    { fact: 'an error', earlier: { kind: 'error', why: 'HTTP 503' } },
    { fact: 'nothing', earlier: { kind: 'none', why: 'no rows' } },
    { fact: 'a value', earlier: { kind: 'value', value: 0.9, devices: null, covered: WINDOW } },
    { fact: 'impossible numbers', earlier: evidenceOf(countsOf(9, 3), WINDOW) },
  ])('of an earlier stage, $fact, is left out', ({ earlier }) => {
    expect(judge([aReading({ evidence: good, earlier: [earlier] })], aJudging()).odds).toEqual(alone);
  });

  it('of an earlier stage is not its age', () => {
    const old = evidenceOf(countsOf(900, 1000), { from: T0 - 3 * HOUR_MS, to: T0 - 2 * HOUR_MS });
    const { odds } = judge([aReading({ evidence: good, earlier: [old] })], aJudging());
    expect(odds?.logOdds).toBeGreaterThan(HARM);
  });
});

describe('restart points', () => {
  const whole = evidenceOf(countsOf(30, 1000), WINDOW);
  const burst: Window = { from: NOW - 5 * MINUTE_MS, to: NOW };
  const restart = (evidence: Evidence): Reading =>
    aReading({ evidence: whole, restarts: [{ logWeight: Math.log(0.1), evidence }] });
  const oddsOf = (reading: Reading, restartable: boolean): number =>
    judge([reading], aJudging({ restartable })).odds?.logOdds ?? Number.NaN;

  it('show a fault that the whole stage buries', () => {
    const reading = restart(evidenceOf(countsOf(30, 40), burst));
    expect(oddsOf(reading, false)).toBeLessThan(0);
    expect(oddsOf(reading, true)).toBeGreaterThan(HARM);
  });

  it.each<{ fact: string; evidence: Evidence }>([
    { fact: 'an error', evidence: { kind: 'error', why: 'HTTP 503' } },
    { fact: 'impossible numbers', evidence: evidenceOf(countsOf(50, 40), burst) },
    { fact: 'a stale window', evidence: evidenceOf(countsOf(30, 40), { from: T0, to: NOW - HOUR_MS / 2 }) },
  ])('that gave $fact say nothing', ({ evidence }) => {
    expect(oddsOf(restart(evidence), true)).toBe(oddsOf(aReading({ evidence: whole }), true));
  });

  it('cost a quarter of the evidence also while none is due', () => {
    const reading = aReading({ evidence: whole });
    expect(oddsOf(reading, true)).toBeCloseTo(oddsOf(reading, false) + Math.log(0.75), 12);
  });
});

describe('a stage of pass_when: proven', () => {
  it.each<{ fact: string; reading: Reading; gives: Verdict }>([
    { fact: 'passes by proof', reading: errors(0), gives: 'pass' },
    { fact: 'waits for proof', reading: errors(0, {}, 10), gives: 'inconclusive' },
    {
      fact: 'waits for proof of a gate that holds',
      reading: errors(0, { severity: 'hold' }, 10),
      gives: 'inconclusive',
    },
    { fact: 'needs no proof of a warning', reading: errors(0, { severity: 'warn' }, 10), gives: 'pass' },
  ])('$fact', ({ reading, gives }) => {
    expect(verdictsOf([reading], aJudging({ stage: aStage({ passWhen: 'proven' }) }))).toEqual([gives]);
  });
});
