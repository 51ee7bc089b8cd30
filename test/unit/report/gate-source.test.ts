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

  it('count the devices of adoption once', () => {
    const row = rowOf(renderSummary(COMPLETED), 'adoption (hold)');
    expect(row).toContain('reachable devices |');
  });

  it('name none where all of them come from Octomil', () => {
    expect(renderSummary(ROLLED_BACK)).not.toContain('Source');
  });
});
