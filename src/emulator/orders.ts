/** Turns the rollouts of the emulated server into the orders that its fleet follows. */
import type { Percent } from '../core/units.ts';
import { harmBegins } from '../simulation/harm.ts';
import type { ServingOrders } from '../simulation/serving-orders.ts';
import type { EmulatorSettings } from './emulator-options.ts';
import { experimentRules } from './experiment.ts';
import { groupIndex } from './groups.ts';
import { isServing, isUnfinished, type RolloutRecord } from './rollout-record.ts';

/**
 * Returns the orders that these rollouts, oldest first, amount to: the newest one that reaches a device decides, and
 * an experiment before all of them.
 */
export function ordersFor(
  rollouts: readonly RolloutRecord[],
  settings: EmulatorSettings,
  experimentTraffic: Percent | null = null,
): ServingOrders {
  const { groups, scenario, candidate } = settings;
  const newestFirst = rollouts.toReversed();
  const rules = newestFirst.filter(isServing).map(({ sequence, version, group, percentage }) => ({
    rolloutId: String(sequence),
    version,
    group: groupIndex(groups, group),
    percentage,
  }));
  const shadow = newestFirst.find(isUnfinished);
  const mirrors = shadow !== undefined && shadow.percentage === 0 && isServing(shadow);
  const entered = newestFirst.find(({ version }) => version === candidate)?.entered ?? [];
  return {
    rules: [...experimentRules(experimentTraffic, settings), ...rules],
    mirror: mirrors ? { version: shadow.version, group: groupIndex(groups, shadow.group) } : null,
    harmFrom: scenario.harm === null ? null : harmBegins(scenario.onset, entered),
  };
}
