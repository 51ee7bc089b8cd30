/** Devices that an experiment takes before any rollout does, and how what they run is told apart. Pure. */
import type { Ratio } from '../core/units.ts';

const SUFFIX = '@experiment';
const GOLDEN_RATIO = 0.618_033_988_749_894_9;

/** Returns the name under which a world runs a version for an experiment. */
export function inExperiment(version: string): string {
  return `${version}${SUFFIX}`;
}

/** Returns whether a world runs this version for an experiment. */
export function isInExperiment(version: string): boolean {
  return version.endsWith(SUFFIX);
}

/**
 * Returns whether an experiment of a share of the fleet takes the device at a position.
 *
 * Invariants: every stretch of positions gives up nearly exactly the share, so that a rollout's percentage is of
 * the rest; a larger share only adds devices.
 */
export function isTaken(position: number, share: Ratio): boolean {
  return (position * GOLDEN_RATIO) % 1 < share;
}
