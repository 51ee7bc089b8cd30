/** What a modelled candidate and the version beside it truly do over a span of time. */
import type { Window } from '../../src/core/evidence.ts';
import type { EpochMs, Percent, Ratio } from '../../src/core/units.ts';
import type { HealthSpec } from './model-world-spec.ts';

const HARMFUL_RATIO: Ratio = 0.6;
const INCIDENT_RATIO: Ratio = 0.3;

// Where the candidate has next to nothing, the version beside it is not measured for ever.
const MOST_BASELINE = 10;

/** The true health of both versions. Rates are shares of trials. */
export interface ModelTruth {
  /** Tells that the candidate serves `percentage` at `now`. */
  notice(now: EpochMs, percentage: Percent): void;
  harmIsReal(): boolean;
  /** The percentage that was served just before a time. */
  percentageAt(at: EpochMs): Percent;
  /** Rate of the candidate where a good version has `clean`. */
  candidateRatio(clean: Ratio, window: Window): Ratio;
  /** Rate of the version beside it. */
  baselineRatio(clean: Ratio, window: Window): Ratio;
  /** Requests of the version beside the candidate for each of the candidate's; 0 where it serves nobody. */
  baselineFactor(window: Window): number;
}

interface Serving {
  readonly since: EpochMs;
  readonly percentage: Percent;
}

/** Returns the truth of a world. `start` is the server's time at which the spec's times begin. */
export function createModelTruth(spec: HealthSpec, start: EpochMs): ModelTruth {
  const served: Serving[] = [{ since: Number.NEGATIVE_INFINITY, percentage: 0 }];
  let exposedSince: EpochMs | null = null;
  let harmfulSince = Number.POSITIVE_INFINITY;
  const incident: Window =
    spec.incident === null
      ? { from: start, to: start }
      : { from: start + spec.incident.fromMs, to: start + spec.incident.toMs };
  const incidentIn = (window: Window): number => overlap(window, incident);
  return {
    notice(now, percentage) {
      if (served.at(-1)?.percentage !== percentage) served.push({ since: now, percentage });
      const { harm } = spec;
      if (harm === null || percentage < harm.fromPercentage) return;
      exposedSince ??= now;
      const since = Math.max(exposedSince, start + harm.fromMs);
      if (now >= since) harmfulSince = Math.min(harmfulSince, since);
    },
    harmIsReal: () => Number.isFinite(harmfulSince),
    percentageAt: (at) => served.findLast(({ since }) => since < at)?.percentage ?? 0,
    candidateRatio(clean, window) {
      const lengthMs = window.to - window.from;
      if (!(lengthMs > 0)) return clean;
      const harmful = { from: harmfulSince, to: Number.POSITIVE_INFINITY };
      const harmedMs = overlap(window, harmful);
      const sufferedMs = incidentIn({ from: window.from, to: Math.min(window.to, harmfulSince) });
      const wellMs = lengthMs - harmedMs - sufferedMs;
      return (harmedMs * HARMFUL_RATIO + sufferedMs * INCIDENT_RATIO + wellMs * clean) / lengthMs;
    },
    baselineRatio(clean, window) {
      const lengthMs = window.to - window.from;
      if (!(lengthMs > 0)) return clean;
      const sufferedMs = incidentIn(window);
      return (sufferedMs * INCIDENT_RATIO + (lengthMs - sufferedMs) * clean) / lengthMs;
    },
    baselineFactor(window) {
      const lengthMs = window.to - window.from;
      if (!(lengthMs > 0)) return 0;
      return served.reduce((sum, { since, percentage }, index) => {
        const until = served[index + 1]?.since ?? Number.POSITIVE_INFINITY;
        return sum + (overlap(window, { from: since, to: until }) / lengthMs) * factorAt(percentage);
      }, 0);
    },
  };
}

function factorAt(percentage: Percent): number {
  return percentage === 0 ? MOST_BASELINE : Math.min(MOST_BASELINE, (100 - percentage) / percentage);
}

function overlap(a: Window, b: Window): number {
  return Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));
}
