/** `set`: raises a rollout to a percentage because a person says so; it never falls but by rollback. */
import { formatPercent } from '../../core/format.ts';
import type { Percent } from '../../core/units.ts';
import { missingNote, operatorNote } from '../operator-note.ts';
import {
  contradicted,
  type OperatorOrder,
  type OperatorResult,
  statusForbids,
  unchanged,
} from '../operator-order.ts';
import { pauseStep, resumeStep, rollbackStep, statusStep } from '../operator-steps.ts';
import { Refusal } from '../refusal.ts';
import { refuseRival } from '../rival-in-force.ts';

/** Servers round percentages; what differs by less is the same. */
const SAME_WITHIN: Percent = 1e-6;

/** Percentages of the stages of the plan that the step was given; null where it was given none. */
export type StagePercentages = readonly Percent[] | null;

/**
 * Sets the percentage and resolves once the API shows it.
 *
 * Whether a paused rollout may be raised is the API's to say; a pause is never lifted by it unnoticed.
 * Errors: a `Refusal` for a percentage below the present one (INV-4) or, with a plan, of no stage, for a
 * rollout that has ended, and when another version is in force; the API's errors.
 */
export async function setPercentage(order: OperatorOrder, stages: StagePercentages): Promise<OperatorResult> {
  const { api, rollout, log } = order;
  const percentage = order.percentage ?? Number.NaN;
  refuseOutsidePlan(percentage, stages);
  if (isSame(rollout.percentage, percentage) && !hasEnded(order)) {
    return unchanged(order, `it is at ${formatPercent(percentage)} already`);
  }
  refuseEnded(order);
  refuseFall(order, percentage);
  refuseRival(order);
  const after = await api.setPercentage(rollout.id, percentage, operatorNote('set', order));
  const next = [pauseStep(order, rollout), rollbackStep(order, rollout)];
  const asked = formatPercent(percentage);
  if (!isSame(after.percentage, percentage)) return contradicted(after, asked, [statusStep(order), ...next]);
  if (rollout.status === 'paused' && after.status !== 'paused') {
    return contradicted(after, `${asked} of a paused rollout`, next);
  }
  const from = formatPercent(rollout.percentage);
  log.info(`set rollout ${rollout.id} of ${rollout.version} from ${from} to ${asked}`);
  return {
    outcome: 'done',
    reason: 'percentage_set_by_request',
    detail: `it was at ${from}${after.status === 'paused' ? ', and it is still paused' : ''}`,
    rollout: after,
    notes: [...skippedStages(rollout.percentage, percentage, stages), ...(await missingNote(order))],
    next: after.status === 'paused' ? [resumeStep(order, rollout), rollbackStep(order, rollout)] : next,
  };
}

function refuseOutsidePlan(percentage: Percent, stages: StagePercentages): void {
  if (stages === null || stages.some((each) => isSame(each, percentage))) return;
  const list = stages.map(formatPercent).join(', ');
  const detail = `${formatPercent(percentage)} is no stage of the plan (${list})`;
  throw new Refusal({ outcome: 'invalid_input', reason: 'percentage_not_in_plan', detail });
}

function hasEnded({ rollout: { status } }: OperatorOrder): boolean {
  return (
    status === 'rolling_back' || status === 'rolled_back' || status === 'cancelled' || status === 'failed'
  );
}

function refuseEnded(order: OperatorOrder): void {
  const { rollout } = order;
  if (rollout.status === 'completed') {
    throw statusForbids(
      order,
      `it has ended at ${formatPercent(rollout.percentage)}; roll back to take devices back`,
      [rollbackStep(order, rollout)],
    );
  }
  if (hasEnded(order)) {
    throw statusForbids(order, 'its percentage cannot be set any more; `command: run` makes a new rollout', [
      statusStep(order),
    ]);
  }
}

function refuseFall(order: OperatorOrder, percentage: Percent): void {
  const { rollout } = order;
  if (percentage >= rollout.percentage) return;
  throw new Refusal({
    outcome: 'invalid_input',
    reason: 'percentage_would_fall',
    detail: `asked for ${formatPercent(percentage)}, rollout ${rollout.id} of ${rollout.version} is at ${formatPercent(rollout.percentage)}`,
    next: [
      rollbackStep(order, rollout, 'Roll back, which takes every device back:'),
      pauseStep(order, rollout, 'Or pause it where it is:'),
    ],
  });
}

function skippedStages(from: Percent, to: Percent, stages: StagePercentages): readonly string[] {
  const skipped = (stages ?? []).filter((each) => each > from && each < to && !isSame(each, to));
  if (skipped.length === 0) return [];
  return [`stages of the plan that nothing was judged on: ${skipped.map(formatPercent).join(', ')}`];
}

function isSame(a: Percent, b: Percent): boolean {
  return Math.abs(a - b) < SAME_WITHIN;
}
