/** What an adapter does for one place that series come from: answer the texts of a series. */
import type { Window } from '../core/evidence.ts';
import type { Series, SeriesShape, SourceName } from '../core/series.ts';
import type { DurationMs, EpochMs } from '../core/units.ts';

/** Each text of a series: `events`, `trials`, `devices`, … */
export type LeafName = Exclude<
  SeriesShape extends infer Shape ? (Shape extends unknown ? keyof Shape : never) : never,
  'kind' | 'unit'
>;

/** What fills the placeholders of a series: one version over one window. */
export interface SeriesScope {
  readonly model: string;
  readonly modelId: string;
  readonly rolloutId: string;
  /** The version that is asked about: the candidate's or the baseline's. */
  readonly version: string;
  /** The version that the candidate replaces; null for a first rollout. */
  readonly baselineVersion: string | null;
  readonly group: string | null;
  readonly window: Window;
  /** The attribute that the answer is to be split by; absent for the whole fleet. */
  readonly by?: string;
}

/** One upper bound of a cumulative histogram, in the series' unit; `Infinity` for the last. */
export interface Bucket {
  readonly upTo: number;
  readonly count: number;
}

/**
 * What a source answered for one text: a number, a histogram (ascending, cumulative), nothing at all, or a
 * failed measurement. An empty result is `none` and never a zero; NaN is `error`.
 */
export type LeafAnswer =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'buckets'; readonly buckets: readonly Bucket[] }
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'error'; readonly why: string };

/** What a source answered for one series, one version and one window. */
export interface SeriesAnswer {
  /** What was really covered; as asked where the source cannot tell. */
  readonly covered: Window;
  readonly leaves: Readonly<Partial<Record<LeafName, LeafAnswer>>>;
  /** What the source warned of, for people; untrusted. */
  readonly warnings: readonly string[];
  /** What was asked, for people who have to mend it; never a secret. */
  readonly asked: string;
  /** How many series or rows the answer had, where it can be told; for `plan`. */
  readonly found: number | null;
  /** Time of the newest sample in the answer; null where it cannot be told. */
  readonly newestAt: EpochMs | null;
}

/**
 * What a source answered for each part of the fleet: one answer for each value of the attribute, without the texts
 * that cannot be split. `unavailable` where the series cannot tell the parts apart, with what to write instead.
 */
export type PartsAnswer =
  | { readonly kind: 'parts'; readonly parts: ReadonlyMap<string, SeriesAnswer> }
  | { readonly kind: 'unavailable' | 'error'; readonly why: string };

/** By which attribute a series is to be split. */
export interface Splitting {
  /** The name of an attribute as a plan has it: `[a-z][a-z0-9_]*`. */
  readonly by: string;
  readonly signal?: AbortSignal | undefined;
}

/** What devices are called that have no value of an attribute. */
export const NO_VALUE = '(none)';

/**
 * One place that series come from.
 *
 * `ask` never rejects for a failed measurement: each text is answered with `error` then. It rejects only with the
 * reason of its own aborted signal. Secrets are in no answer.
 */
export interface SeriesSource {
  readonly name: SourceName;
  /** By how much time the source extends what it counted to the ends of a window; absent where it counts only. */
  readonly extrapolatedMs?: DurationMs;
  ask(series: Series, scope: SeriesScope, signal?: AbortSignal): Promise<SeriesAnswer>;
  /**
   * Answers a series for each part of the fleet, and rejects as `ask` does. A text that fails as a whole is `error`;
   * what is wrong with one part is in that part's answer. Absent where a source can never tell parts apart.
   */
  askParts?(series: Series, scope: SeriesScope, splitting: Splitting): Promise<PartsAnswer>;
}
