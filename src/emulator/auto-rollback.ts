/** The organisation's auto-rollback: the server watches by itself. Source: docs /advanced/policy, /operate/rollback. */
import { type EpochMs, SECOND_MS } from '../core/units.ts';
import type { ArmTotals } from '../simulation/observe-window.ts';
import type { World } from '../simulation/world.ts';
import type { OrgPolicy } from './emulator-options.ts';
import type { RollbackOrder } from './rollback.ts';
import type { RolloutRecord } from './rollout-record.ts';

const WATCHED_MS = 5 * SECOND_MS;
const PATIENCE_MS = 3 * SECOND_MS;
const MIN_REQUESTS = 20;
const MIN_CRASHED = 2;

/** The server's watch over the newest rollout. */
export interface AutoRollback {
  /**
   * Returns the rollback that is due now, or null: errors or crashes of the last 5 s were over the policy's
   * threshold for 3 s. Call it at every tick of the world.
   */
  check(rollouts: readonly RolloutRecord[], policy: OrgPolicy): RollbackOrder | null;
}

/** Returns a watch over the rollouts of a world without groups, or of the group that each names. */
export function createAutoRollback(
  world: World,
  groupIndexOf: (name: string | null) => number | null,
): AutoRollback {
  let breach: { readonly sequence: number; readonly since: EpochMs } | null = null;
  return {
    check(rollouts, policy) {
      const watched = policy.autoRollbackEnabled ? rollouts.findLast(isWatched) : undefined;
      const found = watched === undefined ? null : breachOf(watched, { world, policy, groupIndexOf });
      if (watched === undefined || watched.previousVersion === null || found === null) {
        breach = null;
        return null;
      }
      if (breach?.sequence !== watched.sequence) breach = { sequence: watched.sequence, since: world.now() };
      if (world.now() - breach.since < PATIENCE_MS) return null;
      breach = null;
      return { toVersion: watched.previousVersion, reason: `auto-rollback: ${found}`, group: watched.group };
    },
  };
}

interface Watch {
  readonly world: World;
  readonly policy: OrgPolicy;
  readonly groupIndexOf: (name: string | null) => number | null;
}

// What restores a version is not watched: it would go back to the version that was just found bad.
function isWatched({ status, deleted, history }: RolloutRecord): boolean {
  if (deleted || history[0]?.status === 'rolling_back') return false;
  return status === 'active' || status === 'paused' || status === 'completed';
}

function breachOf({ version, group }: RolloutRecord, { world, policy, groupIndexOf }: Watch): string | null {
  // A tick may be longer than what is watched; then the last whole tick is looked at.
  const from = Math.min(world.now() - WATCHED_MS, world.ticks.at(-1)?.from ?? world.now());
  const { candidate } = world.observe({
    version,
    group: groupIndexOf(group),
    window: { from, to: world.now() },
  });
  return overThreshold(candidate, policy);
}

function overThreshold(arm: ArmTotals, { errorThreshold, crashThreshold }: OrgPolicy): string | null {
  const errors = arm.failed / arm.requests;
  if (arm.requests >= MIN_REQUESTS && errors > errorThreshold) {
    return `error rate ${percent(errors)} over ${percent(errorThreshold)}`;
  }
  const crashes = arm.crashedDevices / arm.activeDevices;
  if (arm.crashedDevices >= MIN_CRASHED && crashes > crashThreshold) {
    return `crash rate ${percent(crashes)} over ${percent(crashThreshold)}`;
  }
  return null;
}

function percent(ratio: number): string {
  return `${(100 * ratio).toFixed(1)}%`;
}
