/** `pause`: keeps a rollout where it is because a person says so; no later run resumes it. */
import { formatPercent } from '../../core/format.ts';
import { pauseMarkIn } from '../../core/pause-mark.ts';
import { missingNote, tryNote, writeNote } from '../operator-note.ts';
import {
  contradicted,
  type OperatorOrder,
  type OperatorResult,
  statusForbids,
  unchanged,
} from '../operator-order.ts';
import { resumeStep, rollbackStep, statusStep } from '../operator-steps.ts';

const GOES_ON = 'its devices go on serving it';

/**
 * Pauses the rollout and resolves once the API shows it paused.
 *
 * The reason is written before the pause and carries no mark of ours, so that a later run takes the pause for
 * a person's. A rollout that a run had paused because its time was over is claimed by the reason alone.
 * Errors: a `Refusal` for a rollout that has ended; the API's errors.
 */
export async function pauseRollout(order: OperatorOrder): Promise<OperatorResult> {
  const { api, rollout, log } = order;
  const next = [resumeStep(order, rollout), rollbackStep(order, rollout)];
  switch (rollout.status) {
    case 'paused':
      return pausedAlready(order);
    case 'completed':
      throw statusForbids(order, 'nothing is left to pause; roll back to take devices back', [
        rollbackStep(order, rollout),
      ]);
    case 'rolling_back':
      throw statusForbids(
        order,
        'a rollback is on its way, and pausing it would leave the candidate serving',
        [statusStep(order)],
      );
    case 'rolled_back':
    case 'cancelled':
    case 'failed':
      throw statusForbids(order, 'it has ended and nothing is left to pause', [statusStep(order)]);
    case 'pending':
    case 'active':
    case 'unknown':
      break;
  }
  const { notes } = await tryNote(order, rollout, 'pausing');
  const after = await api.pauseRollout(rollout.id);
  if (after.status !== 'paused')
    return contradicted(after, 'a pause', [statusStep(order), rollbackStep(order, rollout)]);
  log.info(`paused rollout ${rollout.id} of ${rollout.version} at ${formatPercent(after.percentage)}`);
  return {
    outcome: 'done',
    reason: 'paused_by_request',
    detail: GOES_ON,
    rollout: after,
    notes: notes.length > 0 ? notes : await missingNote(order),
    next,
  };
}

/** A pause that a run made for want of time would be lifted by the next run; the operator's must not be. */
async function pausedAlready(order: OperatorOrder): Promise<OperatorResult> {
  const { api, rollout, rival, log } = order;
  if (rival?.status === 'completed') {
    return unchanged(order, `it is paused already, and ${rival.version} was completed after it`);
  }
  const mark = pauseMarkIn(await api.readHistory(rollout.id));
  if (mark !== 'timeout' && mark !== 'cancel') return unchanged(order, `it is paused already; ${GOES_ON}`);
  const after = await writeNote(order, rollout, 'kept paused');
  if (after.status !== 'paused') return contradicted(after, 'a pause', [statusStep(order)]);
  log.info(`rollout ${rollout.id} of ${rollout.version} stays paused: no later run resumes it by itself`);
  return {
    outcome: 'done',
    reason: 'paused_by_request',
    detail: `a run had paused it, and now no later run resumes it; ${GOES_ON}`,
    rollout: after,
    notes: await missingNote(order),
    next: [resumeStep(order, rollout), rollbackStep(order, rollout)],
  };
}
