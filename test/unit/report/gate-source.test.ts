/** Where the numbers of a gate come from, in the summary of a run that has more than one source. */
import { describe, expect, it } from 'vitest';
import type { Series } from '../../../src/core/series.ts';
import { renderSummary } from '../../../src/report/summary.ts';
import { COMPLETED, PLAN, ROLLED_BACK, recordWith } from '../../support/run-records.ts';

const PROMETHEUS: Series = {
  source: 'prometheus',
  shape: { kind: 'counts', events: 'sum(a)', trials: 'sum(b)', devices: null, devicesWithEvents: null },
};

function rowOf(summary: string, gate: string): string {
  return summary.split('\n').find((line) => line.startsWith(`| ${gate} `)) ?? '';
}

describe('the gates of a summary', () => {
  it('name the source of each where a series of the plan measures one of them', () => {
    const plan = { ...PLAN, metrics: { error_rate: PROMETHEUS } };
    const summary = renderSummary(recordWith({ ...ROLLED_BACK, plan }));
    expect(rowOf(summary, 'Gate')).toMatch(/\| Source \|$/);
    expect(rowOf(summary, 'error rate')).toMatch(/\| prometheus \|$/);
    expect(rowOf(summary, 'crash rate')).toMatch(/\| octomil \|$/);
  });

  it('show the one that broke, however many there are', () => {
    const decided = ROLLED_BACK.decidedBy ?? 0;
    const look = ROLLED_BACK.looks[decided];
    const broken = look?.verdicts.find(({ verdict }) => verdict === 'fail');
    const fine = look?.verdicts.find(({ verdict }) => verdict === 'pass');
    if (look === undefined || broken === undefined || fine === undefined) throw new Error('both are there');
    const verdicts = [...Array<typeof fine>(40).fill(fine), broken];
    const looks = ROLLED_BACK.looks.with(decided, { ...look, verdicts });
    const summary = renderSummary({ ...ROLLED_BACK, looks });
    expect(rowOf(summary, 'error rate')).toContain('**fail**');
    expect(summary).toContain('_21 more gates not shown._');
  });

  it('count the devices of adoption once', () => {
    const row = rowOf(renderSummary(COMPLETED), 'adoption (hold)');
    expect(row).toContain('reachable devices |');
  });

  it('name none where all of them come from Octomil', () => {
    expect(renderSummary(ROLLED_BACK)).not.toContain('Source');
  });
});
