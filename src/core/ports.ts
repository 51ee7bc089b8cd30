/** What the core's drivers need from the outside: narrow interfaces, implemented by the adapters. Types only. */
import type { Evidence, Segment, Window } from './evidence.ts';
import type { MemoryTag } from './memory-tag.ts';
import type { Gate, RelativeLatencyGate } from './plan.ts';
import type { DeviceCount, HistoryEntry, RemoteRollout } from './rollout.ts';
import type { SourceName } from './series.ts';
import type { ToldNews } from './told-news.ts';
import type { DurationMs, EpochMs, Percent, Ratio } from './units.ts';

/** Time as a port, so that no test waits and simulations run in virtual time. */
export interface Clock {
  now(): EpochMs;
  /** Resolves at `at`; rejects at once with the signal's reason when it is aborted. */
  sleepUntil(at: EpochMs, signal?: AbortSignal): Promise<void>;
}

/** Lines for the job log. Text is sanitised by the implementation. */
export interface Logger {
  debug(line: string): void;
  info(line: string): void;
  notice(line: string): void;
  warn(line: string): void;
  /** Folds the lines that follow under a title, until the next group or its end. */
  group(title: string): void;
  endGroup(): void;
}

/** One model of the organisation. */
export interface Model {
  readonly id: string;
  readonly name: string | null;
}

/** One device group. */
export interface DeviceGroup {
  readonly id: string;
  readonly name: string;
  readonly deviceCount: number | null;
}

/** What to create. Percentages are absolute; the rollout is asked to start at once. */
export interface NewRollout {
  readonly version: string;
  readonly percentage: Percent;
  readonly targetPercentage: Percent;
  readonly incrementStep: Percent;
  readonly group: DeviceGroup | null;
}

/** What to roll back, and to what. */
export interface RollbackRequest {
  /** The candidate's rollout; null when only the version is known. */
  readonly rolloutId: string | null;
  readonly fromVersion: string;
  readonly toVersion: string;
  readonly group: DeviceGroup | null;
  readonly reason: string;
}

/** What the API made of a rollback request. */
export interface RollbackReceipt {
  /** The route that was accepted: the API's own, or a rollout of the old version at 100%. */
  readonly via: 'endpoint' | 'rollout';
  /** The rollout that restores the old version, where one can be seen. */
  readonly restoringRolloutId: string | null;
  readonly acceptedAt: EpochMs;
}

/**
 * The Octomil control plane for one model, as this product needs it.
 *
 * Errors: every method rejects with an `OctomilError` subclass that carries a reason code, the request id
 * where there is one, and advice. Writes are absolute, are read back, and are safe to repeat.
 */
export interface RolloutApi {
  /** The server's time, from the last answer's `Date`; the local clock until there was one. */
  now(): EpochMs;
  listRollouts(): Promise<readonly RemoteRollout[]>;
  /** Resolves with null when the rollout does not exist (any more). */
  readRollout(id: string): Promise<RemoteRollout | null>;
  /** Oldest first; an empty list where the API keeps none. */
  readHistory(id: string): Promise<readonly HistoryEntry[]>;
  /** Resolves with null where the API cannot count devices. */
  countDevices(id: string): Promise<DeviceCount | null>;
  createRollout(rollout: NewRollout): Promise<RemoteRollout>;
  startRollout(id: string): Promise<RemoteRollout>;
  pauseRollout(id: string): Promise<RemoteRollout>;
  resumeRollout(id: string): Promise<RemoteRollout>;
  setPercentage(id: string, percentage: Percent, reason: string): Promise<RemoteRollout>;
  rollBack(request: RollbackRequest): Promise<RollbackReceipt>;
}

/** What a health source is asked at one look. */
export interface HealthQuery {
  readonly modelId: string;
  readonly rolloutId: string;
  readonly version: string;
  readonly baselineVersion: string | null;
  readonly group: string | null;
  readonly window: Window;
  readonly gates: readonly MeasurableGate[];
}

/** A gate with everything that a source needs to measure it: a latency relative to the baseline has its limit. */
export type MeasurableGate = Exclude<Gate, RelativeLatencyGate>;

/** What a health source is asked about how long requests of a version took. */
export interface PercentileQuery extends Omit<HealthQuery, 'gates' | 'baselineVersion'> {
  /** Share of the requests that took longer: 0.05 for p95. */
  readonly slowRatio: Ratio;
}

/** How long all but a share of the requests took, or why that is not known. */
export type PercentileAnswer =
  | {
      readonly kind: 'percentile';
      readonly ms: DurationMs;
      /** Requests that it comes from, or null where that is not told. */
      readonly trials: number | null;
    }
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'error'; readonly why: string };

/** What a health source answered when it was tried before the first write. */
export type HealthProbe =
  | { readonly kind: 'available'; readonly detail: string }
  | { readonly kind: 'missing'; readonly detail: string }
  | { readonly kind: 'error'; readonly detail: string };

/** One segment's answer to every gate of a query, in order. */
export interface SegmentEvidence {
  readonly segment: Segment;
  /** Devices of the segment that were active in the window, whichever version they run; null where not told. */
  readonly devices: number | null;
  readonly evidence: readonly Evidence[];
}

/** What a source says of the parts of the fleet: `unavailable` where it cannot tell them apart. */
export type SegmentAnswer =
  | { readonly kind: 'segments'; readonly segments: readonly SegmentEvidence[] }
  | { readonly kind: 'unavailable'; readonly why: string }
  | { readonly kind: 'error'; readonly why: string };

/** What one series of a plan answered when it was tried before the first write. Texts are untrusted. */
export interface SeriesProbe {
  readonly gate: string;
  readonly source: SourceName;
  /** The version that was asked about. */
  readonly version: string;
  readonly window: Window;
  readonly evidence: Evidence;
  /** What was asked; never a secret. */
  readonly asked: string;
  /** What the answer consisted of, in words. */
  readonly shape: string;
  /** How many series or rows the answer had, where it can be told. */
  readonly found: number | null;
  readonly newestAt: EpochMs | null;
  readonly warnings: readonly string[];
}

/**
 * Where health comes from.
 *
 * `read` answers every gate of the query, in order, and never rejects for a failed measurement: that is
 * evidence of kind `error`, so that it can block advancing without ever counting as harm.
 */
export interface HealthSource {
  readonly name: string;
  probe(rolloutId: string | null): Promise<HealthProbe>;
  read(query: HealthQuery, signal?: AbortSignal): Promise<readonly Evidence[]>;
  /**
   * Answers a query for each segment of each attribute; never rejects for a failed measurement either. Absent
   * where a source can never tell devices apart.
   */
  readSegments?(query: HealthQuery, by: readonly string[], signal?: AbortSignal): Promise<SegmentAnswer>;
  /**
   * Returns which place answers a gate. Gates of different places can be asked apart, so that a slow place delays
   * no other. Absent where one place answers all.
   */
  placeOf?(gate: Gate): string;
  /** Never rejects for a failed measurement either. */
  readPercentile(query: PercentileQuery, signal?: AbortSignal): Promise<PercentileAnswer>;
}

/** A stage entry, a step or a pause of ours that is confirmed, with everything that our tag says; `at` is the server's time of it. */
export interface Moment extends MemoryTag {
  readonly rolloutId: string;
  readonly percentage: Percent;
  /** Set where a rollback of ours is being asked for just now, before anything has confirmed it. */
  readonly rollingBack?: true;
}

/** A rollback of ours that was asked for. */
export interface BegunRollback {
  readonly rolloutId: string;
  /** Version to return to. */
  readonly toVersion: string;
  /** The server's time at which it was first asked for, or later. */
  readonly at: EpochMs;
}

/** How a rollout of ours ended, for people who look at what remembers it. */
export interface RolloutEnding {
  /** Null where only the version is known: then its newest rollout. */
  readonly rolloutId: string | null;
  /** `rolling_back` is accepted and not confirmed; `gone` was ended or deleted by others. */
  readonly kind: 'completed' | 'rolling_back' | 'rolled_back' | 'rollback_failed' | 'gone';
  /** Why it failed, in one line of at most 140 characters; null where nothing was held against it. */
  readonly failure: string | null;
  /** What it came to, in one line of at most 140 characters. */
  readonly sentence: string;
}

/**
 * What is remembered of a rollout outside the API, for APIs whose history does not give times and reasons back.
 *
 * Nothing depends on it: no method rejects, and what cannot be read or kept is told to people once.
 */
export interface RolloutMemory {
  /**
   * Resolves with what is remembered of a rollout, oldest first: each entry with time, percentage and our tag.
   *
   * `now` is the server's time; no entry is later than that, or older than it can be known to be.
   */
  recall(rolloutId: string, now: EpochMs): Promise<readonly HistoryEntry[]>;
  /** Resolves with true once it is kept. */
  remember(moment: Moment, signal: AbortSignal): Promise<boolean>;
  /** Resolves with the rollback that this version's newest rollout ended in, or null where none was asked for. */
  begunRollback(now: EpochMs): Promise<BegunRollback | null>;
  /**
   * Shows how a rollout ended; resolves with true once it is shown, by an earlier run or by this one.
   *
   * False where nothing remembers the rollout. No `recall` ever returns it.
   */
  conclude(ending: RolloutEnding, signal: AbortSignal): Promise<boolean>;
  /**
   * Resolves with the key of what people were told last of a rollout, or of the version's newest one for null; null
   * where that is over, or not known.
   */
  lastTold(rolloutId: string | null, signal: AbortSignal): Promise<string | null>;
  /** Resolves with true once it is kept. False where nothing remembers the rollout. */
  noteTold(news: ToldNews, signal: AbortSignal): Promise<boolean>;
}

/** How often to look. */
export type PollInterval =
  | { readonly kind: 'auto' }
  | { readonly kind: 'fixed'; readonly everyMs: DurationMs };
