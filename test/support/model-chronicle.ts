/** What truly happened in a modelled world, in order, as an onlooker beside the server would write it down. */
import type { Conclusion } from '../../src/action/conclusion.ts';
import type { Evidence } from '../../src/core/evidence.ts';
import type { HealthQuery } from '../../src/core/ports.ts';
import type { PauseMark, RolloutStatus } from '../../src/core/rollout.ts';
import type { EpochMs, Percent } from '../../src/core/units.ts';

/** Who put a rollout on hold: a person, or us with the mark that we left. */
export type PausedBy = { readonly who: 'human' } | { readonly who: 'us'; readonly mark: PauseMark | null };

/** A rollout as it truly is. Times are the server's. */
export interface TrueRollout {
  readonly id: string;
  readonly version: string;
  readonly group: string | null;
  readonly status: RolloutStatus;
  readonly percentage: Percent;
  readonly createdAt: EpochMs;
  /** Since when this percentage is served. */
  readonly servingSince: EpochMs;
  readonly pausedBy: PausedBy | null;
}

/** The verbs of the API. */
export type WriteMethod = 'create' | 'start' | 'pause' | 'resume' | 'set' | 'roll_back' | 'delete';

/** The health source's answer to one question of ours. */
export interface Answer {
  readonly query: HealthQuery;
  /** Null when the source rejected. */
  readonly evidence: readonly Evidence[] | null;
}

/** When something was asked, and of which rollout. */
interface Asking {
  readonly at: EpochMs;
  /** Counts the looks of all runs; the questions of one look have the same number. */
  readonly look: number;
  /** Our rollout at that moment. */
  readonly ours: TrueRollout | null;
}

/** Everything that the health source answered at one look: this stage, earlier ones, restart points, bare values. */
export interface HandedOut extends Asking {
  /** In the order in which they were given. */
  readonly answers: readonly Answer[];
}

/** One attempt to change the server. */
export interface WriteEntry {
  readonly kind: 'write';
  readonly by: 'us' | 'human' | 'policy';
  readonly run: number;
  readonly at: EpochMs;
  readonly method: WriteMethod;
  readonly committed: boolean;
  readonly rolloutId: string | null;
  readonly version: string;
  readonly before: TrueRollout | null;
  readonly after: TrueRollout | null;
  /** Percentage asked for; null where the verb has none. */
  readonly asked: Percent | null;
  readonly toVersion: string | null;
  /** Whether our own rollout was in force when it was asked for. */
  readonly oursInForce: boolean;
  readonly harmIsReal: boolean;
  /** The evidence of the last look at which this run was handed any. */
  readonly handed: HandedOut | null;
}

/** How one run of the action ended. `refused` and `threw` carry the message. */
export type RunEnd =
  | { readonly kind: 'concluded'; readonly conclusion: Conclusion }
  | { readonly kind: 'refused'; readonly reason: string; readonly detail: string }
  | { readonly kind: 'threw'; readonly message: string }
  | { readonly kind: 'killed' };

/** One entry of the chronicle. */
export type ChronicleEntry =
  | WriteEntry
  | ({ readonly kind: 'evidence'; readonly run: number } & Asking & Answer)
  | { readonly kind: 'began'; readonly run: number; readonly at: EpochMs; readonly how: string }
  /** The driver asked for a rollout: what it was told, `gone`, or `failed` when no answer came. */
  | {
      readonly kind: 'read';
      readonly run: number;
      readonly at: EpochMs;
      readonly told: RolloutStatus | 'gone' | 'failed';
    }
  | { readonly kind: 'slept'; readonly run: number; readonly at: EpochMs }
  | {
      readonly kind: 'ended';
      readonly run: number;
      readonly at: EpochMs;
      readonly end: RunEnd;
      readonly ours: TrueRollout | null;
      readonly handed: HandedOut | null;
      /** Share of the reachable devices that run the version which a rollback restores. */
      readonly restoredRatio: number;
    };
