/** One gate as a stage and the plan together say it. Pure. */
import type { Severity } from '../core/plan.ts';
import type { Ratio } from '../core/units.ts';

/** What the stage says about one gate itself, and what it takes from the plan. */
export interface Said<M> {
  readonly own: M | undefined;
  readonly base: M | undefined;
}

/** Returns both layers of a gate, or null where the innermost switches it off. */
export function layered<M>(own: M | 'none' | undefined, inherited: M | 'none' | undefined): Said<M> | null {
  if (own === 'none' || (own === undefined && inherited === 'none')) return null;
  return { own, base: inherited === 'none' ? undefined : inherited };
}

/** Returns the margin that the innermost layer gives. */
export function marginOf(
  { own, base }: Said<{ readonly margin?: Ratio | undefined }>,
  otherwise: Ratio,
): Ratio {
  return own?.margin ?? base?.margin ?? otherwise;
}

interface How {
  readonly severity?: Severity | undefined;
  readonly shadow?: boolean | undefined;
}

/** Returns what a failing gate does and whether it measures mirrored traffic; critical and not unless said. */
export function howOf({ own, base }: Said<How>): { readonly severity: Severity; readonly shadow: boolean } {
  return {
    severity: own?.severity ?? base?.severity ?? 'critical',
    shadow: own?.shadow ?? base?.shadow ?? false,
  };
}
