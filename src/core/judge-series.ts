/** The readings of a gate as the series that the statistics weigh. Pure. */
import type { Evidence, Reading } from './evidence.ts';
import { questionOf } from './gate-question.ts';
import type { GateSeries, StageTotals } from './statistics/gate-series.ts';
import type { EpochMs } from './units.ts';
import { areBothSane, objectionTo } from './usable-evidence.ts';

/** What decides how readings become a series. */
export interface SeriesSettings {
  readonly now: EpochMs;
  readonly designEffect: number;
  /** Whether any stage of the plan is long enough for restart points. */
  readonly restartable: boolean;
}

/**
 * Returns the series of a gate, or null for a gate that is no question of chance.
 *
 * A gate whose present evidence cannot be used keeps its place among the tests without any stage: what is
 * missing is neutral, neither good news nor harm. Earlier stages that cannot be used are left out.
 */
export function seriesOf(reading: Reading, settings: SeriesSettings): GateSeries | null {
  const question = questionOf(reading.gate);
  if (question === null) return null;
  const current = isFresh(reading.evidence, settings.now) ? totalsOf(reading.evidence) : null;
  const none = {
    ...question,
    designEffect: settings.designEffect,
    restarts: settings.restartable ? [] : null,
  };
  if (current === null) return { ...none, stages: [] };
  const earlier = reading.earlier.flatMap((evidence) => totalsOf(evidence) ?? []);
  const restarts = reading.restarts.flatMap(({ evidence, logWeight }) => {
    const totals = isFresh(evidence, settings.now) ? totalsOf(evidence) : null;
    return totals === null ? [] : [{ ...totals, logWeight }];
  });
  return { ...none, stages: [...earlier, current], restarts: settings.restartable ? restarts : null };
}

function isFresh(evidence: Evidence, now: EpochMs): boolean {
  return evidence.kind === 'counts' && objectionTo(evidence.covered, now) === null;
}

function totalsOf(evidence: Evidence): StageTotals | null {
  if (evidence.kind !== 'counts' || !areBothSane(evidence)) return null;
  return { candidate: evidence.candidate, baseline: evidence.baseline };
}
