/** `resume`: lets a paused rollout run again because a person says so. */
import { formatPercent } from '../../core/format.ts';
import { pauseMarkIn } from '../../core/pause-mark.ts';
import { missingNote, tryNote } from '../operator-note.ts';
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

/**
 * Resumes the rollout and resolves once the API shows it running.
 *
 * Errors: a `Refusal` unless it is paused, when another version is in force on its devices, and when a gate
 * paused it and `force: retry` is not set; the API's errors.
 */
export async function resumeRollout(order: OperatorOrder): Promise<OperatorResult> {
  const { api, rollout, log } = order;
  if (rollout.status === 'active') return unchanged(order, 'it is active already');
  if (rollout.status === 'pending') {
    throw statusForbids(order, 'it was never started; `command: run` starts it', [statusStep(order)]);
  }
  if (rollout.status !== 'paused') {
    throw statusForbids(order, 'only a paused rollout can be resumed', [statusStep(order)]);
  }
  refuseRival(order);
  await refuseGatesPause(order);
  const resumed = await api.resumeRollout(rollout.id);
  const next = [statusStep(order), rollbackStep(order, rollout)];
  if (resumed.status !== 'active' && resumed.status !== 'completed')
    return contradicted(resumed, 'a resume', next);
  log.info(`resumed rollout ${rollout.id} of ${rollout.version} at ${formatPercent(resumed.percentage)}`);
  const noted = await tryNote(order, resumed, 'resumed');
  if (noted.rollout.status === 'paused') return contradicted(noted.rollout, 'a resume', next);
  return {
    outcome: 'done',
    reason: 'resumed_by_request',
    detail: 'its percentage rises only when a run or a schedule of this plan goes on',
    rollout: noted.rollout,
    notes: noted.notes.length > 0 ? noted.notes : await missingNote(order),
    next: [pauseStep(order, rollout, 'Pause it again:'), rollbackStep(order, rollout)],
  };
}

/** Only the mark of the pause tells: the verdicts themselves are not kept anywhere. */
async function refuseGatesPause(order: OperatorOrder): Promise<void> {
  const { api, rollout, retry } = order;
  if (retry || pauseMarkIn(await api.readHistory(rollout.id)) !== 'gate') return;
  throw new Refusal({
    outcome: 'invalid_input',
    reason: 'paused_by_gate',
    detail: `rollout ${rollout.id} of ${rollout.version} was paused by a gate at ${formatPercent(rollout.percentage)}`,
    next: [
      rollbackStep(order, rollout),
      resumeStep(order, rollout, { text: 'Or resume it all the same:', retry: true }),
    ],
  });
}
