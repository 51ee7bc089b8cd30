/** A gate that fails by a hair does not look like a contradiction, wherever its numbers are shown. */
import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/core/units.ts';
import { gateFact } from '../../../src/report/gate-fact.ts';
import { gateTable } from '../../../src/report/gate-table.ts';
import { gateWord } from '../../../src/report/log-line.ts';
import {
  anAdoptionGate,
  aRateGate,
  aReading,
  countsOf,
  evidenceOf,
  judgeAlone,
  T0,
} from '../../support/core-builders.ts';

const WINDOW = { from: T0, to: T0 + HOUR_MS };
const RATE = judgeAlone(
  aReading({
    gate: aRateGate({ maxRatio: 0.05, margin: 0.1 }),
    evidence: evidenceOf(countsOf(50_040, 1_000_000), WINDOW, countsOf(50_030, 1_000_000)),
  }),
);
const ADOPTION = judgeAlone(
  aReading({
    gate: anAdoptionGate({ minRatio: 0.9 }),
    evidence: evidenceOf(countsOf(89_996, 100_000), WINDOW),
  }),
);

describe('a rate of 5.004% beside a limit of 5% and 5.003% before', () => {
  it('is told from both in a headline', () => {
    expect(gateFact(RATE, null)).toMatch(/^error rate 5\.004% .+, limit 5%, previous version 5\.003%$/);
  });

  it('is told from both in the table', () => {
    const row = gateTable([RATE]).split('\n')[2];
    expect(row).toContain('| 5.004% |');
    expect(row).toContain('| ≤ 5% |');
    expect(row).toContain('| 5.003% of 1 000 000');
  });

  it('is told from its limit in the log', () => {
    expect(gateWord(RATE)).toContain('error rate 5.004% (50 040 of 1 000 000 requests)');
  });
});

describe('an adoption of 89.996% where 90% is needed', () => {
  it('does not read like enough', () => {
    expect(ADOPTION.verdict).toBe('fail');
    expect(gateWord(ADOPTION)).toBe('adoption 89.996% fail');
    expect(gateTable([ADOPTION]).split('\n')[2]).toMatch(/\| 89\.996% \|.+≥ 90%/);
  });
});
