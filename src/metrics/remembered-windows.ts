/** A health source that is not asked again for what cannot change: windows that are over and covered. Adapter. */
import type { Evidence } from '../core/evidence.ts';
import type { HealthSource, SegmentAnswer } from '../core/ports.ts';
import { type EpochMs, SECOND_MS } from '../core/units.ts';
import { MAX_EVIDENCE_AGE_MS } from '../core/usable-evidence.ts';

// A look asks for its earlier stages each time; every other window is never asked for again.
const MOST_WINDOWS = 128;

/** Whether a source measured how far it covers a window, or is taken to cover what it was asked. */
export type Coverage = 'told' | 'taken';

/**
 * Returns a source that asks `source` and keeps its answers for windows that are over.
 *
 * An answer is kept once it covers its window to the end, where that is told, or once the window is over for longer
 * than telemetry may be late; errors are never kept. So a stage that was left costs one request in a run, not one a look, and
 * a later run that asks anew is told the same. Those that were asked for last are kept.
 */
export function rememberWindows(
  source: HealthSource,
  now: () => EpochMs,
  coverage: Coverage = 'told',
): HealthSource {
  const readings = new Map<string, readonly Evidence[]>();
  const percentiles = new Map<string, Awaited<ReturnType<HealthSource['readPercentile']>>>();
  const segments = new Map<string, SegmentAnswer>();
  const { readSegments } = source;
  return {
    name: source.name,
    probe: (rolloutId) => source.probe(rolloutId),
    async read(query, signal) {
      const key = JSON.stringify(query);
      const known = recall(readings, key);
      if (known !== undefined) return known;
      const answer = await source.read(query, signal);
      if (
        query.window.to < now() &&
        answer.every((each) => isFinal(each, { end: query.window.to, now: now(), coverage }))
      ) {
        remember(readings, key, answer);
      }
      return answer;
    },
    ...(readSegments === undefined
      ? {}
      : {
          async readSegments(query, by, signal) {
            const key = JSON.stringify([query, by]);
            const known = recall(segments, key);
            if (known !== undefined) return known;
            const answer = await readSegments(query, by, signal);
            const end = query.window.to;
            // Events may still come in late, so a window of segments is final only when it is long over.
            if (answer.kind === 'segments' && now() - end > MAX_EVIDENCE_AGE_MS)
              remember(segments, key, answer);
            return answer;
          },
        }),
    async readPercentile(query, signal) {
      const key = JSON.stringify(query);
      const known = recall(percentiles, key);
      if (known !== undefined) return known;
      const answer = await source.readPercentile(query, signal);
      if (answer.kind === 'percentile' && query.window.to < now()) remember(percentiles, key, answer);
      return answer;
    },
  };
}

/** Returns what is known, as the newest of all, or undefined. */
function recall<Answer>(known: Map<string, Answer>, key: string): Answer | undefined {
  const answer = known.get(key);
  if (answer !== undefined) remember(known, key, answer);
  return answer;
}

/** Keeps an answer as the newest, and forgets the oldest beyond the limit. */
function remember<Answer>(known: Map<string, Answer>, key: string, answer: Answer): void {
  known.delete(key);
  known.set(key, answer);
  const [oldest] = known.keys();
  if (known.size > MOST_WINDOWS && oldest !== undefined) known.delete(oldest);
}

interface Ending {
  readonly end: EpochMs;
  readonly now: EpochMs;
  readonly coverage: Coverage;
}

function isFinal(evidence: Evidence, { end, now, coverage }: Ending): boolean {
  if (evidence.kind === 'error') return false;
  if (coverage === 'taken') return now - end > MAX_EVIDENCE_AGE_MS;
  // Times are asked in whole seconds, so an answer may end up to a second early.
  const isCovered = evidence.kind === 'counts' && evidence.covered.to > end - SECOND_MS;
  return isCovered || now - end > MAX_EVIDENCE_AGE_MS;
}
