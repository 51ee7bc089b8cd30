/** Keeps an operator from serving more of a version beside another one. */
import type { OperatorOrder } from './operator-order.ts';
import { pauseStep, statusStep } from './operator-steps.ts';
import { Refusal } from './refusal.ts';
import { describeRollout } from './serving-rollout.ts';

/**
 * Throws a `Refusal` when another version's rollout is in force on the same devices or was completed since.
 *
 * Invariant: INV-6. `force` does not help: the other version's owner decides first.
 */
export function refuseRival(order: OperatorOrder): void {
  const { rollout, rival } = order;
  if (rival === null) return;
  const since = rival.status === 'completed' ? ', and came after it' : '';
  throw new Refusal({
    outcome: 'superseded',
    reason: 'another_version',
    detail: `${describeRollout(rival)}${since}; ${describeRollout(rollout)}`,
    next: [
      ...(rival.status === 'active' ? [pauseStep(order, rival, `Pause ${rival.version} first:`)] : []),
      statusStep(order),
    ],
  });
}
