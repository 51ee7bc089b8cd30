/** Creates a rollout and makes sure that it is the one that was asked for. */
import { enter, type RolloutEvent } from '../core/evolve.ts';
import { formatPercent } from '../core/format.ts';
import { lastStage } from '../core/plan.ts';
import type { DeviceGroup } from '../core/ports.ts';
import type { RemoteRollout } from '../core/rollout.ts';
import type { Percent } from '../core/units.ts';
import { OctomilError } from '../octomil/errors.ts';
import { toError } from '../runtime/to-error.ts';
import { done, type Execution, ends, isRefusal } from './execution.ts';
import type { Journal } from './journal.ts';
import { countDevices } from './observe.ts';
import type { RolloutContext } from './rollout-context.ts';
import { leaveTag, remember } from './tagged-writes.ts';

/**
 * Creates the rollout at its first percentage, starts it where it is pending, confirms its group, and leaves
 * the first tag.
 *
 * A group that the API does not confirm is paused at once. Rejects when the rollout cannot be created.
 */
export async function createRollout(
  context: RolloutContext,
  percentage: Percent,
  journal: Journal,
): Promise<Execution> {
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
  } catch (thrown) {
    if (percentage === 0 && refusesPercentage(thrown)) {
      return ends('error', 'shadow_refused', toError(thrown).message, { events: [], wrote: true });
    }
    throw thrown;
  }
  journal.wrote(`created rollout ${rollout.id} of ${plan.version} at ${formatPercent(rollout.percentage)}`);
  if (rollout.status === 'pending') rollout = await startQuietly(context, rollout, journal);
  const at = api.now();
  const { previousVersion } = context;
  const identity = { rolloutId: rollout.id, previousVersion, createdAt: rollout.createdAt ?? at, past: [] };
  const state = enter(plan, identity, { percentage: rollout.percentage, at });
  const adopted: RolloutEvent = { kind: 'adopted', state };
  journal.entered(state);
  const unconfirmed = await refuseOtherDevices(context, rollout, journal);
  if (unconfirmed !== null) {
    return ends('held', 'group_not_confirmed', unconfirmed, { events: [adopted], wrote: true });
  }
  await leaveTag(context, state, { text: 'rollout began', pausing: null }, journal);
  // A stage is not entered before its rollout runs.
  if (rollout.status !== 'pending') await remember(context, state);
  return done([adopted], true);
}

/** A start that fails is asked for again at the next look, which sees the rollout pending. */
async function startQuietly(
  context: RolloutContext,
  rollout: RemoteRollout,
  journal: Journal,
): Promise<RemoteRollout> {
  try {
    return await context.api.startRollout(rollout.id);
  } catch (thrown) {
    context.signal.throwIfAborted();
    journal.wrote(`not started yet: ${toError(thrown).message}`);
    return rollout;
  }
}

/**
 * Pauses a rollout whose group the API does not confirm, and returns what to say; null when it is confirmed
 * or none was asked for.
 */
export async function refuseOtherDevices(
  context: RolloutContext,
  rollout: RemoteRollout,
  journal: Journal,
): Promise<string | null> {
  const { group, api } = context;
  if (group === null || (await isGroupConfirmed(context, rollout, group))) return null;
  const at = formatPercent(rollout.percentage);
  const why = `the API did not confirm the group ${group.name}`;
  journal.intends({ kind: 'pause', mark: 'gate' });
  try {
    await api.pauseRollout(rollout.id);
    journal.settled();
    return `rollout ${rollout.id} was paused at ${at}: ${why}`;
  } catch (thrown) {
    context.signal.throwIfAborted();
    return `${why}, and rollout ${rollout.id} could not be paused and still serves ${at}: ${toError(thrown).message}`;
  }
}

async function isGroupConfirmed(
  context: RolloutContext,
  rollout: RemoteRollout,
  group: DeviceGroup,
): Promise<boolean> {
  if (rollout.group !== undefined) return rollout.group === group.id || rollout.group === group.name;
  const devices = await countDevices(context, rollout.id);
  if (devices === null || group.deviceCount === null) return false;
  if (devices.total !== null) return devices.total === group.deviceCount;
  const share = rollout.percentage / 100;
  return isGroupsShare(devices.assigned, share * group.deviceCount, share * (context.wholeFleetDevices ?? 0));
}

/** A count confirms a group only where the whole fleet would give a clearly larger one. */
function isGroupsShare(assigned: number, ofGroup: number, ofFleet: number): boolean {
  const most = Math.ceil(ofGroup) + 1;
  return assigned > 0 && assigned >= ofGroup / 2 && assigned <= most && ofFleet >= 2 * most;
}

function refusesPercentage(thrown: unknown): boolean {
  return (
    isRefusal(thrown) && thrown instanceof OctomilError && (thrown.status === 400 || thrown.status === 422)
  );
}
