/** Records of runs as the action would make them, from a real plan and real verdicts. */
import { blankRecord } from '../../src/action/record.ts';
import type { Counts, Evidence, GateVerdict, Reading } from '../../src/core/evidence.ts';
import { type Judgement, judge } from '../../src/core/judge.ts';
import type { Command } from '../../src/core/look.ts';
import { NOTHING_TOLD } from '../../src/core/org-policy.ts';
import type { Plan } from '../../src/core/plan.ts';
import type { RemoteRollout, RollingBack, Watching } from '../../src/core/rollout.ts';
import { HOUR_MS, MINUTE_MS, type Percent, SECOND_MS } from '../../src/core/units.ts';
import { expandPlan } from '../../src/plan/expand.ts';
import { parsePlan } from '../../src/plan/parse.ts';
import { healthSourceMissingBlocks } from '../../src/report/health-missing.ts';
import type { LookInputs, LookRecord, RunRecord, StageRecord } from '../../src/report/run-record.ts';

/** 2026-11-20T09:00:00Z: when the rollouts of these records begin. */
export const BEGAN_AT = Date.UTC(2026, 10, 20, 9, 0, 0);

const FLEET_DEVICES = 124;

const PLAN_TEXT = `
model: radiology-v1
version: 2.0.0
stages:
  - { percentage: 5%, name: smoke, soak: 15m }
  - { percentage: 25%, soak: 1h }
  - 100%
bake: 30m
gates: { error_rate: 5%, crash_rate: 1%, latency_p95: { max: 900ms, severity: hold } }
`;

/** Returns the plan of a text; a plan with problems is a mistake in the test, so it throws. */
export function planFrom(text: string): Plan {
  const parsed = parsePlan({ name: 'rollout.yml', text }, {});
  if (!parsed.ok) throw new Error(`the test's plan has problems: ${JSON.stringify(parsed.problems)}`);
  return expandPlan(parsed.draft, { devices: FLEET_DEVICES }).plan;
}

/** Three stages, 5% → 25% → 100%, with gates on errors, crashes, latency and adoption. */
export const PLAN: Plan = planFrom(PLAN_TEXT);

/** Evidence of one look: events and trials for each gate of the plan, null where nothing came. */
export interface Seen {
  readonly error_rate: readonly [number, number] | null;
  readonly crash_rate: readonly [number, number] | null;
  readonly latency_p95: readonly [number, number] | null;
  readonly adoption: readonly [number, number] | null;
  readonly assignment: readonly [number, number] | null;
}

/** Where a look happens: minutes since the rollout began, the stage, and when the stage was entered. */
export interface LookPlace {
  readonly minute: number;
  readonly stageIndex: number;
  readonly enteredMinute: number;
}

/** Returns the readings of the plan's gates for what was seen. */
export function readingsOf(seen: Seen, place: LookPlace): readonly Reading[] {
  const stage = PLAN.stages[place.stageIndex] ?? PLAN.stages[0];
  const stageEnteredAt = minute(place.enteredMinute);
  const now = minute(place.minute);
  const covered = { from: stageEnteredAt, to: now - 30 * SECOND_MS };
  return stage.gates.map((gate): Reading => {
    const counts = seen[gate.name as keyof Seen] ?? null;
    const evidence: Evidence =
      counts === null
        ? { kind: 'none', why: 'no request of this version in the window' }
        : { kind: 'counts', ...armsOf(gate.name, counts, stage.percentage), covered };
    const asked = { from: stageEnteredAt, to: now };
    return { gate, asked, evidence, earlier: [], restarts: [], recent: [], slowerThanMs: null };
  });
}

/** Returns what the plan's gates say about what was seen. */
export function judgementOn(seen: Seen, place: LookPlace): Judgement {
  const stage = PLAN.stages[place.stageIndex] ?? PLAN.stages[0];
  return judge(readingsOf(seen, place), {
    stage,
    stageEnteredAt: minute(place.enteredMinute),
    now: minute(place.minute),
    percentage: stage.percentage,
    nextShare: (PLAN.stages[place.stageIndex + 1]?.percentage ?? 100) / 100,
    designEffect: PLAN.designEffect,
    restartable: false,
  });
}

/** Returns the verdicts of the plan's gates on what was seen. */
export function verdictsOn(seen: Seen, place: LookPlace): readonly GateVerdict[] {
  return judgementOn(seen, place).verdicts;
}

/** The rest of the fleet runs the previous version, of which 0.8% of the requests fail and one device crashed. */
function armsOf(
  name: string,
  [events, trials]: readonly [number, number],
  percentage: Percent,
): { readonly candidate: Counts; readonly baseline: Counts | null } {
  const devices = Math.round((percentage / 100) * FLEET_DEVICES);
  const isRequests = name === 'error_rate' || name === 'latency_p95';
  const spread = name === 'error_rate' ? Math.min(devices, Math.ceil(events * 0.7)) : null;
  const candidate = isRequests
    ? { events, trials, devices, devicesWithEvents: spread }
    : { events, trials, devices: null, devicesWithEvents: null };
  const others = FLEET_DEVICES - devices;
  if (others === 0 || (name !== 'error_rate' && name !== 'crash_rate')) return { candidate, baseline: null };
  if (name === 'crash_rate') return { candidate, baseline: { ...candidate, events: 1, trials: others } };
  const otherTrials = Math.round((trials * others) / devices);
  const otherEvents = Math.round(0.008 * otherTrials);
  const baseline = {
    events: otherEvents,
    trials: otherTrials,
    devices: others,
    devicesWithEvents: Math.min(others, Math.ceil(otherEvents * 0.8)),
  };
  return { candidate, baseline };
}

/** Returns the time that many minutes after the rollout began. */
export function minute(count: number): number {
  return BEGAN_AT + count * MINUTE_MS;
}

/** Returns a look with everything healthy, changed where told. */
export function lookAt(place: LookPlace, changes: Partial<LookRecord> = {}): LookRecord {
  const share = PLAN.stages[place.stageIndex]?.percentage ?? 100;
  const devices = Math.round((share / 100) * FLEET_DEVICES);
  const healthy: Seen = {
    error_rate: [12, 1_490],
    crash_rate: [0, devices],
    latency_p95: [31, 1_490],
    adoption: [devices, devices],
    assignment: [devices, FLEET_DEVICES],
  };
  const { verdicts, odds } = judgementOn(healthy, place);
  const command: Command = { kind: 'wait', until: minute(place.minute) + 30 * SECOND_MS };
  return {
    number: place.minute + 1,
    inputs: inputsAt(place, readingsOf(healthy, place)),
    events: [],
    at: minute(place.minute),
    phase: place.stageIndex === PLAN.stages.length - 1 ? 'baking' : 'soaking',
    stageIndex: place.stageIndex,
    percentage: share,
    statusText: 'active',
    devicesOnVersion: devices,
    devicesReachable: devices,
    verdicts,
    odds,
    command,
    reason: 'soaking',
    detail: null,
    ...changes,
  };
}

function inputsAt(
  { minute: at, stageIndex, enteredMinute }: LookPlace,
  readings: readonly Reading[],
): LookInputs {
  const percentage = PLAN.stages[stageIndex]?.percentage ?? 0;
  const enteredAt = minute(enteredMinute);
  const identity = { rolloutId: 'rol_x7y8z9', previousVersion: '1.0.0', createdAt: BEGAN_AT };
  const state: Watching = {
    ...identity,
    phase: stageIndex === PLAN.stages.length - 1 ? 'baking' : 'soaking',
    stageIndex,
    stageEnteredAt: enteredAt,
    past: [],
    lease: null,
    percentage,
    lastEvidenceAt: enteredAt,
    lastMeasuredAt: enteredAt,
    lastServerAt: enteredAt,
  };
  const rollout: RemoteRollout = {
    id: identity.rolloutId,
    modelId: 'mdl_radiology',
    version: '2.0.0',
    status: 'active',
    statusText: 'active',
    percentage,
    targetPercentage: 100,
    group: null,
    createdAt: BEGAN_AT,
  };
  const poll = { kind: 'auto' } as const;
  const server = { kind: 'rollout', rollout } as const;
  return { state, look: { at: minute(at), server, readings, devices: null, restoring: null, poll } };
}

function stagesAs(...results: readonly StageRecord['result'][]): readonly StageRecord[] {
  const entered = [0, 15, 75];
  return PLAN.stages.map((stage, index) => {
    const result = results[index] ?? 'not_reached';
    const reached = result !== 'not_reached';
    const devices = Math.round((stage.percentage / 100) * FLEET_DEVICES);
    return {
      name: stage.name,
      percentage: stage.percentage,
      enteredAt: reached ? minute(entered[index] ?? 0) : null,
      leftAt: result === 'passed' ? minute(entered[index + 1] ?? 105) : null,
      result,
      devicesOnVersion: reached ? devices : null,
      devicesExpected: devices,
    };
  });
}

/** Returns a record of a run that has nothing to tell but its model, version and plan, changed where told. */
export function recordWith(changes: Partial<RunRecord>): RunRecord {
  const basics = {
    command: 'run',
    startedAt: minute(0),
    endedAt: minute(105),
    outcome: 'completed',
    reason: 'completed',
    detail: null,
    runUrl: 'https://github.com/acme/models/actions/runs/42',
  } as const;
  return {
    ...blankRecord(basics),
    model: 'radiology-v1',
    version: '2.0.0',
    previousVersion: '1.0.0',
    rolloutId: 'rol_x7y8z9',
    percentage: 25,
    plan: PLAN,
    fleetDevices: FLEET_DEVICES,
    looksTaken: changes.looks?.length ?? 0,
    requests: 412,
    ...changes,
  };
}

/** A rollout that passed every stage and its bake. */
export const COMPLETED = recordWith({
  percentage: 100,
  stages: stagesAs('passed', 'passed', 'passed'),
  looks: [
    lookAt(
      { minute: 15, stageIndex: 0, enteredMinute: 0 },
      { command: { kind: 'raise', stageIndex: 1, percentage: 25 }, reason: 'stage_passed' },
    ),
    lookAt(
      { minute: 75, stageIndex: 1, enteredMinute: 15 },
      { command: { kind: 'raise', stageIndex: 2, percentage: 100 }, reason: 'stage_passed' },
    ),
    lookAt(
      { minute: 105, stageIndex: 2, enteredMinute: 75 },
      { command: { kind: 'finish', outcome: 'completed' }, reason: 'completed' },
    ),
  ],
  decidedBy: 2,
  affectedDevices: FLEET_DEVICES,
});

const BREACH_PLACE: LookPlace = { minute: 22, stageIndex: 1, enteredMinute: 15 };
const BREACH_SEEN: Seen = {
  error_rate: [97, 490],
  crash_rate: [0, 31],
  latency_p95: [12, 490],
  adoption: [31, 31],
  assignment: [31, 124],
};
const BREACH = judgementOn(BREACH_SEEN, BREACH_PLACE);
const BREACH_SENTENCE = BREACH.verdicts[0]?.sentence ?? '';

const BREACHED_LOOKS = [
  lookAt(
    { minute: 15, stageIndex: 0, enteredMinute: 0 },
    { command: { kind: 'raise', stageIndex: 1, percentage: 25 }, reason: 'stage_passed' },
  ),
  lookAt(BREACH_PLACE, {
    inputs: inputsAt(BREACH_PLACE, readingsOf(BREACH_SEEN, BREACH_PLACE)),
    verdicts: BREACH.verdicts,
    odds: BREACH.odds,
    command: { kind: 'roll_back', cause: 'gate_failed', toVersion: '1.0.0' },
    reason: 'gate_failed',
    detail: BREACH_SENTENCE,
  }),
];

function restoring(at: number, devices: number): LookRecord {
  const place: LookPlace = { minute: at, stageIndex: 1, enteredMinute: 15 };
  const state: RollingBack = {
    phase: 'rolling_back',
    rolloutId: 'rol_x7y8z9',
    previousVersion: '1.0.0',
    createdAt: BEGAN_AT,
    cause: 'gate_failed',
    decidedAt: minute(BREACH_PLACE.minute),
    acceptedAt: minute(BREACH_PLACE.minute),
    lastRefusal: null,
    restoringRolloutId: null,
    toVersion: '1.0.0',
  };
  return lookAt(place, {
    inputs: { state, look: inputsAt(place, []).look },
    phase: 'rolling_back',
    stageIndex: null,
    percentage: 0,
    statusText: 'rolled_back',
    verdicts: [],
    odds: null,
    devicesOnVersion: devices,
    devicesReachable: 118,
    reason: 'confirming_rollback',
    detail: `${devices} of 118 reachable devices run the restored version, 95% needed`,
  });
}

/** A rollout whose error rate broke its limit at 25%, rolled back and confirmed. */
export const ROLLED_BACK = recordWith({
  outcome: 'rolled_back',
  reason: 'gate_failed',
  detail: '118 of 118 reachable devices run the restored version, 95% needed',
  endedAt: minute(26),
  restoredVersion: '1.0.0',
  percentage: 0,
  stages: stagesAs('passed', 'failed'),
  looks: [...BREACHED_LOOKS, restoring(23, 94), restoring(26, 118)],
  decidedBy: 1,
  affectedDevices: 118,
});

/** The same breach, with devices that do not return to the old version in time. */
export const ROLLBACK_FAILED = recordWith({
  outcome: 'rollback_failed',
  reason: 'rollback_unconfirmed',
  detail: '94 of 118 reachable devices run the restored version, 95% needed',
  endedAt: minute(53),
  restoredVersion: '1.0.0',
  percentage: 25,
  stages: stagesAs('passed', 'failed'),
  looks: [...BREACHED_LOOKS, restoring(23, 87), restoring(53, 94)],
  decidedBy: 1,
  affectedDevices: 94,
  stillServing: '2.0.0 may still serve up to 25% of the devices',
  next: [
    {
      text: 'Roll back again from a workflow of yours, with `command: rollback`:',
      language: 'yaml',
      code: [
        '- uses: octomil/rollout-action@v1',
        '  with:',
        '    command: rollback',
        '    api-key: $' + '{{ secrets.OCTOMIL_API_KEY }}',
        '    model: radiology-v1',
        '    to-version: 1.0.0',
        '    reason: 24 devices did not revert',
      ].join('\n'),
    },
  ],
});

const SILENT_PLACE: LookPlace = { minute: 46, stageIndex: 1, enteredMinute: 15 };
const SILENT = judgementOn(
  {
    error_rate: null,
    crash_rate: [0, 31],
    latency_p95: [2, 40],
    adoption: [27, 31],
    assignment: [31, 124],
  },
  SILENT_PLACE,
);
const SILENT_SENTENCE = SILENT.verdicts[0]?.sentence ?? '';

/** A rollout that stopped at 25%, because no evidence came for longer than the plan allows. */
export const HELD = recordWith({
  outcome: 'held',
  reason: 'no_data',
  detail: `${SILENT_SENTENCE}; paused at 25%`,
  endedAt: minute(46),
  stages: stagesAs('passed', 'held').map((stage) =>
    stage.result === 'held' ? { ...stage, devicesOnVersion: 27 } : stage,
  ),
  looks: [
    ...BREACHED_LOOKS.slice(0, 1),
    lookAt(SILENT_PLACE, {
      verdicts: SILENT.verdicts,
      odds: SILENT.odds,
      command: { kind: 'pause', mark: 'deadline', outcome: 'held' },
      reason: 'no_data',
      detail: SILENT_SENTENCE,
      devicesOnVersion: 27,
    }),
  ],
  decidedBy: 1,
  affectedDevices: 27,
  stillServing: '2.0.0 serves 25% of the devices',
  notes: ['the API keeps no note of this change: 422 reason is not allowed'],
});

/** A plan that was checked against an API that cannot do everything. */
export const PLANNED = recordWith({
  command: 'plan',
  outcome: 'planned',
  reason: 'plan_valid',
  endedAt: minute(0) + 2 * SECOND_MS,
  detail: 'takes at least 1h45m, at most 5h15m',
  rolloutId: null,
  percentage: null,
  stages: stagesAs('not_reached', 'not_reached', 'not_reached'),
  policy: {
    ...NOTHING_TOLD,
    minAdvanceMs: HOUR_MS,
    maxStep: 20,
    approvalRequired: false,
    autoRollback: true,
    errorThreshold: 0.05,
  },
  poll: { kind: 'auto' },
  capabilities: [
    {
      name: 'answer per-version health',
      available: 'yes',
      how: 'the route answered',
      consequence: 'every gate can be judged',
    },
    {
      name: 'count devices of a rollout',
      available: 'no',
      how: '`affected-devices` answered 404',
      consequence: 'the end is reported as `completed_unconfirmed_devices`',
    },
    {
      name: 'keep a reason in the history',
      available: 'unknown',
      how: 'no rollout to look at yet',
      consequence: 'a restarted run may soak a stage again',
    },
  ],
  notes: ['stage 1 reaches about 6 devices'],
});

/** What `status` reads while a rollout is at 25%. */
export const STATUS = recordWith({
  command: 'status',
  outcome: 'done',
  reason: 'status_reported',
  endedAt: minute(0) + 3 * SECOND_MS,
  plan: null,
  previousVersion: null,
  affectedDevices: 27,
  rollouts: [
    {
      id: 'rol_x7y8z9',
      version: '2.0.0',
      statusText: 'active',
      percentage: 25,
      group: null,
      createdAt: minute(-24),
      devicesOnVersion: 27,
      devicesReachable: 31,
    },
    {
      id: 'rol_a1b2c3',
      version: '1.0.0',
      statusText: 'completed',
      percentage: 100,
      group: 'hospitals-eu',
      createdAt: BEGAN_AT - 720 * HOUR_MS,
      devicesOnVersion: null,
      devicesReachable: null,
    },
  ],
  rollbackTargets: ['1.0.0', '0.9.4'],
  notes: [
    '4 reachable devices of rollout rol_x7y8z9 do not run 2.0.0 yet: they have not synced since, or the download failed',
  ],
});

/** A run that stopped before its first write, because the API cannot tell health. */
export const HEALTH_MISSING = recordWith({
  outcome: 'error',
  reason: 'health_source_missing',
  detail: 'GET /models/mdl_radiology/rollouts/rol_a1b2c3/health answered 404',
  endedAt: minute(0) + 4 * SECOND_MS,
  rolloutId: null,
  percentage: null,
  next: healthSourceMissingBlocks(PLAN),
});
