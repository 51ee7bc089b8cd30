/** Experiments that take devices of a model before its rollouts do. Pure. */
import type { Ratio } from './units.ts';

/** One running experiment. */
export interface RunningExperiment {
  readonly id: string;
  readonly name: string | null;
  /** Share of the devices that it takes, 0 to 1; null where the API does not tell. */
  readonly share: Ratio | null;
}

/** The share of the devices that experiments take together, or that it is not told. */
export type TakenShare = Ratio | 'untold';

/**
 * Returns what running experiments take together; 0 for none, and where nobody knows whether there are any.
 *
 * Never throws. Source: docs /features/experiments: experiments take their traffic first, and a rollout's percentage
 * applies to the rest.
 */
export function takenShare(running: readonly RunningExperiment[] | null): TakenShare {
  const shares = (running ?? []).map(({ share }) => share);
  if (shares.includes(null)) return 'untold';
  return Math.min(
    1,
    shares.reduce<number>((sum, share) => sum + (share ?? 0), 0),
  );
}
