/** How a run of a rollout starts: its context, and adopting what is there. */
import type { RolloutState } from '../core/rollout.ts';
import type { EpochMs } from '../core/units.ts';
import { refuseOtherDevices } from './create-rollout.ts';
import { LAST_WORDS_MS } from './ending.ts';
import type { ConnectedInvocation } from './invocation.ts';
import type { Journal } from './journal.ts';
import type { Beginning, Fleet } from './prepare.ts';
import { Refusal } from './refusal.ts';
import type { ReplacingContext } from './replace-rival.ts';
import type { RolloutContext } from './rollout-context.ts';
import { remember } from './tagged-writes.ts';

/** Returns what driving a rollout works with, but for the version to return to. */
export function contextOf(
  invocation: ConnectedInvocation,
  fleet: Fleet,
  health: RolloutContext['health'],
): ReplacingContext {
  const { inputs, connection, around, shell, startedAt } = invocation;
  return {
    plan: fleet.plan,
    policy: fleet.policy,
    modelId: fleet.model.id,
    group: fleet.group,
    wholeFleetDevices: fleet.wholeFleetDevices,
    api: fleet.api,
    memory: fleet.memory,
    emergencyApi: () => connection.emergencyApi(fleet.model.id, LAST_WORDS_MS),
    health,
    clock: around.clock,
    random: around.random,
    log: shell.log,
    signal: around.signal,
    poll: inputs.poll,
    endsAt: startedAt + inputs.timeoutMs,
    onTimeout: inputs.onTimeout,
    onCancel: inputs.onCancel,
    run: invocation.workflowRun,
    leases: inputs.command === 'run',
    reason: inputs.reason,
  };
}

/**
 * Returns the state that a run begins with; resumes a rollout that an earlier run of ours had paused.
 *
 * Errors: rejects with a `Refusal` when the API does not confirm the group, or the rollout cannot be resumed.
 */
export async function begin(
  context: RolloutContext,
  beginning: Beginning,
  journal: Journal,
): Promise<RolloutState> {
  if (beginning.kind !== 'adopt') {
    if (context.previousVersion === null) {
      const first = 'first rollout of this model and group: there is no version to roll back to';
      journal.note(first);
      context.log.warn(first);
    }
    return { phase: 'absent' };
  }
  const { state, resume, notes } = beginning;
  journal.wrote(`adopting rollout ${state.rolloutId} at ${state.percentage}%`);
  for (const note of notes) {
    journal.note(note);
    context.log.warn(note);
  }
  journal.entered(state);
  const remote = context.group === null ? null : await context.api.readRollout(state.rolloutId);
  const unconfirmed = remote === null ? null : await refuseOtherDevices(context, remote, journal);
  if (unconfirmed !== null) {
    throw new Refusal({ outcome: 'held', reason: 'group_not_confirmed', detail: unconfirmed });
  }
  if (!resume) return state;
  const resumed = await context.api.resumeRollout(state.rolloutId);
  if (resumed.status === 'paused') {
    throw new Refusal({
      outcome: 'error',
      reason: 'advance_refused',
      detail: `rollout ${state.rolloutId} was paused by an earlier run and could not be resumed`,
    });
  }
  journal.wrote('resumed: an earlier run of ours had paused it when its time was over');
  await remember(context, state);
  return state;
}

/**
 * Has a stage whose entry nothing tells remembered as entered now, which is later than it was, and resolves with
 * that time; null where the entry is known, and where nothing keeps it.
 */
export async function noteEntry(context: RolloutContext, beginning: Beginning): Promise<EpochMs | null> {
  if (beginning.kind !== 'adopt' || beginning.entryKnown) return null;
  const at = context.api.now();
  return (await remember(context, beginning.state)) ? at : null;
}
