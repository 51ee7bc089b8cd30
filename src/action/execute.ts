/** Does what a decision says, reads back what came of it, and tells the core as events. */
import { enter, type RolloutEvent } from '../core/evolve.ts';
import { formatPercent } from '../core/format.ts';
import type { Command, Decision } from '../core/look.ts';
import { writeTag } from '../core/memory-tag.ts';
import { lastStage } from '../core/plan.ts';
import type { DeviceGroup } from '../core/ports.ts';
import type { ReasonCode } from '../core/reason-codes.ts';
import type {
  DeviceCount,
  Outcome,
  PauseMark,
  RemoteRollout,
  RolloutState,
  Watching,
} from '../core/rollout.ts';
import type { Percent } from '../core/units.ts';
import { OctomilError } from '../octomil/errors.ts';
import { toError } from '../runtime/to-error.ts';
import type { Journal } from './journal.ts';
import { countDevices } from './observe.ts';
import type { RolloutContext } from './rollout-context.ts';

/** What came of a command. `ends` is set when the run is over with it. */
export interface Execution {
  readonly events: readonly RolloutEvent[];
  readonly wrote: boolean;
  readonly ends: {
    readonly outcome: Outcome;
    readonly reason: ReasonCode;
    readonly detail: string | null;
  } | null;
}

type WatchingCommand = Exclude<Command, { kind: 'wait' | 'finish' }>;

/**
 * Carries out the command of a decision.
 *
 * A write that did not reach the API is no event: the next look decides again. A write that the API refused
 * ends the run as `held`; a refused rollback is asked for again until its time is over. Rejects when a
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
      return create(context, command.percentage, journal);
    case 'start':
      return changing(context, journal, async () => {
        const rollout = await context.api.startRollout(rolloutIdOf(state));
        journal.wrote(`started rollout ${rollout.id}`);
        return [{ kind: 'started', at: context.api.now() }];
      });
    case 'raise':
      return changing(context, journal, () => raise(context, state as Watching, command, journal));
    case 'pause':
      return pauseAndEnd(context, state as Watching, decision, journal);
    case 'roll_back':
      return rollBack(context, state, command, journal);
    case 'follow_percentage': {
      journal.wrote(`following the percentage that somebody set: ${formatPercent(command.percentage)}`);
      return done([{ kind: 'raised', percentage: command.percentage, at: context.api.now() }], false);
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

async function create(context: RolloutContext, percentage: Percent, journal: Journal): Promise<Execution> {
  const { plan, api, group } = context;
  journal.creating();
  const target = lastStage(plan).percentage;
  let rollout: RemoteRollout;
  try {
    rollout = await api.createRollout({
      version: plan.version,
      percentage,
      targetPercentage: target,
      incrementStep: Math.max(1, (plan.stages[1]?.percentage ?? target) - percentage),
      group,
    });
    if (rollout.status === 'pending') rollout = await api.startRollout(rollout.id);
  } catch (thrown) {
    if (percentage === 0 && isRefusal(thrown)) {
      return ends('error', 'shadow_refused', toError(thrown).message, { events: [], wrote: true });
    }
    throw thrown;
  }
  journal.wrote(`created rollout ${rollout.id} of ${plan.version} at ${formatPercent(rollout.percentage)}`);
  const at = api.now();
  const { previousVersion } = context;
  const identity = { rolloutId: rollout.id, previousVersion, createdAt: rollout.createdAt ?? at };
  const state = enter(plan, identity, rollout.percentage, at);
  const adopted: RolloutEvent = { kind: 'adopted', state };
  if (group !== null && !(await isGroupConfirmed(context, rollout, group))) {
    await context.api.pauseRollout(rollout.id);
    const detail = `rollout ${rollout.id} was paused at ${formatPercent(rollout.percentage)}: the API did not confirm the group ${group.name}`;
    return ends('held', 'group_not_confirmed', detail, { events: [adopted], wrote: true });
  }
  await leaveTag(context, state, { text: 'rollout began', pausing: null }, journal);
  return done([adopted], true);
}

/** A group is confirmed when the API names it, or counts no more devices than the group has at this percentage. */
async function isGroupConfirmed(
  context: RolloutContext,
  rollout: RemoteRollout,
  group: DeviceGroup,
): Promise<boolean> {
  if (rollout.group !== undefined) return rollout.group === group.id || rollout.group === group.name;
  const devices = await countDevices(context, rollout.id);
  return devices !== null && fitsGroup(devices, rollout.percentage, group);
}

function fitsGroup(devices: DeviceCount, percentage: Percent, group: DeviceGroup): boolean {
  if (group.deviceCount === null || percentage <= 0) return false;
  const expected = (percentage / 100) * group.deviceCount;
  return (
    devices.assigned > 0 && devices.assigned <= Math.ceil(expected) + 1 && devices.assigned >= expected / 2
  );
}

async function raise(
  context: RolloutContext,
  state: Watching,
  command: Extract<Command, { kind: 'raise' }>,
  journal: Journal,
): Promise<readonly RolloutEvent[]> {
  const { plan, api } = context;
  const stageName = plan.stages[command.stageIndex]?.name ?? '';
  const text = `stage ${stageName}: ${formatPercent(state.percentage)} → ${formatPercent(command.percentage)}`;
  const reason = tagged(context, { ...state, stageIndex: command.stageIndex }, { text, pausing: null });
  const rollout = await api.setPercentage(state.rolloutId, command.percentage, reason);
  journal.wrote(`raised to ${formatPercent(rollout.percentage)}`);
  return [{ kind: 'raised', percentage: rollout.percentage, at: api.now() }];
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

/** Pauses a rollout so that a later run knows it was ours: the mark is written before the pause. */
export async function pauseMarked(
  context: RolloutContext,
  state: Watching,
  mark: PauseMark,
  journal: Journal,
): Promise<void> {
  await leaveTag(context, state, { text: `pausing: ${mark}`, pausing: mark }, journal);
  await context.api.pauseRollout(state.rolloutId);
  journal.wrote(`paused at ${formatPercent(state.percentage)}`);
}

async function rollBack(
  context: RolloutContext,
  state: RolloutState,
  command: Extract<Command, { kind: 'roll_back' }>,
  journal: Journal,
): Promise<Execution> {
  const { api, plan, group } = context;
  const { cause, toVersion } = command;
  try {
    const receipt = await api.rollBack({
      rolloutId: rolloutIdOf(state),
      fromVersion: plan.version,
      toVersion,
      group,
      reason: `${context.reason ?? cause.replaceAll('_', ' ')} (${context.run.url ?? context.run.label})`,
    });
    journal.wrote(`rollback to ${toVersion} accepted`);
    const { restoringRolloutId, acceptedAt: at } = receipt;
    return done([{ kind: 'rollback_accepted', cause, toVersion, restoringRolloutId, at }], true);
  } catch (thrown) {
    context.signal.throwIfAborted();
    const why = toError(thrown).message;
    context.log.warn(`rollback to ${toVersion} not accepted yet: ${why}`);
    return done([{ kind: 'rollback_refused', cause, toVersion, why, at: api.now() }], true);
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
    if (isRefusal(thrown)) return ends('held', 'advance_refused', why, { events: [], wrote: true });
    journal.wrote(`the change is not confirmed: ${why}`);
    return done([], true);
  }
}

interface TagText {
  readonly text: string;
  readonly pausing: PauseMark | null;
}

/** Writes a tag without changing anything: the same percentage with a reason. A refusal is only noted. */
async function leaveTag(
  context: RolloutContext,
  state: Watching,
  tag: TagText,
  journal: Journal,
): Promise<void> {
  try {
    await context.api.setPercentage(state.rolloutId, state.percentage, tagged(context, state, tag));
  } catch (thrown) {
    context.signal.throwIfAborted();
    journal.note(`the API keeps no note of this change: ${toError(thrown).message}`);
  }
}

function tagged(context: RolloutContext, state: Watching, { text, pausing }: TagText): string {
  const { plan, run } = context;
  const source = run.url === null ? text : `${text} (${run.url})`;
  return writeTag(context.reason === null ? source : `${context.reason}; ${source}`, {
    planDigest: plan.digest,
    stage: state.stageIndex + 1,
    stagesTotal: plan.stages.length,
    previousVersion: state.previousVersion,
    run: run.label,
    at: context.api.now(),
    pausing,
  });
}

function rolloutIdOf(state: RolloutState): string {
  if (state.phase === 'absent' || state.phase === 'ended')
    throw new RangeError(`no rollout in phase ${state.phase}`);
  return state.rolloutId;
}

function isRefusal(thrown: unknown): boolean {
  if (!(thrown instanceof OctomilError)) return false;
  return thrown.reasonCode === 'advance_refused' || thrown.reasonCode === 'api_refused';
}

function sentences(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join('; ');
}

function done(events: readonly RolloutEvent[], wrote: boolean): Execution {
  return { events, wrote, ends: null };
}

function ends(
  outcome: Outcome,
  reason: ReasonCode,
  detail: string | null,
  rest: Pick<Execution, 'events' | 'wrote'>,
): Execution {
  return { ...rest, ends: { outcome, reason, detail } };
}
