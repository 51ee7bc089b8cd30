/** Does what a decision says, reads back what came of it, and tells the core as events. */
import { enter, type RolloutEvent } from '../core/evolve.ts';
import { formatPercent } from '../core/format.ts';
import type { Command, Decision } from '../core/look.ts';
import type { RolloutState, Watching } from '../core/rollout.ts';
import { toError } from '../runtime/to-error.ts';
import { createRollout } from './create-rollout.ts';
import { done, type Execution, ends, isRefusal } from './execution.ts';
import type { Journal } from './journal.ts';
import { raiseRollout } from './raise.ts';
import type { RolloutContext } from './rollout-context.ts';
import { pauseMarked, remember, rememberRollback } from './tagged-writes.ts';

type WatchingCommand = Exclude<Command, { kind: 'wait' | 'finish' }>;

/**
 * Carries out the command of a decision.
 *
 * A write that did not reach the API is no event: the next look decides again. A write that the API refused
 * ends the run as `held`, unless it is a raise that may be accepted later; a refused rollback is asked for again
 * until its time is over. Rejects when a
 * rollout cannot be created, and when the job is aborted.
 */
export async function execute(
  context: RolloutContext,
  state: RolloutState,
  decision: Decision,
  journal: Journal,
): Promise<Execution> {
  const command = decision.command as WatchingCommand;
  switch (command.kind) {
    case 'create':
      return createRollout(context, command.percentage, journal);
    case 'start':
      return changing(context, journal, async () => {
        const rollout = await context.api.startRollout(rolloutIdOf(state));
        journal.wrote(`started rollout ${rollout.id}`);
        const at = context.api.now();
        await remember(context, state as Watching);
        return [{ kind: 'started', at }];
      });
    case 'raise':
      return raiseRollout(context, state as Watching, command, journal);
    case 'pause':
      return pauseAndEnd(context, state as Watching, decision, journal);
    case 'roll_back':
      return rollBack(context, state, command, journal);
    case 'follow_percentage': {
      const { percentage } = command;
      journal.wrote(`following the percentage that somebody set: ${formatPercent(percentage)}`);
      const at = context.api.now();
      await remember(context, enter(context.plan, state as Watching, { percentage, at }));
      return done([{ kind: 'raised', percentage, at }], false);
    }
    case 'follow_rollback': {
      const cause = 'rolled_back_by_server';
      const at = context.api.now();
      return done(
        [{ kind: 'rollback_accepted', cause, toVersion: null, restoringRolloutId: null, at }],
        false,
      );
    }
  }
}

async function pauseAndEnd(
  context: RolloutContext,
  state: Watching,
  { command, reason, detail }: Decision,
  journal: Journal,
): Promise<Execution> {
  const { mark, outcome } = command as Extract<Command, { kind: 'pause' }>;
  const at = formatPercent(state.percentage);
  try {
    await pauseMarked(context, state, mark, journal);
    return ends(outcome, reason, sentences(detail, `paused at ${at}`), { events: [], wrote: true });
  } catch (thrown) {
    context.signal.throwIfAborted();
    const failed = `it could not be paused and still serves ${at}: ${toError(thrown).message}`;
    return ends(outcome, reason, sentences(detail, failed), { events: [], wrote: true });
  }
}

async function rollBack(
  context: RolloutContext,
  state: RolloutState,
  command: Extract<Command, { kind: 'roll_back' }>,
  journal: Journal,
): Promise<Execution> {
  const { api, plan, group } = context;
  const { cause, toVersion } = command;
  journal.intends({ kind: 'roll_back', toVersion });
  const isFirst = state.phase === 'soaking' || state.phase === 'baking';
  const noted = isFirst ? rememberRollback(context, state) : null;
  try {
    const receipt = await api.rollBack({
      rolloutId: rolloutIdOf(state),
      fromVersion: plan.version,
      toVersion,
      group,
      reason: `${context.reason ?? cause.replaceAll('_', ' ')} (${context.run.url ?? context.run.label})`,
    });
    journal.settled();
    journal.wrote(`rollback to ${toVersion} accepted`);
    const { restoringRolloutId, acceptedAt: at } = receipt;
    return done([{ kind: 'rollback_accepted', cause, toVersion, restoringRolloutId, at }], true);
  } catch (thrown) {
    context.signal.throwIfAborted();
    const why = toError(thrown).message;
    context.log.warn(`rollback to ${toVersion} not accepted yet: ${why}`);
    return done([{ kind: 'rollback_refused', cause, toVersion, why, at: api.now() }], true);
  } finally {
    await noted;
  }
}

async function changing(
  context: RolloutContext,
  journal: Journal,
  change: () => Promise<readonly RolloutEvent[]>,
): Promise<Execution> {
  try {
    return done(await change(), true);
  } catch (thrown) {
    context.signal.throwIfAborted();
    const why = toError(thrown).message;
    if (isRefusal(thrown)) return ends('held', thrown.reasonCode, why, { events: [], wrote: true });
    journal.wrote(`the change is not confirmed: ${why}`);
    return done([], true);
  }
}

function rolloutIdOf(state: RolloutState): string {
  if (state.phase === 'absent' || state.phase === 'ended')
    throw new RangeError(`no rollout in phase ${state.phase}`);
  return state.rolloutId;
}

function sentences(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join('; ');
}
