/** Builders of the core's values with ordinary defaults: a healthy rollout of 2.0.0 over 1.9.0 in three stages. */
import type { Counts, Evidence, GateVerdict, Reading, Verdict, Window } from '../../src/core/evidence.ts';
import { type Judging, judge } from '../../src/core/judge.ts';
import type { Look } from '../../src/core/look.ts';
import { type MemoryTag, writeTag } from '../../src/core/memory-tag.ts';
import type { AdoptionGate, LatencyGate, Plan, RateGate, Severity, Stage } from '../../src/core/plan.ts';
import type {
  DeviceCount,
  HistoryEntry,
  RemoteRollout,
  RollingBack,
  Watching,
} from '../../src/core/rollout.ts';
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS, type Percent } from '../../src/core/units.ts';

/** When the stage of `aWatching` was entered: 2026-01-05T12:00:00Z. */
export const T0: EpochMs = Date.UTC(2026, 0, 5, 12);

/** Returns an error-rate gate: at most 5%, critical, not compared with the baseline. */
export function aRateGate(over: Partial<RateGate> = {}): RateGate {
  return {
    kind: 'rate',
    name: 'error_rate',
    severity: 'critical',
    shadow: false,
    maxRatio: 0.05,
    margin: null,
    ...over,
  };
}

/** Returns a p95 gate: at most 5% of the requests above 400 ms, critical. */
export function aLatencyGate(over: Partial<LatencyGate> = {}): LatencyGate {
  const base = { kind: 'latency', name: 'latency_p95', severity: 'critical', shadow: false } as const;
  return { ...base, maxMs: 400, maxRatio: 0.05, ...over };
}

/** Returns an adoption gate: at least 90%, hold. */
export function anAdoptionGate(over: Partial<AdoptionGate> = {}): AdoptionGate {
  return { kind: 'adoption', name: 'adoption', severity: 'hold', shadow: false, minRatio: 0.9, ...over };
}

/** Returns a stage of 1% that soaks for 15 minutes, may wait for 30 more, and has one error-rate gate. */
export function aStage(over: Partial<Stage> = {}): Stage {
  return {
    name: '1%',
    percentage: 1,
    soakMs: 15 * MINUTE_MS,
    warmupMs: 0,
    minSamples: 'auto',
    passWhen: 'not_failed',
    minDevices: 1,
    maxDevices: null,
    maxWaitMs: 30 * MINUTE_MS,
    gates: [aRateGate()],
    ...over,
  };
}

/** Returns stages of the given percentages, each named after its own. */
export function stagesOf(first: Percent, ...more: readonly Percent[]): readonly [Stage, ...Stage[]] {
  const stage = (percentage: Percent) => aStage({ name: `${percentage}%`, percentage });
  return [stage(first), ...more.map(stage)];
}

/** Returns a plan of 2.0.0 in stages of 1, 10 and 100% with a deadline of a day. */
export function aPlan(over: Partial<Plan> = {}): Plan {
  return {
    model: 'radiology-v1',
    version: '2.0.0',
    group: null,
    stages: stagesOf(1, 10, 100),
    deadlineMs: DAY_MS,
    notBefore: null,
    noDataGraceMs: 30 * MINUTE_MS,
    designEffect: 3,
    metrics: {},
    onFail: 'rollback',
    onDeadline: 'pause',
    onSuperseded: 'refuse',
    rollback: { to: null, confirmRatio: 0.95, timeoutMs: 30 * MINUTE_MS },
    ungated: false,
    unwatchedAccepted: false,
    digest: '0123456789ab',
    ...over,
  };
}

/** Returns counts of `events` in `trials`, with devices not told. */
export function countsOf(events: number, trials: number, over: Partial<Counts> = {}): Counts {
  return { events, trials, devices: null, devicesWithEvents: null, ...over };
}

/** Returns counted evidence over a window, without a baseline. */
export function evidenceOf(candidate: Counts, covered: Window, baseline: Counts | null = null): Evidence {
  return { kind: 'counts', candidate, baseline, covered };
}

const HOUR_FROM_T0: Window = { from: T0, to: T0 + HOUR_MS };

/** Returns the reading of an error-rate gate over the hour from `T0`: 3 errors in 1000 requests. */
export function aReading(over: Partial<Reading> = {}): Reading {
  const evidence = evidenceOf(countsOf(3, 1000), HOUR_FROM_T0);
  const rest = { earlier: [], restarts: [], recent: [], slowerThanMs: null };
  return { gate: aRateGate(), asked: HOUR_FROM_T0, evidence, ...rest, ...over };
}

/** Returns a reading of a 5% error-rate gate that is judged as `verdict` when the window ends now. */
export function readingThatIs(
  verdict: Exclude<Verdict, 'not_applicable'>,
  window: Window,
  severity: Severity = 'critical',
): Reading {
  const evidence: Readonly<Record<typeof verdict, Evidence>> = {
    pass: evidenceOf(countsOf(0, 1000), window),
    fail: evidenceOf(countsOf(300, 1000), window),
    // Evidence from before the stage never passes it, and is no harm either.
    inconclusive: evidenceOf(countsOf(0, 1000), { from: window.from - 1, to: window.to }),
    no_data: { kind: 'none', why: 'no rows' },
    error: { kind: 'error', why: 'HTTP 503' },
  };
  return aReading({ gate: aRateGate({ severity }), asked: window, evidence: evidence[verdict] });
}

/** Returns where and when readings are judged: the first stage, an hour after `T0`, at 1% before 10%. */
export function aJudging(over: Partial<Judging> = {}): Judging {
  return {
    stage: aStage(),
    stageEnteredAt: T0,
    now: T0 + HOUR_MS,
    percentage: 1,
    nextShare: 0.1,
    designEffect: 3,
    restartable: false,
    ...over,
  };
}

/** Returns the verdict on one reading alone. */
export function judgeAlone(reading: Reading, at: Judging = aJudging()): GateVerdict {
  const [verdict] = judge([reading], at).verdicts;
  if (verdict === undefined) throw new RangeError('one reading has one verdict');
  return verdict;
}

/** Returns our rollout as the API shows it: active at 1%, created at `T0`, for the whole fleet. */
export function aRemoteRollout(over: Partial<RemoteRollout> = {}): RemoteRollout {
  return {
    id: 'r2',
    modelId: 'm1',
    version: '2.0.0',
    status: 'active',
    statusText: over.status ?? 'active',
    percentage: 1,
    targetPercentage: 100,
    group: null,
    createdAt: T0,
    ...over,
  };
}

/** Returns a count of 100 devices that are all reached, reachable and on the version. */
export function aDeviceCount(over: Partial<DeviceCount> = {}): DeviceCount {
  return { assigned: 100, onVersion: 100, reachable: 100, total: 100, ...over };
}

/** Returns a look at `T0` at our active rollout, without readings and devices, at intervals of one minute. */
export function aLook(over: Partial<Look> = {}): Look {
  return {
    at: T0,
    server: { kind: 'rollout', rollout: aRemoteRollout() },
    readings: [],
    devices: null,
    restoring: null,
    poll: { kind: 'fixed', everyMs: MINUTE_MS },
    ...over,
  };
}

/** Returns a rollout that soaks at 1% since `T0`, with 1.9.0 to return to. */
export function aWatching(over: Partial<Watching> = {}): Watching {
  const since = over.stageEnteredAt ?? T0;
  return {
    phase: 'soaking',
    rolloutId: 'r2',
    previousVersion: '1.9.0',
    createdAt: T0,
    stageIndex: 0,
    stageEnteredAt: T0,
    past: [],
    lease: null,
    percentage: 1,
    lastEvidenceAt: since,
    lastMeasuredAt: since,
    lastServerAt: since,
    ...over,
  };
}

/** Returns a rollback to 1.9.0 for a failed gate, decided and accepted at `T0`. */
export function aRollingBack(over: Partial<RollingBack> = {}): RollingBack {
  return {
    phase: 'rolling_back',
    rolloutId: 'r2',
    previousVersion: '1.9.0',
    createdAt: T0,
    cause: 'gate_failed',
    decidedAt: T0,
    acceptedAt: T0,
    lastRefusal: null,
    restoringRolloutId: null,
    toVersion: '1.9.0',
    ...over,
  };
}

/** Returns a tag of stage 1 of 3, written at `T0` under the plan of `aPlan`. */
export function aTag(over: Partial<MemoryTag> = {}): MemoryTag {
  return {
    planDigest: '0123456789ab',
    stage: 1,
    stagesTotal: 3,
    previousVersion: '1.9.0',
    run: '123.45.1',
    at: T0,
    pausing: null,
    leaseUntil: null,
    ...over,
  };
}

/** Returns a history entry that tells nothing but what is given. */
export function anEntry(over: Partial<HistoryEntry> = {}): HistoryEntry {
  return { status: null, percentage: null, reason: null, at: null, ...over };
}

/** Returns a history entry whose only content is the tag in its reason. */
export function aTaggedEntry(tag: Partial<MemoryTag> = {}, over: Partial<HistoryEntry> = {}): HistoryEntry {
  return anEntry({ reason: writeTag('stage', aTag(tag)), ...over });
}
