/** Everything that one run of the action saw and did: what summary, log, outputs and report are made from. Types only. */
import type { GateVerdict, Odds } from '../core/evidence.ts';
import type { RolloutEvent } from '../core/evolve.ts';
import type { Command, Look } from '../core/look.ts';
import type { OrgPolicy } from '../core/org-policy.ts';
import type { Plan } from '../core/plan.ts';
import type { PollInterval, SeriesProbe } from '../core/ports.ts';
import type { ReasonCode } from '../core/reason-codes.ts';
import type { Outcome, RolloutState } from '../core/rollout.ts';
import type { EpochMs, Percent } from '../core/units.ts';

/** Everything that a decision was computed from, beside the plan and the policy. */
export interface LookInputs {
  /** As it was before the look. */
  readonly state: RolloutState;
  readonly look: Look;
}

/** One look and what was decided on it. */
export interface LookRecord {
  /** 1 for the first look of the run; a gap tells that looks between two were left out. */
  readonly number: number;
  readonly inputs: LookInputs;
  /** What the command came to, in order; empty where nothing was written or confirmed. */
  readonly events: readonly RolloutEvent[];
  readonly at: EpochMs;
  readonly phase: RolloutState['phase'];
  readonly stageIndex: number | null;
  /** The percentage the server showed; null when it could not be read. */
  readonly percentage: Percent | null;
  readonly statusText: string | null;
  /** Devices that run the candidate (during a rollback: the restored version), as far as they can be counted. */
  readonly devicesOnVersion: number | null;
  readonly devicesReachable: number | null;
  readonly verdicts: readonly GateVerdict[];
  /** What all critical gates together say; null where none was judged. */
  readonly odds: Odds | null;
  readonly command: Command;
  readonly reason: ReasonCode;
  readonly detail: string | null;
}

/** A stage of the plan with what became of it. */
export interface StageRecord {
  readonly name: string;
  readonly percentage: Percent;
  readonly enteredAt: EpochMs | null;
  readonly leftAt: EpochMs | null;
  /** What became of it; `not_reached` stages come after the one that decided. */
  readonly result: 'passed' | 'current' | 'failed' | 'held' | 'not_reached';
  readonly devicesOnVersion: number | null;
  readonly devicesExpected: number | null;
}

/** Something the API can or cannot do, and what that means for this rollout. */
export interface Capability {
  readonly name: string;
  readonly available: 'yes' | 'no' | 'unknown';
  /** How it was found out, in a few words. */
  readonly how: string;
  readonly consequence: string;
}

/** Something a person can do next. `code` is ready to paste. */
export interface NextStep {
  readonly text: string;
  readonly language: 'yaml' | 'sh' | null;
  readonly code: string | null;
}

/** A rollout as `status` shows it. */
export interface RolloutLine {
  readonly id: string;
  readonly version: string;
  readonly statusText: string;
  readonly percentage: Percent;
  readonly group: string | null;
  readonly createdAt: EpochMs | null;
  readonly devicesOnVersion: number | null;
  readonly devicesReachable: number | null;
}

/** One run of the action from its first look to its last. */
export interface RunRecord {
  readonly schemaVersion: 1;
  readonly command: 'run' | 'advance' | 'plan' | 'status' | 'rollback' | 'pause' | 'resume' | 'set';
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs;
  readonly outcome: Outcome;
  readonly reason: ReasonCode;
  /** The deciding fact, or the error in full. */
  readonly detail: string | null;
  readonly model: string | null;
  readonly version: string | null;
  readonly group: string | null;
  readonly previousVersion: string | null;
  /** The version that a rollback restored or was to restore. */
  readonly restoredVersion: string | null;
  readonly rolloutId: string | null;
  readonly percentage: Percent | null;
  readonly plan: Plan | null;
  /** What an operator's rollback is decided on, which follows no plan of anybody; null for other commands. */
  readonly verbPlan: Plan | null;
  readonly fleetDevices: number | null;
  readonly stages: readonly StageRecord[];
  /** Oldest first; of a long run, every look that did or changed something and a share of the others. */
  readonly looks: readonly LookRecord[];
  /** Looks that were taken; more than there are in `looks` after a long run. */
  readonly looksTaken: number;
  /** Index into `looks` of the one that decided the outcome, or null. */
  readonly decidedBy: number | null;
  readonly affectedDevices: number | null;
  readonly capabilities: readonly Capability[];
  /** What the organisation asks of every rollout; null where the API was not asked. */
  readonly policy: OrgPolicy | null;
  /** `plan` only: what each series of the plan answered when it was tried. */
  readonly probes: readonly SeriesProbe[];
  /** `plan` only: how often `run` would look. */
  readonly poll: PollInterval | null;
  /** `status` only. */
  readonly rollouts: readonly RolloutLine[];
  /** `status` only: other versions that were completed once and are still served by the API, newest first. */
  readonly rollbackTargets: readonly string[];
  /** Things worth knowing that changed no decision. */
  readonly notes: readonly string[];
  /** What the fleet runs now where that is not what was asked for, or null. */
  readonly stillServing: string | null;
  readonly next: readonly NextStep[];
  readonly nextLookAt: EpochMs | null;
  readonly requests: number;
  readonly runUrl: string | null;
}
