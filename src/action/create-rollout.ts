/** Creates a rollout and makes sure that it is the one that was asked for. */
import { enter, type RolloutEvent } from '../core/evolve.ts';
import { formatPercent } from '../core/format.ts';
import { lastStage } from '../core/plan.ts';
import type { DeviceGroup } from '../core/ports.ts';
import type { DeviceCount, RemoteRollout } from '../core/rollout.ts';
import type { Percent } from '../core/units.ts';
import { toError } from '../runtime/to-error.ts';
import { done, type Execution, ends, isRefusal } from './execution.ts';
import type { Journal } from './journal.ts';
import { countDevices } from './observe.ts';
import type { RolloutContext } from './rollout-context.ts';
import { leaveTag } from './tagged-writes.ts';

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
