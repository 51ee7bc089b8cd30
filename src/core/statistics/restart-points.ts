/** Points inside a long stage at which the evidence may begin again, so that hours of health bury no new fault. Pure. */
import { type DurationMs, MINUTE_MS } from '../units.ts';
import { logSumExp } from './log-e.ts';

/** A restart point of the current stage. */
export interface RestartPoint {
  /** Time from the begin of the stage's evidence to the point. */
  readonly afterEntryMs: DurationMs;
  /** Logarithm of its weight among all points that the stage may ever have. */
  readonly logWeight: number;
}

/** The evidence of one window that began at a restart point, with the logarithm of its weight. */
export interface RestartEvidence {
  readonly logE: number;
  readonly logWeight: number;
}

// A fault is seen in a window that begins at most as long before it as the window needs afterwards.
const SCALES_MS: readonly DurationMs[] = [80 * MINUTE_MS, 20 * MINUTE_MS, 5 * MINUTE_MS];

const RESTART_SHARE = 0.25;

// What the points within the planned soak share equally; later points have the rest, less and less of it.
const WITHIN_SOAK = 0.75;

/** Returns whether a stage that lasts so long has a restart point. */
export function hasRestartPoints(stageMs: DurationMs): boolean {
  return restartPoints(stageMs, stageMs).length > 0;
}

/**
 * Returns the restart points that are asked so long after a stage's evidence began; at most one of each scale,
 * oldest first, and never two at the same time.
 *
 * The points of a scale are its multiples. The latest one whose window is at least one scale long is asked, so
 * the windows are 5 to 10, 20 to 40 and 80 to 160 minutes long, whatever the length of the stage. Weights are
 * fixed beforehand by the plan's soak and sum to at most 1; a point that is not asked counts as no evidence,
 * which only makes the test more careful.
 *
 * Source: restarted evidence processes, Shin, Ramdas and Rinaldo, "E-detectors", New England J. Stat. Data
 * Sci. 2 (2024).
 */
export function restartPoints(sinceEntryMs: DurationMs, soakMs: DurationMs): readonly RestartPoint[] {
  return SCALES_MS.flatMap((scaleMs) => {
    const multiple = Math.floor(sinceEntryMs / scaleMs) - 1;
    if (multiple < 1) return [];
    const logWeight = Math.log(weightOf(multiple, soakMs / scaleMs) / SCALES_MS.length);
    return [{ afterEntryMs: multiple * scaleMs, logWeight }];
  });
}

/** Returns the weight of the `multiple`-th point of a scale when the soak has so many of them. */
function weightOf(multiple: number, inSoak: number): number {
  const planned = Math.floor(inSoak);
  if (multiple <= planned) return WITHIN_SOAK / planned;
  const late = multiple - planned;
  return (planned === 0 ? 1 : 1 - WITHIN_SOAK) / (late * (late + 1));
}

/**
 * Returns the evidence of whole stages averaged with that of restarts, three to one.
 *
 * Null restarts are a plan that never has any: then nothing is shared.
 */
export function withRestarts(whole: number, restarts: readonly RestartEvidence[] | null): number {
  if (restarts === null) return whole;
  const restarted = restarts.map(({ logE, logWeight }) => logE + logWeight + Math.log(RESTART_SHARE));
  return logSumExp([whole + Math.log1p(-RESTART_SHARE), ...restarted]);
}
