/** What one gate measured over a rollout: the shape that every test of this folder takes. Types only. */
import type { Counts } from '../evidence.ts';
import type { Ratio } from '../units.ts';

/** Both versions over the same window. */
export interface StageTotals {
  readonly candidate: Counts;
  /** Null where no other version serves, or none can be measured. */
  readonly baseline: Counts | null;
}

/** Totals from a restart point inside the current stage until now, with the logarithm of the point's weight. */
export interface RestartTotals extends StageTotals {
  readonly logWeight: number;
}

/**
 * What the counts are, which decides how events of one device are taken together: requests that failed,
 * requests that were slow (slow devices stay slow), or devices themselves, of which each counts once.
 */
export type Clustering = 'requests' | 'latency' | 'devices';

/** One gate's counts over a rollout and the two questions asked of them. */
export interface GateSeries {
  /** The most that the candidate's rate may be, or null where no limit is set. */
  readonly limit: Ratio | null;
  /** How many times the baseline's odds the candidate may have (1: no worse), or null where they are not compared. */
  readonly tolerance: number | null;
  readonly clustering: Clustering;
  /** Requests that count as one where a source tells no devices; at least 1. */
  readonly designEffect: number;
  /** Totals of each stage since it was entered, oldest first; the last is the current one. */
  readonly stages: readonly StageTotals[];
  /** Null where no stage of the plan is long enough for one; empty while none is due. */
  readonly restarts: readonly RestartTotals[] | null;
}
