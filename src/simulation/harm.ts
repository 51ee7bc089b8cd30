/** What is wrong with a version of a model, and from when on. Pure. */
import type { Segment } from '../core/evidence.ts';
import type { DurationMs, EpochMs, Percent, Ratio } from '../core/units.ts';

/**
 * What a faulty version does to its devices.
 *
 * `errors`: a request fails with `ratio`, on the devices of one segment only where it names one. `crashes` and `memory`: a device crashes, or runs out of memory, with
 * `ratio`, once, within `withinMs` of getting the version. `latency`: every request takes `factor` times as long.
 * `quality`: answers have this mean quality. `silence`: its devices send nothing.
 */
export type Harm =
  | { readonly kind: 'errors'; readonly ratio: Ratio; readonly onlyIn?: Segment }
  | { readonly kind: 'crashes' | 'memory'; readonly ratio: Ratio; readonly withinMs: DurationMs }
  | { readonly kind: 'latency'; readonly factor: number }
  | { readonly kind: 'quality'; readonly mean: Ratio }
  | { readonly kind: 'silence' };

/**
 * When harm begins: from the start; once a percentage is reached; or when a number of percentages has been
 * entered (the second is `step: 2`); each time after a delay.
 */
export type Onset =
  | { readonly kind: 'always' }
  | { readonly kind: 'percentage'; readonly percentage: Percent; readonly delayMs: DurationMs }
  | { readonly kind: 'step'; readonly step: number; readonly delayMs: DurationMs };

/** A percentage of a rollout and when it came into force. */
export interface EnteredPercentage {
  readonly percentage: Percent;
  readonly at: EpochMs;
}

/**
 * Returns when harm begins for a rollout that entered these percentages, or null while nothing set it off.
 *
 * `entered` is oldest first, without repetitions. A time in the future is possible.
 */
export function harmBegins(onset: Onset, entered: readonly EnteredPercentage[]): EpochMs | null {
  if (onset.kind === 'always') return entered[0]?.at ?? null;
  const live = entered.filter(({ percentage }) => percentage > 0);
  const trigger =
    onset.kind === 'step'
      ? live[onset.step - 1]
      : entered.find(({ percentage }) => percentage >= onset.percentage);
  return trigger === undefined ? null : trigger.at + onset.delayMs;
}
