/** What the post step owes a rollout, from what the main step left. Pure. */
import { type Outcome, SUCCESSFUL_OUTCOMES } from '../core/rollout.ts';
import type { Ended, Handover } from './handover.ts';
import { type Wish, wishOf } from './last-write.ts';

/** `verify` reads and never writes; `apply` repeats what was not confirmed. */
export type Duty =
  | { readonly kind: 'none' }
  | { readonly kind: 'verify'; readonly wish: Wish }
  | { readonly kind: 'apply'; readonly wish: Wish };

/** Endings after which the rollout is not ours to change: it is over, or somebody else has decided. */
const NOT_OURS: readonly Outcome[] = [
  ...SUCCESSFUL_OUTCOMES,
  'rolled_back',
  'superseded',
  'invalid_input',
  'invalid_plan',
];

/**
 * Returns what is left to do for a rollout.
 *
 * Nothing after a success, and nothing where the main step left the rollout serving on purpose. What the main
 * step has confirmed is never repeated: since then it may be somebody else's decision (INV-6).
 */
export function dutyAfter(handover: Handover, ended: Ended | null): Duty {
  const { intent, settled, onCancel, onTimeout, previousVersion } = handover;
  const outcome = ended?.outcome ?? null;
  if (outcome !== null && NOT_OURS.includes(outcome)) return { kind: 'none' };
  if (intent !== null && !settled) return { kind: 'apply', wish: intent };
  switch (outcome) {
    case null:
    case 'cancelled':
      return intent === null
        ? { kind: 'apply', wish: wishOf(onCancel, 'cancel', previousVersion) }
        : { kind: 'verify', wish: intent };
    case 'timed_out':
      return intent === null
        ? { kind: 'apply', wish: wishOf(onTimeout, 'timeout', previousVersion) }
        : { kind: 'verify', wish: intent };
    case 'rolling_back':
    case 'rollback_failed':
      return intent === null ? { kind: 'none' } : { kind: 'verify', wish: intent };
    default:
      return { kind: 'none' };
  }
}
