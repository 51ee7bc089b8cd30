/** Every cell of the bench, by section. Pure. */
import type { BenchPlan, Cell, CellPromise, Fault, RuleName } from './cell.ts';

/** The sections in the order of the tables. */
export const SECTIONS = {
  healthy: 'Healthy versions',
  incident: 'Healthy versions while the whole fleet has an incident',
  bursts: 'Healthy versions whose errors come in bursts of three retries',
  faults: 'Broken versions',
  polls: 'Healthy versions, looked at more or less often',
  onset: 'Faults that begin inside a stage of six hours',
} as const;

const PEERS: readonly RuleName[] = [
  'argo',
  'flagger',
  'aws',
  'mann-whitney',
  'z-peek',
  'confidence-sequence',
];
const LEVELS: readonly RuleName[] = ['ours', 'ours-level-1', 'ours-no-devices'];

const FOUR_HOURS: BenchPlan = {
  shares: [0.01, 0.1, 0.5, 1],
  soaks: [60, 60, 60, 60],
  poll: 5,
  horizon: 480,
  early: true,
};
// Without an early end, so that the fault begins within the stage.
const SIX_HOUR_STAGE: BenchPlan = {
  shares: [0.1, 0.5, 1],
  soaks: [360, 60, 60],
  poll: 5,
  horizon: 720,
  early: false,
};
const SIX_HOURS = 360;

const FALSE_PROMISE: CellPromise = { maxFalse: 0.02 };
const HEALTHY_RUNS = 400;
// Where a few false rollbacks are likely, chance decides less over more runs.
const HEAVY_RUNS = 450;
const FAULT_RUNS = 150;
const ONSET_RUNS = 100;

const HEALTHY: Cell = {
  section: SECTIONS.healthy,
  name: '',
  devices: 1_000,
  spread: 1,
  plan: FOUR_HOURS,
  burst: 1,
  incident: 1,
  fault: null,
  runs: HEALTHY_RUNS,
  sideRuns: 60,
  rules: [...PEERS, ...LEVELS],
  promise: FALSE_PROMISE,
};

const SPREADS = ['identical devices', 'typical spread', 'heavy spread'] as const;
const FLEETS = [124, 1_000, 10_000] as const;

const healthy: readonly Cell[] = FLEETS.flatMap((devices) =>
  SPREADS.map((name, spread) => ({
    ...HEALTHY,
    name: `${count(devices)} devices, ${name}`,
    devices,
    spread,
    runs: spread === 2 ? HEAVY_RUNS : HEALTHY_RUNS,
  })),
);

const incidents: readonly Cell[] = [
  [3, 124],
  [3, 1_000],
  [3, 10_000],
  [10, 124],
  [10, 1_000],
  [10, 10_000],
].map(([incident = 1, devices = 0]) => ({
  ...HEALTHY,
  section: SECTIONS.incident,
  name: `${incident}x errors, ${count(devices)} devices`,
  devices,
  incident,
  rules: [...PEERS, 'ours'],
}));

const bursts: readonly Cell[] = FLEETS.map((devices) => ({
  ...HEALTHY,
  section: SECTIONS.bursts,
  name: `${count(devices)} devices`,
  devices,
  burst: 3,
}));

const START: Omit<Fault, 'kind' | 'factor'> = { onset: 0, fromShare: 0 };

function broken(name: string, devices: number, fault: Fault, promise: CellPromise = {}): Cell {
  return {
    ...HEALTHY,
    section: SECTIONS.faults,
    name: `${name}, ${count(devices)} devices`,
    devices,
    fault,
    runs: FAULT_RUNS,
    rules: [...PEERS, 'ours'],
    promise,
  };
}

const errors = (factor: number): Fault => ({ kind: 'errors', factor, ...START });

const faults: readonly Cell[] = [
  broken('errors x2', 1_000, errors(2)),
  broken('errors x2', 10_000, errors(2), { maxMedian: 80 }),
  broken('errors x5', 124, errors(5)),
  broken('errors x5', 1_000, errors(5)),
  broken('errors x5', 10_000, errors(5), { minCaught: 0.99, maxMedian: 20 }),
  broken('errors x10', 124, errors(10)),
  broken('errors x10', 10_000, errors(10)),
  broken('crashes x5', 1_000, { kind: 'crashes', factor: 5, ...START }),
  broken('p95 +25%', 1_000, { kind: 'latency', factor: 1.25, ...START }),
  broken('errors x8 only at 100%', 1_000, { ...errors(8), fromShare: 1 }),
];

const polls: readonly Cell[] = [1, 5, 15].map((poll) => ({
  ...HEALTHY,
  section: SECTIONS.polls,
  name: `every ${poll} min, 124 devices`,
  devices: 124,
  plan: { ...FOUR_HOURS, poll },
  rules: [...PEERS, 'ours'],
}));

const ONSET_RULES: readonly RuleName[] = ['ours', 'ours-no-restarts'];

const onsets: readonly Cell[] = [
  {
    ...HEALTHY,
    section: SECTIONS.onset,
    name: 'healthy, 1,000 devices',
    plan: SIX_HOUR_STAGE,
    rules: ONSET_RULES,
    sideRuns: HEALTHY_RUNS,
  },
  ...[
    [5, 1_000],
    [2, 10_000],
  ].flatMap(([factor = 1, devices = 0]) =>
    [0, 0.5, 0.95].map((part) => ({
      ...HEALTHY,
      section: SECTIONS.onset,
      name: `errors x${factor}, ${count(devices)} devices, at ${100 * part}%`,
      devices,
      plan: SIX_HOUR_STAGE,
      fault: { ...errors(factor), onset: part * SIX_HOURS },
      runs: ONSET_RUNS,
      sideRuns: ONSET_RUNS,
      rules: ONSET_RULES,
      promise: {},
    })),
  ),
];

/** All cells. */
export const CELLS: readonly Cell[] = [...healthy, ...incidents, ...bursts, ...faults, ...polls, ...onsets];

function count(devices: number): string {
  return devices.toLocaleString('en-US');
}
