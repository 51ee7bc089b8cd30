/** What one look brings in and what a decision sends out: the core's whole interface to the world. Types only. */
import type { GateVerdict, Odds, Reading } from './evidence.ts';
import type { RunningExperiment } from './experiments.ts';
import type { PollInterval } from './ports.ts';
import type { ReasonCode } from './reason-codes.ts';
import type { DeviceCount, Outcome, PauseMark, RemoteRollout, RollbackCause } from './rollout.ts';
import type { EpochMs, Percent } from './units.ts';

/** What the API said about our rollout at this look. */
export type ServerView =
  | { readonly kind: 'rollout'; readonly rollout: RemoteRollout }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unreadable'; readonly why: string };

/** Everything that one look saw. `at` is the server's time. */
export interface Look {
  readonly at: EpochMs;
  readonly server: ServerView;
  /** One reading for each gate of the stage, in the stage's order. */
  readonly readings: readonly Reading[];
  /**
   * Devices of the rollout that is being looked at: the candidate's, or during a rollback those of the
   * rollout that restores the previous version. Null where the API cannot count.
   */
  readonly devices: DeviceCount | null;
  /** During a rollback: the rollout that restores the previous version, where the API shows one. */
  readonly restoring: RemoteRollout | null;
  /** During a rollback that shows no restoring rollout: true when a rollout of a third version is in force. */
  readonly rivalled?: boolean;
  readonly poll: PollInterval;
  /** The experiments that run on the model; null or absent where the API does not tell. */
  readonly experiments?: readonly RunningExperiment[] | null;
}

/** One thing to do. Percentages are absolute. */
export type Command =
  | { readonly kind: 'create'; readonly percentage: Percent }
  | { readonly kind: 'start' }
  | {
      readonly kind: 'raise';
      /** The stage that the rollout is in after it. */
      readonly stageIndex: number;
      readonly percentage: Percent;
      /** The next stage's percentage, where a policy's largest step ends below it; the stage goes on then. */
      readonly towards?: Percent;
    }
  | { readonly kind: 'pause'; readonly mark: PauseMark; readonly outcome: Outcome }
  | { readonly kind: 'roll_back'; readonly cause: RollbackCause; readonly toVersion: string }
  /** Nothing to write: the percentage was changed by somebody else and is followed. */
  | { readonly kind: 'follow_percentage'; readonly percentage: Percent }
  /** Nothing to write: somebody else rolled back; what remains is to confirm it. */
  | { readonly kind: 'follow_rollback' }
  | { readonly kind: 'wait'; readonly until: EpochMs }
  | { readonly kind: 'finish'; readonly outcome: Outcome };

/** A command, the reason for it, and the verdicts it rests on. */
export interface Decision {
  readonly command: Command;
  readonly reason: ReasonCode;
  readonly verdicts: readonly GateVerdict[];
  /** What all critical gates together say; null where nothing was judged. */
  readonly odds: Odds | null;
  /** The one fact that decided, in a sentence, where the reason code alone does not say it. */
  readonly detail: string | null;
}
