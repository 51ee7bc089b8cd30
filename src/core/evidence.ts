/** What was measured, over which window, and what it says about a gate. Pure. */
import type { Gate } from './plan.ts';
import type { EpochMs, Ratio } from './units.ts';

/** A half-open span of server time, `from` inclusive. */
export interface Window {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/**
 * Counted evidence of one version: `events` of `trials` within the covered window.
 *
 * Both are real numbers at or above 0 with `events` at or below `trials`. `devices` and
 * `devicesWithEvents` say how the events are spread; null where the source cannot tell.
 */
export interface Counts {
  readonly events: number;
  readonly trials: number;
  readonly devices: number | null;
  readonly devicesWithEvents: number | null;
}

/** What a source answered for one gate: counts, nothing at all, or an error of the measurement itself. */
export type Evidence =
  | {
      readonly kind: 'counts';
      readonly candidate: Counts;
      readonly baseline: Counts | null;
      readonly covered: Window;
    }
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'unavailable'; readonly why: string }
  | { readonly kind: 'error'; readonly why: string };

/** One gate's answer at one look: the window that was asked for and the evidence in it. */
export interface Reading {
  readonly gate: Gate;
  readonly asked: Window;
  readonly evidence: Evidence;
}

/** Every possible verdict, best first. The worst of several gates is the one that stands last here. */
export const VERDICTS = ['not_applicable', 'pass', 'inconclusive', 'no_data', 'error', 'fail'] as const;

/** The outcome of judging one gate once. */
export type Verdict = (typeof VERDICTS)[number];

/** A verdict with the numbers behind it: enough to print it and to compute it again. */
export interface GateVerdict {
  readonly gate: Gate;
  readonly verdict: Verdict;
  readonly asked: Window;
  readonly covered: Window | null;
  readonly events: number | null;
  readonly trials: number | null;
  readonly observed: Ratio | null;
  /** Trials that a pass needs; null where the gate does not count trials. */
  readonly trialsNeeded: number | null;
  readonly baselineObserved: Ratio | null;
  readonly baselineTrials: number | null;
  readonly devices: number | null;
  readonly devicesWithEvents: number | null;
  /** One line for a tired person: what was seen, the limit, and what is missing. */
  readonly sentence: string;
}
