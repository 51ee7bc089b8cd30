import { describe, expect, it } from 'vitest';
import type { Counts, Evidence, Reading, SegmentReading, Window } from '../../../src/core/evidence.ts';
import { judge } from '../../../src/core/judge.ts';
import { HOUR_MS } from '../../../src/core/units.ts';
import { aJudging, aRateGate, aReading, countsOf, evidenceOf, T0 } from '../../support/core-builders.ts';

const WINDOW: Window = { from: T0, to: T0 + HOUR_MS };

function segment(value: string, candidate: Counts, over: Partial<SegmentReading> = {}): SegmentReading {
  const evidence = evidenceOf(candidate, WINDOW);
  return { segment: { by: 'device_class', value }, evidence, earlier: [], ...over };
}

/** A fleet of 10,000 requests with 150 errors, as its segments divide it. */
function divided(...readings: readonly SegmentReading[]): Reading {
  return aReading({
    gate: aRateGate(),
    evidence: evidenceOf(countsOf(150, 10_000), WINDOW),
    segments: { kind: 'read', readings },
  });
}

const HEALTHY = segment('phone-high', countsOf(40, 9_000));

describe('a gate with segments', () => {
  it('fails on the segment that proves harm although the whole fleet passes, and names it', () => {
    const [alone] = judge([divided()], aJudging()).verdicts;
    expect(alone?.verdict).toBe('pass');
    const [verdict] = judge(
      [divided(HEALTHY, segment('phone-low', countsOf(250, 1_000)))],
      aJudging(),
    ).verdicts;
    expect(verdict).toMatchObject({
      verdict: 'fail',
      segment: { by: 'device_class', value: 'phone-low' },
      events: 250,
      trials: 1_000,
    });
    expect(verdict?.sentence).toMatch(/^device_class phone-low: error rate 25%/);
  });

  it('says the same as without them where all of them are healthy', () => {
    const segments = [HEALTHY, segment('phone-low', countsOf(10, 1_000))];
    const [verdict] = judge([divided(...segments)], aJudging()).verdicts;
    expect(verdict?.verdict).toBe('pass');
    expect(verdict?.segment).toBeUndefined();
    expect(verdict?.trials).toBe(10_000);
  });

  it('leans on a segment that is worse than 10:1 and not yet 100:1, and nothing advances', () => {
    const leaning = judge([divided(HEALTHY, segment('phone-low', countsOf(102, 1_000)))], aJudging());
    expect(leaning.leaning).toBe(true);
    expect(leaning.verdicts[0]).toMatchObject({ verdict: 'inconclusive', segment: { value: 'phone-low' } });
  });

  it('gives half of the confidence to the whole fleet however many segments there are', () => {
    const harmful = aReading({ gate: aRateGate(), evidence: evidenceOf(countsOf(620, 5_000), WINDOW) });
    const alone = judge([harmful], aJudging()).odds?.logOdds ?? Number.NaN;
    const silent = Array.from({ length: 100 }, (_, index) =>
      segment(`${index}`, countsOf(0, 0), { evidence: { kind: 'none', why: 'no rows' } }),
    );
    const segments = { kind: 'read', readings: silent } as const;
    const shared = judge([{ ...harmful, segments }], aJudging()).odds?.logOdds;
    expect(shared).toBeCloseTo(alone - Math.LN2, 6);
  });

  it('asks more of a segment the more of them share the other half', () => {
    const harmful = segment('phone-low', countsOf(180, 1_000));
    const oddsAmong = (others: number): number => {
      const rest = Array.from({ length: others }, (_, index) => segment(`${index}`, countsOf(3, 1_000)));
      return judge([divided(harmful, ...rest)], aJudging()).odds?.logOdds ?? Number.NaN;
    };
    expect(oddsAmong(0) - oddsAmong(9)).toBeCloseTo(Math.log(10), 6);
  });

  it('does not pass while its segments cannot be read', () => {
    const unread = { ...divided(), segments: { kind: 'unread', why: 'HTTP 503' } } as const;
    const [verdict] = judge([unread], aJudging()).verdicts;
    expect(verdict?.verdict).toBe('error');
    expect(verdict?.sentence).toContain('segments not read: HTTP 503');
  });

  it.each<readonly [what: string, evidence: Evidence, why: string]>([
    ['failed', { kind: 'error', why: 'NaN for errors' }, 'NaN for errors'],
    ['is impossible', evidenceOf(countsOf(1_001, 1_000), WINDOW), 'impossible numbers'],
    ['has an impossible baseline', evidenceOf(countsOf(1, 100), WINDOW, countsOf(-1, 100)), 'impossible'],
    [
      'is a bare value',
      { kind: 'value', value: 0.01, devices: null, covered: WINDOW },
      'another kind of number',
    ],
  ])('does not pass while one of its segments %s, and names it', (_what, evidence, why) => {
    const [verdict] = judge(
      [divided(HEALTHY, segment('phone-low', countsOf(1, 100), { evidence }))],
      aJudging(),
    ).verdicts;
    expect(verdict?.verdict).toBe('error');
    expect(verdict?.sentence).toContain(`segments not read: device_class phone-low: ${why}`);
  });

  it.each<readonly [what: string, evidence: Evidence]>([
    ['has no data', { kind: 'none', why: 'nothing measured' }],
    ['cannot be split', { kind: 'unavailable', why: 'not told' }],
  ])('passes as the whole fleet does while one of its segments %s', (_what, evidence) => {
    const silent = segment('phone-low', countsOf(1, 100), { evidence });
    expect(judge([divided(HEALTHY, silent)], aJudging()).verdicts[0]?.verdict).toBe('pass');
  });

  it('still proves harm of one segment while another failed', () => {
    const failed = segment('phone-mid', countsOf(1, 100), { evidence: { kind: 'error', why: 'NaN' } });
    const harmful = segment('phone-low', countsOf(250, 1_000));
    expect(judge([divided(failed, harmful)], aJudging()).verdicts[0]).toMatchObject({
      verdict: 'fail',
      segment: { value: 'phone-low' },
    });
  });

  it('still proves harm of the whole fleet while its segments cannot be read', () => {
    const evidence = evidenceOf(countsOf(3_000, 10_000), WINDOW);
    const unread = { ...divided(), evidence, segments: { kind: 'unread', why: 'HTTP 503' } } as const;
    expect(judge([unread], aJudging()).verdicts[0]?.verdict).toBe('fail');
  });

  it('counts only segments of gates that are critical', () => {
    const warns = {
      ...divided(segment('phone-low', countsOf(900, 1_000))),
      gate: aRateGate({ severity: 'warn' }),
    };
    expect(judge([warns], aJudging()).odds).toBeNull();
  });
});
