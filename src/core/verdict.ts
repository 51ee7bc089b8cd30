/** Verdicts without counts behind them, and the numbers of those with counts. Pure. */
import type { GateVerdict, Reading, Verdict } from './evidence.ts';
import { nameOfGate } from './gate-question.ts';
import type { Gate } from './plan.ts';
import type { DurationMs } from './units.ts';
import type { CountedEvidence } from './usable-evidence.ts';

/** Returns a verdict that rests on no counts; `why` is a clause. */
export function bareVerdict(reading: Reading, verdict: Verdict, why: string): GateVerdict {
  return {
    gate: reading.gate,
    verdict,
    asked: reading.asked,
    covered: null,
    events: null,
    trials: null,
    observed: null,
    slowerThanMs: slownessOf(reading),
    interval: null,
    trialsNeeded: null,
    baselineObserved: null,
    baselineTrials: null,
    ratio: null,
    devices: null,
    devicesWithEvents: null,
    level: null,
    evidence: null,
    sentence: `${nameOfGate(reading.gate)}: ${why}`,
  };
}

/** Returns what a verdict is about: the gate, and the segment where one decides. The segment's value is untrusted. */
export function nameOfVerdict({ gate, segment }: Pick<GateVerdict, 'gate' | 'segment'>): string {
  const name = nameOfGate(gate);
  return segment === undefined ? name : `${name} on ${segment.by} ${segment.value}`;
}

// Devices cannot always be counted, and a first version has none before it.
const OPTIONAL: readonly Gate['kind'][] = ['adoption', 'assignment', 'relative_latency'];

/** Returns the verdict on a reading that the source could not answer: no data, an error, or not available. */
export function verdictWithoutCounts(reading: Reading): GateVerdict {
  const { gate, evidence } = reading;
  if (evidence.kind === 'counts' || evidence.kind === 'value') {
    return bareVerdict(reading, 'error', 'the source answered with another kind of number than asked');
  }
  if (evidence.kind === 'none') return bareVerdict(reading, 'no_data', evidence.why);
  const isOptional = OPTIONAL.includes(gate.kind);
  return evidence.kind === 'unavailable' && isOptional
    ? bareVerdict(reading, 'not_applicable', `unavailable, ${evidence.why}`)
    : bareVerdict(reading, 'error', evidence.why);
}

/** Returns the numbers of a verdict that rests on counts. */
export function countedNumbers(
  reading: Reading,
  { candidate, baseline, covered }: CountedEvidence,
): Omit<GateVerdict, 'verdict' | 'sentence'> {
  const { gate, asked } = reading;
  const shown = (events: number, trials: number): number | null => {
    if (!(trials > 0)) return null;
    return gate.kind === 'quality' ? 1 - events / trials : events / trials;
  };
  return {
    gate,
    asked,
    covered,
    events: candidate.events,
    trials: candidate.trials,
    observed: shown(candidate.events, candidate.trials),
    slowerThanMs: slownessOf(reading),
    interval: null,
    trialsNeeded: null,
    baselineObserved: baseline === null ? null : shown(baseline.events, baseline.trials),
    baselineTrials: baseline?.trials ?? null,
    ratio: null,
    devices: candidate.devices,
    devicesWithEvents: candidate.devicesWithEvents,
    level: null,
    evidence: null,
  };
}

function slownessOf({ gate, slowerThanMs }: Reading): DurationMs | null {
  return gate.kind === 'latency' ? gate.maxMs : slowerThanMs;
}
