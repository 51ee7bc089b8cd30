/** The table of gates reads as it is meant in a narrow column, and claims nothing where nothing was measured. */
import { describe, expect, it } from 'vitest';
import type { GateVerdict } from '../../../src/core/evidence.ts';
import { gateTable } from '../../../src/report/gate-table.ts';
import { HELD, ROLLED_BACK } from '../../support/run-records.ts';

const NO_ODDS = { logOdds: 0, logOddsUnblamed: 0, tests: 1 };

function verdictsOf(record: typeof ROLLED_BACK): readonly GateVerdict[] {
  return record.looks.findLast(({ verdicts }) => verdicts.length > 0)?.verdicts ?? [];
}

describe('a cell of the table of gates', () => {
  it('breaks neither within a number, nor before a unit, nor after a sign', () => {
    const verdicts = verdictsOf(ROLLED_BACK).map((verdict) => ({ ...verdict, trials: 1_234_567 }));
    const table = gateTable(verdicts);
    expect(table).toContain('of 1&nbsp;234&nbsp;567 requests');
    expect(table).toContain('| ≤&nbsp;5% over 900&nbsp;ms |');
    const cells = table.split('\n').filter((line) => line.startsWith('|'));
    expect(cells.filter((line) => /\d \d|[≤≥] |\d ms/.test(line))).toEqual([]);
  });

  it('says of what the odds between the versions are a multiple', () => {
    expect(gateTable(verdictsOf(ROLLED_BACK))).toMatch(/, this one [\d.]+ to [\d.]+&nbsp;times that \|/);
  });
});

describe('all gates together', () => {
  it('are no even odds where nothing was measured', () => {
    const unmeasured = verdictsOf(HELD).map((verdict) => ({
      ...verdict,
      evidence: null,
      verdict: verdict.gate.severity === 'critical' ? ('no_data' as const) : verdict.verdict,
    }));
    const table = gateTable(unmeasured, NO_ODDS);
    expect(table).toContain('**All gates together: nothing was measured, so nothing is known of harm.**');
    expect(table).not.toMatch(/1:1 that|Measured/);
  });

  it('are odds where one of them was measured, also by a bare value', () => {
    const bare = verdictsOf(HELD).map((verdict) => ({ ...verdict, evidence: null }));
    for (const verdicts of [verdictsOf(HELD), bare]) {
      expect(gateTable(verdicts, NO_ODDS)).toContain('**All gates together: 1:1 that it does harm**');
    }
  });
});
