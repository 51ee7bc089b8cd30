/** Builders of the series that the statistics weigh. */
import type { Counts } from '../../src/core/evidence.ts';
import type { GateSeries, StageTotals } from '../../src/core/statistics/gate-series.ts';
import { countsOf } from './core-builders.ts';

/** Returns counts with devices; the third and fourth number are devices with events and devices. */
export function spread(events: number, trials: number, hit: number, devices: number): Counts {
  return countsOf(events, trials, { devices, devicesWithEvents: hit });
}

/** Returns the totals of one stage. */
export function totalsOf(candidate: Counts, baseline: Counts | null = null): StageTotals {
  return { candidate, baseline };
}

/** Returns a series against a limit of 5%, of devices themselves, so that each trial counts as one. */
export function aSeries(over: Partial<GateSeries> = {}): GateSeries {
  return {
    limit: 0.05,
    tolerance: null,
    clustering: 'devices',
    designEffect: 3,
    stages: [],
    restarts: null,
    ...over,
  };
}
