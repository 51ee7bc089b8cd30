/** What the driver of one rollout works with: the plan, the ports, and the workflow's choices. Types only. */
import type { OrgPolicy } from '../core/org-policy.ts';
import type { Plan } from '../core/plan.ts';
import type {
  Clock,
  DeviceGroup,
  HealthSource,
  Logger,
  PollInterval,
  RolloutApi,
  RolloutMemory,
} from '../core/ports.ts';
import type { ReasonCode } from '../core/reason-codes.ts';
import type { RolloutState } from '../core/rollout.ts';
import type { EpochMs } from '../core/units.ts';
import type { ExperimentWatch } from './watch-experiments.ts';

/** What to do with a running rollout when the job ends before it does. */
export type EndingPolicy = 'pause' | 'leave' | 'rollback';

/** Which run of which workflow this is; `label` is run id, run number and attempt, joined by dots. */
export interface RunIdentity {
  readonly label: string;
  readonly url: string | null;
}

/** Shows people how a rollout goes on. Neither takes time, throws, or changes anything for the rollout. */
export interface ProgressTeller {
  /** Tells that nothing is due before `until` (server's time; null for the next look), and why. */
  goesOn(state: RolloutState, now: { readonly reason: ReasonCode; readonly until: EpochMs | null }): void;
  /** Tells that the candidate is about to be stopped, which comes before everything else. */
  stops(): void;
}

/** What writing to one rollout needs, in the step that drives it and in the one that cleans up behind it. */
export type WritingContext = Pick<
  RolloutContext,
  'api' | 'memory' | 'group' | 'signal' | 'run' | 'reason' | 'poll' | 'leases'
> & {
  readonly plan: Pick<Plan, 'version' | 'digest'> & { readonly stages: { readonly length: number } };
};

/** Everything that driving one rollout needs. */
export interface RolloutContext {
  readonly plan: Plan;
  /** What the organisation asks of every rollout. */
  readonly policy: OrgPolicy;
  readonly modelId: string;
  readonly group: DeviceGroup | null;
  /** Devices of the whole fleet, group or not; null where the API cannot count them. */
  readonly wholeFleetDevices: number | null;
  readonly previousVersion: string | null;
  readonly api: RolloutApi;
  /** What remembers the rollout beside the API. */
  readonly memory: RolloutMemory;
  /** A second client for the last words of a cancelled job: not aborted with the first, and short of time. */
  emergencyApi(): RolloutApi;
  readonly health: HealthSource;
  /** The experiments on the model; absent where nobody asks. */
  readonly experiments?: ExperimentWatch;
  /** Absent where nobody is told before the end. */
  readonly progress?: ProgressTeller;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly poll: PollInterval;
  /** Local time at which the job's time is over. */
  readonly endsAt: EpochMs;
  readonly onTimeout: EndingPolicy;
  readonly onCancel: EndingPolicy;
  readonly run: RunIdentity;
  /** Whether the run goes on after a write, so that others should leave advancing to it for a while. */
  readonly leases: boolean;
  /** The person's reason, where one was given. */
  readonly reason: string | null;
}
