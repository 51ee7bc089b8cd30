/** How driving a rollout ended. Types only. */
import type { ReasonCode } from '../core/reason-codes.ts';
import type { Outcome, RolloutState } from '../core/rollout.ts';
import type { EpochMs } from '../core/units.ts';

/** How a drive ended. */
export interface Conclusion {
  readonly outcome: Outcome;
  readonly reason: ReasonCode;
  readonly detail: string | null;
  readonly state: RolloutState;
  /** True when this run changed nothing on the server. */
  readonly unchanged: boolean;
  /** When another look may find something due; absent where the last look tells. */
  readonly nextLookAt?: EpochMs;
}
