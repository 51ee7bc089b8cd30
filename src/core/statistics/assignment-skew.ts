/** Whether as many devices got the candidate as the stage's share says. Pure. */
import type { Ratio } from '../units.ts';

/** Devices of a stage. */
export interface Assignment {
  /** Devices that were assigned to the candidate. */
  readonly assigned: number;
  /** Devices that could have been: those whose traffic the stage divides. */
  readonly total: number;
  /** The stage's share, 0 to 1. */
  readonly share: Ratio;
}

/** Whether an assignment fits its share; `no_data` where there is no device to assign. */
export type AssignmentSkew =
  | {
      readonly kind: 'compared';
      /** Devices that the share gives: share times total, a real number. */
      readonly expected: number;
      /** Natural logarithm of an upper bound of the two-sided p-value; at most 0, -Infinity for the impossible. */
      readonly logPValueBound: number;
      readonly skewed: boolean;
    }
  | { readonly kind: 'no_data' }
  | { readonly kind: 'error'; readonly why: string };

/** Skewed when chance would divide the devices as badly in fewer than one of so many assignments. */
const LOG_SKEW = Math.log(0.001);

/**
 * Returns whether the number of assigned devices is compatible with the share.
 *
 * p <= 2·exp(−total·KL(assigned/total ‖ share)), which holds for every number of devices, also for one, and is
 * somewhat too large, so a fair assignment is called skewed in fewer than one of a thousand. Devices that are
 * divided by a hash stay where they are, so later looks at the same devices add nothing and need no correction.
 * A share of 0 (or 1) allows no (or only) assigned devices: any other number is skewed with certainty.
 * `error` when a number is not finite, negative, or more than its whole. Never throws.
 *
 * Sources: Hoeffding, "Probability inequalities for sums of bounded random variables", JASA 58 (1963),
 * theorem 1; Fabijan et al., "Diagnosing sample ratio mismatch in online controlled experiments", KDD 2019,
 * for stopping on a mismatch: what is compared then differs by more than the version.
 */
export function assignmentSkew({ assigned, total, share }: Assignment): AssignmentSkew {
  if (!(share >= 0 && share <= 1)) {
    return { kind: 'error', why: `a stage's share of ${share}: expected 0 to 1; check the percentage read` };
  }
  if (!Number.isFinite(total) || !(assigned >= 0 && assigned <= total)) {
    return {
      kind: 'error',
      why: `${assigned} of ${total} devices assigned: expected 0 to all of them; check that both count the same group`,
    };
  }
  if (total === 0) return { kind: 'no_data' };
  const divergence =
    divergenceTerm(assigned / total, share) + divergenceTerm((total - assigned) / total, 1 - share);
  const logPValueBound = Math.min(0, Math.LN2 - total * divergence);
  return { kind: 'compared', expected: share * total, logPValueBound, skewed: logPValueBound < LOG_SKEW };
}

/** One summand of the Kullback-Leibler divergence of two shares; Infinity for a share that cannot be. */
function divergenceTerm(seen: Ratio, stated: Ratio): number {
  return seen === 0 ? 0 : seen * Math.log(seen / stated);
}
