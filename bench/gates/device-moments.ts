/** Sums over devices since the rollout began, of both versions, for the variance of a rate by devices. */
import type { BenchPlan } from './cell.ts';
import type { Path } from './path.ts';
import type { DeviceSums } from './rules/look.ts';
import { type Arm, BASELINE, CANDIDATE, rowOf } from './stage-ledger.ts';

/** The sums of a rollout with a fixed plan. Mutable. */
export interface DeviceMoments {
  /** Counts one event of a device in the row of its metric and version. */
  addEvent(row: number, device: number): void;
  /** Counts a step's traffic with so many devices on the candidate. */
  addStep(step: number, candidates: number): void;
  sums(metric: number, arm: Arm, of: { readonly requests: number; readonly events: number }): DeviceSums;
}

/**
 * Returns empty sums.
 *
 * Devices that get the candidate together have been on each version equally long, so a device's requests are
 * taken as its traffic times the cohort's time; their chance is added as that of a Poisson count.
 */
export function createDeviceMoments(path: Path, plan: BenchPlan): DeviceMoments {
  const { devices } = path;
  const ends = plan.shares.map((share) => Math.max(1, Math.round(share * devices)));
  const cohortOf = new Uint8Array(devices);
  const trafficSquared = new Float64Array(ends.length);
  for (let place = 0, cohort = 0; place < devices; place += 1) {
    while (place >= (ends[cohort] ?? devices)) cohort += 1;
    cohortOf[place] = cohort;
    trafficSquared[cohort] = (trafficSquared[cohort] ?? 0) + path.trafficOf(place) ** 2;
  }
  const exposure = [new Float64Array(ends.length), new Float64Array(ends.length)];
  const counts: { of: Uint16Array; squared: number; timesTraffic: Float64Array }[] = [];
  const countsOf = (row: number) => {
    const known = counts[row];
    if (known !== undefined) return known;
    const made = { of: new Uint16Array(devices), squared: 0, timesTraffic: new Float64Array(ends.length) };
    counts[row] = made;
    return made;
  };
  return {
    addEvent: (row, device) => {
      const count = countsOf(row);
      const before = count.of[device] ?? 0;
      const cohort = cohortOf[device] ?? 0;
      count.of[device] = before + 1;
      count.squared += 2 * before + 1;
      count.timesTraffic[cohort] = (count.timesTraffic[cohort] ?? 0) + path.trafficOf(device);
    },
    addStep: (step, candidates) => {
      for (const [cohort, end] of ends.entries()) {
        const arm = exposure[end <= candidates ? CANDIDATE : BASELINE];
        if (arm !== undefined) arm[cohort] = (arm[cohort] ?? 0) + path.requestsPerTraffic(step);
      }
    },
    sums: (metric, arm, { requests, events }) => {
      const { squared, timesTraffic } = countsOf(rowOf(metric, arm));
      const times = exposure[arm] ?? trafficSquared;
      let eventsTimesRequests = events;
      let requestsSquared = requests;
      let seen = 0;
      for (const [cohort, time] of times.entries()) {
        eventsTimesRequests += time * (timesTraffic[cohort] ?? 0);
        requestsSquared += time ** 2 * (trafficSquared[cohort] ?? 0);
        if (time > 0) seen += (ends[cohort] ?? 0) - (ends[cohort - 1] ?? 0);
      }
      return {
        devices: seen,
        requests,
        events,
        eventsSquared: squared,
        eventsTimesRequests,
        requestsSquared,
      };
    },
  };
}
