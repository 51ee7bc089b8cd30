/** Counts both versions' events, requests and devices with events, for any window that ends now. */

/** What is counted; a request slower than the limit is also slower than the line of the baseline's comparison. */
export const METRICS = ['error', 'crash', 'over-limit', 'over-line'] as const;

/** One of the metrics. */
export type Metric = (typeof METRICS)[number];

/** The candidate or the version that it replaces. */
export const CANDIDATE = 0;
/** The other one. */
export const BASELINE = 1;
/** One of the two. */
export type Arm = typeof CANDIDATE | typeof BASELINE;

/** Returns the row in which a ledger keeps a metric, by its place in METRICS, of a version. */
export function rowOf(metric: number, arm: Arm): number {
  return metric * 2 + arm;
}

/** Counts of one version and metric in a window. */
export interface Tally {
  readonly events: number;
  readonly devicesWithEvents: number;
}

/** Counts of the current stage, by steps. Mutable. */
export interface StageLedger {
  /** Forgets everything and begins a stage. */
  begin(step: number): void;
  /** Counts one event of a device in the row of its metric and version. */
  addEvent(row: number, device: number, step: number): void;
  addRequests(arm: Arm, step: number, requests: number): void;
  /** Returns the events from a step of the stage on until now. */
  tally(metric: number, arm: Arm, fromStep: number): Tally;
  /** Returns the requests from a step of the stage on until now. */
  requests(arm: Arm, fromStep: number): number;
}

/** Returns an empty ledger for so many devices and steps. */
export function createStageLedger(devices: number, steps: number): StageLedger {
  const rows = METRICS.length * 2;
  const events = new Int32Array(rows * steps);
  // How many devices had their latest event in a step: summed from a step on, these are the devices with any.
  const latest = new Int32Array(rows * steps);
  const latestStep = new Int32Array(METRICS.length * devices).fill(-1);
  const asked = new Int32Array(2 * steps);
  let first = 0;
  let now = -1;

  const sum = (numbers: Int32Array, row: number, from: number): number => {
    let total = 0;
    for (let at = row * steps + Math.max(from, first), end = row * steps + now; at <= end; at += 1) {
      total += numbers[at] ?? 0;
    }
    return total;
  };
  return {
    begin: (step) => {
      first = step;
      now = step - 1;
    },
    addEvent: (row, device, step) => {
      now = step;
      const at = row * steps;
      const slot = (row >> 1) * devices + device;
      const before = latestStep[slot] ?? -1;
      events[at + step] = (events[at + step] ?? 0) + 1;
      if (before === step) return;
      latestStep[slot] = step;
      latest[at + step] = (latest[at + step] ?? 0) + 1;
      if (before >= first) latest[at + before] = (latest[at + before] ?? 0) - 1;
    },
    addRequests: (arm, step, requests) => {
      now = step;
      asked[arm * steps + step] = (asked[arm * steps + step] ?? 0) + requests;
    },
    tally: (metric, arm, fromStep) => {
      const row = rowOf(metric, arm);
      return { events: sum(events, row, fromStep), devicesWithEvents: sum(latest, row, fromStep) };
    },
    requests: (arm, fromStep) => sum(asked, arm, fromStep),
  };
}
