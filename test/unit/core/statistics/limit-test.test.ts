import { describe, expect, it } from 'vitest';
import { LOG_BLAME } from '../../../../src/core/statistics/baseline-stratum.ts';
import { cleanTrialsToProve } from '../../../../src/core/statistics/clean-trials.ts';
import {
  limitEvidence,
  limitEvidenceWithin,
  testableLimit,
} from '../../../../src/core/statistics/limit-test.ts';
import { logE } from '../../../../src/core/statistics/log-e.ts';

const COUNTS = { events: 300, trials: 1000 };
const BROKEN = { candidate: COUNTS, baseline: null, isComparable: false };
const INCIDENT = { candidate: COUNTS, baseline: COUNTS, isComparable: true };
const own = logE(1, [{ events: 300, trials: 1000, rate: 0.05 }]);

describe('evidence against a limit', () => {
  it.each([
    { fact: 'counts a stage without a baseline', stage: BROKEN, logBlame: LOG_BLAME, gives: own },
    { fact: 'does not count what the whole fleet does', stage: INCIDENT, logBlame: LOG_BLAME, gives: 0 },
    { fact: 'counts that where blame is not asked', stage: INCIDENT, logBlame: null, gives: own },
  ])('$fact', ({ stage, logBlame, gives }) => {
    expect(limitEvidenceWithin(stage, { limit: 0.05, logBlame })).toBeCloseTo(gives, 10);
    expect(limitEvidence([stage], { limit: 0.05, logBlame })).toBeCloseTo(gives - Math.LN2, 10);
  });

  it('takes a limit of zero for one in a million, which no number of trials excludes', () => {
    expect(testableLimit(0)).toBe(1e-6);
    expect(testableLimit(1e-6)).toBe(1e-6);
    expect(testableLimit(2e-6)).toBe(2e-6);
    expect(limitEvidenceWithin(BROKEN, { limit: 0, logBlame: LOG_BLAME })).toBe(
      limitEvidenceWithin(BROKEN, { limit: 1e-6, logBlame: LOG_BLAME }),
    );
  });
});

describe('clean trials that prove a limit', () => {
  it.each([
    { limit: 0.5, gives: 7 },
    { limit: 0.9, gives: 7 },
    { limit: 0.05, gives: 85 },
    { limit: 0.01, gives: 433 },
  ])('of $limit are $gives, and not one less', ({ limit, gives }) => {
    const proof = (trials: number) => logE(-1, [{ events: 0, trials, rate: Math.min(0.5, limit) }]);
    expect(cleanTrialsToProve(limit)).toBe(gives);
    expect(proof(gives)).toBeGreaterThanOrEqual(Math.log(20));
    expect(proof(gives - 1)).toBeLessThan(Math.log(20));
  });

  it('of zero are as many as of one in a million', () => {
    expect(cleanTrialsToProve(0)).toBe(cleanTrialsToProve(1e-6));
  });
});
