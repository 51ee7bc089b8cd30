/** The rollout as the server shows it and as this product remembers it. Pure. */
import type { ReasonCode } from './reason-codes.ts';
import type { EpochMs, Percent } from './units.ts';

/**
 * The server's status, reduced to what a decision needs.
 *
 * `unknown` is every word that no source documents: not terminal and not healthy, so it blocks advancing.
 */
export const ROLLOUT_STATUSES = [
  'pending',
  'active',
  'paused',
  'completed',
  'rolling_back',
  'rolled_back',
  'cancelled',
  'failed',
  'unknown',
] as const;

export type RolloutStatus = (typeof ROLLOUT_STATUSES)[number];

/** One rollout as the API described it. */
export interface RemoteRollout {
  /** Opaque; numbers are kept as their decimal text. */
  readonly id: string;
  readonly modelId: string;
  readonly version: string;
  readonly status: RolloutStatus;
  /** The word the server used, for messages. */
  readonly statusText: string;
  readonly percentage: Percent;
  readonly targetPercentage: Percent | null;
  /** `undefined` when the server does not say which group, null when it says the whole fleet. */
  readonly group: string | null | undefined;
  readonly createdAt: EpochMs | null;
}

/** One entry of a rollout's history; every field may be missing. Oldest first in a list. */
export interface HistoryEntry {
  readonly status: RolloutStatus | null;
  readonly percentage: Percent | null;
  readonly reason: string | null;
  readonly at: EpochMs | null;
}

/** Devices counted by the API for one rollout. Null fields were not told. */
export interface DeviceCount {
  /** Devices that the rollout reaches (assigned), whether or not they have switched. */
  readonly assigned: number;
  /** Devices that run the rollout's version now. */
  readonly onVersion: number | null;
  /** Assigned devices that are online or stale by the vendor's heartbeat rule. */
  readonly reachable: number | null;
  /** Devices of the whole fleet or group. */
  readonly total: number | null;
}

/** Why a pause of ours was made; written into the reason before the pause. */
export const PAUSE_MARKS = ['cancel', 'timeout', 'deadline', 'gate'] as const;
export type PauseMark = (typeof PAUSE_MARKS)[number];

/** Where a rollout of ours came from and where it goes back to. Fixed once it is created or adopted. */
export interface RolloutIdentity {
  readonly rolloutId: string;
  /** Version restored by a rollback; null only for a first-ever rollout without `to-version`. */
  readonly previousVersion: string | null;
  readonly createdAt: EpochMs;
}

/** Why a rollback was decided; the key of the reason code that reports it. */
export type RollbackCause =
  | 'gate_failed'
  | 'deadline_passed_rolled_back'
  | 'rolled_back_by_request'
  | 'rolled_back_by_server';

/**
 * What is remembered between two looks. The server is asked for everything else.
 *
 * `soaking` is any stage but the last; `baking` is the last, whether or not the server calls it completed.
 */
export type RolloutState =
  | { readonly phase: 'absent' }
  | Watching
  | RollingBack
  | { readonly phase: 'ended'; readonly outcome: Outcome; readonly reason: ReasonCode };

/** Another run that expects to act again. It blocks creating, advancing and resuming; never a pause or a rollback. */
export interface Lease {
  /** Run id of the workflow run that holds it. */
  readonly runId: string;
  readonly until: EpochMs;
}

/** A stage that was left, as far as its times are known. */
export interface PastStage {
  readonly stageIndex: number;
  readonly enteredAt: EpochMs;
  readonly leftAt: EpochMs;
}

/** A rollout that serves the candidate and is being looked at. */
export interface Watching extends RolloutIdentity {
  readonly phase: 'soaking' | 'baking';
  readonly stageIndex: number;
  readonly stageEnteredAt: EpochMs;
  /** The stages before this one, oldest first; empty where their times are not known. */
  readonly past: readonly PastStage[];
  /** The run that acted last and expects to act again, where it is another one; null otherwise. */
  readonly lease: Lease | null;
  /** The percentage we last confirmed on the server. */
  readonly percentage: Percent;
  /** When a reading with evidence last arrived; the stage's entry until there is one. */
  readonly lastEvidenceAt: EpochMs;
  /** When every source last answered without an error; the stage's entry until then. */
  readonly lastMeasuredAt: EpochMs;
  /** When the rollout itself could last be read. */
  readonly lastServerAt: EpochMs;
}

/** A rollback that has been decided; it is never undecided again. */
export interface RollingBack extends RolloutIdentity {
  readonly phase: 'rolling_back';
  readonly cause: RollbackCause;
  readonly decidedAt: EpochMs;
  /** When the API accepted it; null while it has not. */
  readonly acceptedAt: EpochMs | null;
  /** When it was last asked for without being accepted, and what the API said. */
  readonly lastRefusal: { readonly at: EpochMs; readonly why: string } | null;
  /** The rollout that restores the previous version, where the API shows one. */
  readonly restoringRolloutId: string | null;
  /** Version that is being restored, as far as it is known. */
  readonly toVersion: string | null;
}

/** How a run of the action ended; public API. */
export const OUTCOMES = [
  'completed',
  'advanced',
  'waiting',
  'planned',
  'simulated',
  'done',
  'noop',
  'rolled_back',
  'rolling_back',
  'rollback_failed',
  'held',
  'timed_out',
  'cancelled',
  'superseded',
  'invalid_input',
  'invalid_plan',
  'error',
] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** The outcomes that leave the job green. Everything else exits 1. */
export const SUCCESSFUL_OUTCOMES: readonly Outcome[] = [
  'completed',
  'advanced',
  'waiting',
  'planned',
  'simulated',
  'done',
  'noop',
];
