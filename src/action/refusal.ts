/** A reason to stop before the first write. */
import type { ReasonCode } from '../core/reason-codes.ts';
import type { Outcome } from '../core/rollout.ts';
import type { NextStep } from '../report/run-record.ts';

/** What a refusal says beside its reason code. */
export interface RefusalDetails {
  readonly outcome: Outcome;
  readonly reason: ReasonCode;
  readonly detail: string;
  readonly next?: readonly NextStep[];
}

/** Thrown while a run is being prepared: nothing has been written to the server. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly outcome: Outcome;
  readonly reason: ReasonCode;
  readonly next: readonly NextStep[];

  /** Creates a refusal; `detail` becomes its message. */
  constructor({ outcome, reason, detail, next = [] }: RefusalDetails) {
    super(detail);
    this.outcome = outcome;
    this.reason = reason;
    this.next = next;
  }
}
