/** What came of carrying out a command. */
import type { RolloutEvent } from '../core/evolve.ts';
import type { ReasonCode } from '../core/reason-codes.ts';
import type { Outcome } from '../core/rollout.ts';
import { OctomilError } from '../octomil/errors.ts';

/** What came of a command. `ends` is set when the run is over with it. */
export interface Execution {
  readonly events: readonly RolloutEvent[];
  readonly wrote: boolean;
  /** A raise that the API refused, and that may be asked for again later; it changed nothing on the server. */
  readonly refused?: Extract<RolloutEvent, { kind: 'raise_refused' }>;
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

// What a policy asks for before anything else goes on: no waiting brings it about.
const NEEDS_A_PERSON: readonly ReasonCode[] = ['approval_required', 'evaluation_required'];

const REFUSALS: readonly ReasonCode[] = [
  'advance_refused',
  'api_refused',
  'policy_minimum_duration',
  'policy_step_too_large',
  ...NEEDS_A_PERSON,
];

/** Returns whether the API understood a request and refused it, as opposed to failing. */
export function isRefusal(thrown: unknown): thrown is OctomilError {
  return thrown instanceof OctomilError && REFUSALS.includes(thrown.reasonCode);
}

/** Returns whether a refused raise may be accepted later without anybody doing something; false for a failure. */
export function mayBeAcceptedLater(thrown: unknown): thrown is OctomilError {
  if (!(thrown instanceof OctomilError)) return false;
  const { reasonCode } = thrown;
  // A key that may not write is refused as firmly as a policy refuses, and is no failure to try again at once.
  if (reasonCode === 'unauthorized') return true;
  return REFUSALS.includes(reasonCode) && !NEEDS_A_PERSON.includes(reasonCode);
}
