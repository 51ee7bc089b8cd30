/** A rollout as the emulated server keeps it. */
import type { EpochMs, Percent } from '../core/units.ts';
import type { EnteredPercentage } from '../simulation/harm.ts';

/** The statuses of docs /features/rollouts and /operate/rollback. */
export type ServerStatus = 'pending' | 'active' | 'paused' | 'completed' | 'rolling_back' | 'rolled_back';

/** One line of a rollout's history. */
export interface HistoryLine {
  readonly status: ServerStatus;
  readonly percentage: Percent;
  readonly reason: string | null;
  readonly at: EpochMs;
}

/** One rollout. Records are replaced, never changed. */
export interface RolloutRecord {
  /** 1 for the first rollout; the wire's id comes from it. */
  readonly sequence: number;
  readonly version: string;
  readonly status: ServerStatus;
  readonly percentage: Percent;
  readonly targetPercentage: Percent;
  readonly incrementStep: Percent;
  /** Name of the group that it is limited to, or null for the whole fleet. */
  readonly group: string | null;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
  /** Oldest first. */
  readonly history: readonly HistoryLine[];
  /** Percentages since it was started, oldest first, without repetitions. */
  readonly entered: readonly EnteredPercentage[];
  /** Version of the devices before it; null for the first rollout of a model. */
  readonly previousVersion: string | null;
  /** A deleted rollout is not shown any more; devices that it reached keep what they run. */
  readonly deleted: boolean;
}

/** Returns whether a rollout may still change. */
export function isUnfinished({ status, deleted }: RolloutRecord): boolean {
  return !deleted && status !== 'completed' && status !== 'rolled_back';
}

/** Returns whether devices follow a rollout: also a paused one, and a deleted one that had reached them. */
export function isServing({ status }: RolloutRecord): boolean {
  return status !== 'pending' && status !== 'rolled_back';
}
