/** How much more of the same would prove a gate safe. Pure. */
import type { Counts } from '../evidence.ts';
import type { Ratio } from '../units.ts';
import type { GateSeries, StageTotals } from './gate-series.ts';
import { LOG_PROOF, safetyEvidence } from './proven-safe.ts';

const MOST_DOUBLINGS = 24;
const HALVINGS = 20;

/** What would prove a gate safe if everything goes on as it did in this stage so far. */
export interface MissingEvidence {
  /** More trials of the candidate, a whole number. */
  readonly trials: number;
  /** Devices that the candidate must run on, or null where the present ones suffice. */
  readonly devices: number | null;
}

/**
 * Returns what is missing to prove a gate safe for the next share, null where nothing is missing or nothing
 * will do: no trials so far, or a rate that is not safe.
 *
 * First more requests of the same devices are tried; where their likeness bounds what they can tell, more
 * devices. An estimate for people, not a promise.
 */
export function missingEvidence(series: GateSeries, nextShare: Ratio): MissingEvidence | null {
  const current = series.stages.at(-1);
  if (current === undefined || !(current.candidate.trials > 0)) return null;
  const evidenceAt = (grow: (totals: StageTotals) => StageTotals) =>
    safetyEvidence({ ...series, stages: [...series.stages.slice(0, -1), grow(current)] }, nextShare);
  if (evidenceAt((totals) => totals) >= LOG_PROOF) return null;
  const { trials, devices } = current.candidate;
  const longer = smallestFactor((factor) => evidenceAt((totals) => grown(totals, factor, 1)));
  if (longer !== null) return { trials: Math.ceil(trials * (longer - 1)), devices: null };
  const wider = smallestFactor((factor) => evidenceAt((totals) => grown(totals, factor, factor)));
  if (wider === null || devices === null) return null;
  return { trials: Math.ceil(trials * (wider - 1)), devices: Math.ceil(devices * wider) };
}

function smallestFactor(evidence: (factor: number) => number): number | null {
  let high = 2;
  for (let step = 0; evidence(high) < LOG_PROOF; step += 1) {
    if (step === MOST_DOUBLINGS) return null;
    high *= 2;
  }
  let low = high / 2;
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (low + high) / 2;
    if (evidence(middle) >= LOG_PROOF) high = middle;
    else low = middle;
  }
  return high;
}

function grown({ candidate, baseline }: StageTotals, trials: number, devices: number): StageTotals {
  const grow = (counts: Counts): Counts => ({
    events: counts.events * trials,
    trials: counts.trials * trials,
    devices: counts.devices === null ? null : counts.devices * devices,
    devicesWithEvents: grownDevices(counts, trials, devices),
  });
  return { candidate: grow(candidate), baseline: baseline === null ? null : grow(baseline) };
}

function grownDevices({ devices, devicesWithEvents }: Counts, trials: number, factor: number): number | null {
  if (devices === null || devicesWithEvents === null) return null;
  return Math.min(devices * factor, devicesWithEvents * trials);
}
