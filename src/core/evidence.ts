/** What was measured, over which window, and what it says about a gate. Pure. */
import type { Gate } from './plan.ts';
import type { DurationMs, EpochMs, Ratio } from './units.ts';

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

/**
 * How much a source tells about devices: 2 for devices and devices with events, 1 for devices, 0 for neither.
 * Counts of devices are their own unit, so nothing has to be corrected.
 */
export type DeviceLevel = 2 | 1 | 0 | 'devices';

/**
 * What a source answered for one gate: counts, a bare value without a number of trials, nothing at all, or an
 * error of the measurement itself.
 *
 * The events of a latency gate are the requests slower than its limit. Those of a quality gate are what its
 * answers lack of 1, so that fewer are better. Those of adoption and assignment are the devices on the version
 * and the devices assigned to it.
 */
export type Evidence =
  | {
      readonly kind: 'counts';
      readonly candidate: Counts;
      readonly baseline: Counts | null;
      readonly covered: Window;
    }
  | BareValue
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'unavailable'; readonly why: string }
  | { readonly kind: 'error'; readonly why: string };

/** A value that says nothing about how sure it is: a ratio, or milliseconds for a latency. */
export interface BareValue {
  readonly kind: 'value';
  readonly value: number;
  /** Devices that it comes from, or null where that is not told. */
  readonly devices: number | null;
  readonly covered: Window;
}

/** The evidence of a window that began at a restart point of the stage. */
export interface RestartReading {
  /** Logarithm of the point's weight. */
  readonly logWeight: number;
  readonly evidence: Evidence;
}

/** One part of the fleet: the devices with one value of an attribute, such as `device_class` `phone-low`. */
export interface Segment {
  readonly by: string;
  readonly value: string;
}

/** What a gate's series says of one segment; the segments of one attribute do not overlap. */
export interface SegmentReading {
  readonly segment: Segment;
  readonly evidence: Evidence;
  /** As those of the whole reading; without an answer for a segment that was not seen then. */
  readonly earlier: readonly Evidence[];
}

/** The segments of one look, or why they could not be read, which blocks advancing as every failed measurement. */
export type SegmentReadings =
  | { readonly kind: 'read'; readonly readings: readonly SegmentReading[] }
  | { readonly kind: 'unread'; readonly why: string };

/** One gate's answer at one look: the window that was asked for and the evidence in it. */
export interface Reading {
  readonly gate: Gate;
  /** From the begin of the stage's evidence until now. */
  readonly asked: Window;
  readonly evidence: Evidence;
  /** The evidence of the stages before this one, oldest first, as far as their times are known. */
  readonly earlier: readonly Evidence[];
  readonly restarts: readonly RestartReading[];
  /** The last disjoint windows, newest last; asked for only where the source gives bare values. */
  readonly recent: readonly Evidence[];
  /** Absent where the plan asks for none, and where the source cannot tell them apart. */
  readonly segments?: SegmentReadings;
  /** The limit of a latency relative to the baseline, in milliseconds; null for other gates and where unknown. */
  readonly slowerThanMs: DurationMs | null;
}

/** Every possible verdict, best first. The worst of several gates is the one that stands last here. */
export const VERDICTS = ['not_applicable', 'pass', 'inconclusive', 'no_data', 'error', 'fail'] as const;

/** The outcome of judging one gate once. */
export type Verdict = (typeof VERDICTS)[number];

/** A verdict with the numbers behind it: enough to print it and to compute it again. */
export interface GateVerdict {
  readonly gate: Gate;
  /** The segment that the verdict is about, where one of them decides; absent for the whole fleet. */
  readonly segment?: Segment;
  readonly verdict: Verdict;
  readonly asked: Window;
  readonly covered: Window | null;
  readonly events: number | null;
  readonly trials: number | null;
  readonly observed: number | null;
  /** What counts as slow for a latency, in milliseconds; null for other gates and where it is not known. */
  readonly slowerThanMs: DurationMs | null;
  /** The rates that the counts of this stage do not contradict, or null where there are no counts. */
  readonly interval: { readonly lower: Ratio; readonly upper: Ratio } | null;
  /** Trials that a pass needs; null where the gate does not count trials. */
  readonly trialsNeeded: number | null;
  readonly baselineObserved: Ratio | null;
  readonly baselineTrials: number | null;
  /** How many times the baseline's odds the counts of this stage do not contradict, or null where nothing is compared. */
  readonly ratio: { readonly lower: number; readonly upper: number } | null;
  readonly devices: number | null;
  readonly devicesWithEvents: number | null;
  /** How much the source tells about devices: 2, 1, 0, or that devices are what is counted. Null without counts. */
  readonly level: DeviceLevel | null;
  /** Logarithms of the evidence of harm against the limit and against the baseline; null for one not asked. */
  readonly evidence: { readonly limit: number | null; readonly baseline: number | null } | null;
  /** One line for a tired person: what was seen, the limit, the odds, and what is missing. */
  readonly sentence: string;
}

/** What all critical gates together say at one look. */
export interface Odds {
  /** Logarithm of the odds that the candidate does harm: the mean of all tests' evidence. */
  readonly logOdds: number;
  /** The same without asking whether the candidate or the whole fleet is to blame. */
  readonly logOddsUnblamed: number;
  /** Tests of the whole fleet that the confidence is shared by; with segments they share half of it. */
  readonly tests: number;
}
