/** What came of carrying out a command. */
import type { RolloutEvent } from '../core/evolve.ts';
import type { ReasonCode } from '../core/reason-codes.ts';
import type { Outcome } from '../core/rollout.ts';
import { OctomilError } from '../octomil/errors.ts';

/** What came of a command. `ends` is set when the run is over with it. */
export interface Execution {
  readonly events: readonly RolloutEvent[];
  readonly wrote: boolean;
  readonly ends: {
    readonly outcome: Outcome;
    readonly reason: ReasonCode;
    readonly detail: string | null;
  } | null;
}

/** Returns an execution after which the drive goes on. */
export function done(events: readonly RolloutEvent[], wrote: boolean): Execution {
  return { events, wrote, ends: null };
}

/** Returns an execution that ends the run. */
export function ends(
  outcome: Outcome,
  reason: ReasonCode,
  detail: string | null,
  rest: Pick<Execution, 'events' | 'wrote'>,
): Execution {
  return { ...rest, ends: { outcome, reason, detail } };
}

/** Returns whether the API understood a request and refused it, as opposed to failing. */
export function isRefusal(thrown: unknown): boolean {
  if (!(thrown instanceof OctomilError)) return false;
  return thrown.reasonCode === 'advance_refused' || thrown.reasonCode === 'api_refused';
}
