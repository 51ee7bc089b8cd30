/** Builds what a series is asked about. */
import { MINUTE_MS } from '../../src/core/units.ts';
import type { SeriesScope } from '../../src/metrics/series-source.ts';

/** The end of the window of `seriesScope`: 2026-03-01T12:00:00Z. */
export const SCOPE_END = Date.UTC(2026, 2, 1, 12, 0, 0);

/** Returns a scope of 15 minutes for version 2.0.0 that replaces 1.9.0, with changes. */
export function seriesScope(changes: Partial<SeriesScope> = {}): SeriesScope {
  return {
    model: 'radiology-v1',
    modelId: 'mdl_1',
    rolloutId: 'ro_1',
    version: '2.0.0',
    baselineVersion: '1.9.0',
    group: 'wards',
    window: { from: SCOPE_END - 15 * MINUTE_MS, to: SCOPE_END },
    ...changes,
  };
}
