/** What one modelled world consists of: a plan, a server, its health, other people, faults and runs. Types only. */
import type { EndingPolicy } from '../../src/action/rollout-context.ts';
import type { Plan } from '../../src/core/plan.ts';
import type { PollInterval } from '../../src/core/ports.ts';
import type { DurationMs, EpochMs, Percent, Ratio } from '../../src/core/units.ts';

/** When every world begins. All other times of a spec are counted from here. */
export const WORLD_START: EpochMs = Date.UTC(2026, 0, 5, 8);

/** An earlier rollout of the model, before ours. `group` is that of the plan, another one, or the whole fleet. */
export interface PastRollout {
  readonly version: string;
  readonly status: 'completed' | 'rolled_back' | 'cancelled' | 'paused';
  readonly ageMs: DurationMs;
  readonly group: 'plan' | 'other' | 'fleet';
}

/** How the server carries out a rollback, and how far the devices follow. */
export interface RollbackBehaviour {
  /** The API's own route, or a pause of the candidate and a rollout of the old version: two writes. */
  readonly via: 'endpoint' | 'rollout';
  /** How many requests are refused before one is accepted. */
  readonly refusals: number;
  /** How long the devices take to revert. */
  readonly revertMs: DurationMs;
  /** Share of the devices that never reverts. */
  readonly stuckRatio: Ratio;
  /** Whether the API shows a rollout that restores the old version. */
  readonly showsRestoring: boolean;
  /** How long the status stays in between. */
  readonly settleMs: DurationMs;
}

/** What the server tells and what it keeps to itself. */
export interface ServerSpec {
  readonly createsAs: 'active' | 'pending';
  readonly completesAtTarget: boolean;
  readonly tellsCreatedAt: boolean;
  readonly tellsGroup: boolean;
  readonly honoursGroup: boolean;
  readonly history: {
    readonly kept: boolean;
    readonly reasons: boolean;
    readonly times: boolean;
    readonly percentages: boolean;
  };
  readonly countsDevices: boolean;
  readonly refusesZero: boolean;
  /** Whether a write is refused while the rollout is paused or completed. */
  readonly refusesWhenNotActive: boolean;
  /** Highest percentage that the organisation's policy allows, or null for none. */
  readonly policyCeiling: Percent | null;
  readonly deletionLeavesTrace: boolean;
  readonly rollback: RollbackBehaviour;
  readonly fleetDevices: number;
  /** Share of the assigned devices that switches to the candidate, and how long they take. */
  readonly adoptionRatio: Ratio;
  readonly syncMs: DurationMs;
  /** Server time less local time. */
  readonly skewMs: number;
  readonly past: readonly PastRollout[];
}

/** What a health source may do wrong for a while. */
export const SPELL_KINDS = [
  'none',
  'error',
  'reject',
  'stale',
  'early',
  'empty_window',
  'zero',
  'nan',
  'negative',
  'excess',
  'short',
  'bare',
] as const;

/** A time during which the source does something wrong. */
export interface HealthSpell {
  readonly kind: (typeof SPELL_KINDS)[number];
  readonly fromMs: DurationMs;
  readonly toMs: DurationMs;
}

/** What the candidate is like, and what the source tells of it. */
export interface HealthSpec {
  /** Requests that the candidate answers, whatever its share of the fleet. */
  readonly requestsPerHour: number;
  /** Devices that the requests of the whole fleet come from. */
  readonly devices: number;
  /** What is told of devices: 2 with how many had events, 1 how many, 0 nothing. */
  readonly level: 0 | 1 | 2;
  /** Whether the version that is replaced is measured beside the candidate. */
  readonly baseline: boolean;
  /** Whether only values without a number of trials are told. */
  readonly bare: boolean;
  /** Whether half as many devices get the candidate as the percentage says. */
  readonly skewed: boolean;
  /** What a good version does, as a part of each limit. */
  readonly cleanPart: Ratio;
  /** The whole fleet suffers for a time, both versions alike; null for never. */
  readonly incident: { readonly fromMs: DurationMs; readonly toMs: DurationMs } | null;
  /** The candidate fails from a time on, once it has reached a percentage; null for a good one. */
  readonly harm: { readonly fromMs: DurationMs; readonly fromPercentage: Percent } | null;
  readonly spells: readonly HealthSpell[];
}

/** Something that a person or the organisation's policy does to the rollout. */
export type ForeignAct = { readonly atMs: DurationMs; readonly reason: string | null } & (
  | { readonly kind: 'pause' | 'resume' | 'roll_back' | 'auto_roll_back' | 'delete' }
  | { readonly kind: 'set'; readonly percentage: Percent }
  | {
      readonly kind: 'start_rival';
      readonly ours: 'kept' | 'paused' | 'deleted';
      /** Whether the other version goes to all devices at once and is done. */
      readonly completes: boolean;
    }
);

/** What may go wrong with one call: not sent, answer lost after it took effect, or refused. */
export interface CallFault {
  /** Counted over all runs, from 0. */
  readonly call: number;
  readonly kind: 'lost_before' | 'lost_after' | 'refused';
}

/** The end of the process at one call of one run, just before or just after the call took effect. */
export interface Kill {
  /** Counted within the run, from 0. */
  readonly call: number;
  readonly when: 'before' | 'after';
}

/** How the action is run, and how often it is run again. */
export interface RunsSpec {
  readonly poll: PollInterval;
  /** Uniform in [0, 1): the jitter. */
  readonly jitter: number;
  readonly timeoutMs: DurationMs;
  readonly onTimeout: EndingPolicy;
  readonly onCancel: EndingPolicy;
  readonly cancelAtMs: DurationMs | null;
  /** One for each run from the first on; a run without an entry is not killed. */
  readonly kills: readonly (Kill | null)[];
  /** How often it is started again after a run that was killed, ran out of time, was cancelled or failed. */
  readonly restarts: number;
  readonly restartAfterMs: DurationMs;
}

/** A complete world. */
export interface WorldSpec {
  readonly plan: Plan;
  readonly server: ServerSpec;
  readonly health: HealthSpec;
  readonly acts: readonly ForeignAct[];
  readonly faults: readonly CallFault[];
  /** Times during which no call gets through. */
  readonly outages: readonly { readonly fromMs: DurationMs; readonly toMs: DurationMs }[];
  readonly runs: RunsSpec;
}
