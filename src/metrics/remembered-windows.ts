/** A health source that is not asked again for what cannot change: windows that are over and covered. Adapter. */
import type { Evidence } from '../core/evidence.ts';
import type { HealthSource } from '../core/ports.ts';
import { type EpochMs, SECOND_MS } from '../core/units.ts';
import { MAX_EVIDENCE_AGE_MS } from '../core/usable-evidence.ts';

/**
 * Returns a source that asks `source` and keeps its answers for windows that are over.
 *
 * An answer is kept once it covers its window to the end, or once the window is over for longer than telemetry
 * may be late; errors are never kept. So a stage that was left costs one request in a run, not one a look, and
 * a later run that asks anew is told the same.
 */
export function rememberWindows(source: HealthSource, now: () => EpochMs): HealthSource {
  const readings = new Map<string, readonly Evidence[]>();
  const percentiles = new Map<string, Awaited<ReturnType<HealthSource['readPercentile']>>>();
  return {
    name: source.name,
    probe: (rolloutId) => source.probe(rolloutId),
    async read(query, signal) {
      const key = JSON.stringify(query);
      const known = readings.get(key);
      if (known !== undefined) return known;
      const answer = await source.read(query, signal);
      if (query.window.to < now() && answer.every((each) => isFinal(each, query.window.to, now()))) {
        readings.set(key, answer);
      }
      return answer;
    },
    async readPercentile(query, signal) {
      const key = JSON.stringify(query);
      const known = percentiles.get(key);
      if (known !== undefined) return known;
      const answer = await source.readPercentile(query, signal);
      if (answer.kind === 'percentile' && query.window.to < now()) percentiles.set(key, answer);
      return answer;
    },
  };
}

function isFinal(evidence: Evidence, end: EpochMs, now: EpochMs): boolean {
  if (evidence.kind === 'error') return false;
  // Times are asked in whole seconds, so an answer may end up to a second early.
  const isCovered = evidence.kind === 'counts' && evidence.covered.to > end - SECOND_MS;
  return isCovered || now - end > MAX_EVIDENCE_AGE_MS;
}
