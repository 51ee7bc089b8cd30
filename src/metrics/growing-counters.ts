/** A health source whose totals over a growing window may not shrink. Adapter. */
import type { Counts, Evidence } from '../core/evidence.ts';
import { questionOf } from '../core/gate-question.ts';
import type { HealthQuery, HealthSource } from '../core/ports.ts';
import { compareTotals } from '../core/statistics/counter-decrease.ts';
import type { DurationMs, Ratio } from '../core/units.ts';

// A long stage has few windows that are asked again; older ones are never asked again.
const MOST_WINDOWS = 64;

/**
 * Returns a source that compares each answer with the last one for the same begin of the window.
 *
 * A small decrease is evened out; a larger one is evidence of kind `error` at that look, because something was
 * counted anew, and the totals after it are what later ones are compared with. Of a source that extrapolates its
 * counts to the ends of a window, by `extrapolatedMs` in all, totals may fall by as much as that was of the window.
 * Devices on a version may come and go, so only gates that are a question of chance are watched.
 */
export function watchCounters(source: HealthSource, extrapolatedMs: DurationMs = 0): HealthSource {
  const last = new Map<string, Evidence>();
  return {
    ...source,
    async read(query, signal) {
      const answers = await source.read(query, signal);
      return answers.map((evidence, index) => {
        const gate = query.gates[index];
        if (gate === undefined || questionOf(gate) === null) return evidence;
        const key = keyOf(query, index);
        const checked = check(last.get(key), evidence, extrapolatedMs);
        if (evidence.kind === 'counts') remember(last, key, checked.kind === 'counts' ? checked : evidence);
        return checked;
      });
    },
  };
}

function keyOf({ window, gates, version }: HealthQuery, index: number): string {
  return JSON.stringify([version, window.from, gates[index]]);
}

function remember(last: Map<string, Evidence>, key: string, evidence: Evidence): void {
  last.delete(key);
  last.set(key, evidence);
  const [oldest] = last.keys();
  if (last.size > MOST_WINDOWS && oldest !== undefined) last.delete(oldest);
}

function check(before: Evidence | undefined, evidence: Evidence, extrapolatedMs: DurationMs): Evidence {
  if (before?.kind !== 'counts' || evidence.kind !== 'counts') return evidence;
  if (evidence.covered.to < before.covered.to) return evidence;
  const spanMs = Math.max(1, before.covered.to - before.covered.from);
  const estimated = Math.min(1, extrapolatedMs / spanMs);
  const candidate = compared(before.candidate, evidence.candidate, estimated);
  if (typeof candidate === 'string') return reset('candidate', candidate);
  if (before.baseline === null || evidence.baseline === null) return { ...evidence, candidate };
  const baseline = compared(before.baseline, evidence.baseline, estimated);
  return typeof baseline === 'string'
    ? reset('previous version', baseline)
    : { ...evidence, candidate, baseline };
}

function compared(before: Counts, now: Counts, estimated: Ratio): Counts | string {
  const change = compareTotals(before, now, estimated);
  if (change.kind === 'reset') return change.what;
  return change.kind === 'clamped' ? change.counts : now;
}

function reset(arm: string, what: string): Evidence {
  return { kind: 'error', why: `the totals of the ${arm} went back: ${what}` };
}
