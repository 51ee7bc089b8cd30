/** The emulated server's mind: its rollouts, the fleet that follows them, and what time does to both. */
import type { EpochMs } from '../core/units.ts';
import type { RolloutDevices, World } from '../simulation/world.ts';
import { createAutoRollback } from './auto-rollback.ts';
import { type CreateOrder, checkedDraft } from './create-order.ts';
import type { EmulatorSettings, OrgPolicy } from './emulator-options.ts';
import { groupIndex, groupNamed } from './groups.ts';
import { ordersFor } from './orders.ts';
import { Refusal } from './refusal.ts';
import { type RollbackOrder, type RollbackResult, rollBack } from './rollback.ts';
import type { RolloutRecord } from './rollout-record.ts';
import { draftRollout, finishRollout } from './rollout-transitions.ts';
import { baselineRollout, createSimulatedWorld } from './starting-state.ts';
import { createVersions, type VersionShelf } from './versions.ts';

/** The state of one organisation with one model that can be rolled out. */
export interface ControlPlane {
  readonly world: World;
  readonly versions: VersionShelf;
  policy: OrgPolicy;
  /** Every rollout that is not deleted, newest first. */
  listRollouts(): readonly RolloutRecord[];
  /** Errors: Refusal `not_found`. */
  findRollout(sequence: number): RolloutRecord;
  countDevices(rollout: RolloutRecord): RolloutDevices;
  /** Lets time pass; what the server does by itself, it does at the time at which it is due. */
  advanceTo(at: EpochMs): void;
  create(order: CreateOrder): RolloutRecord;
  /** Puts a changed rollout in the place of the one with its sequence. */
  replace(rollout: RolloutRecord): RolloutRecord;
  rollBack(order: RollbackOrder): RollbackResult;
}

/** Share of the reachable devices that must run a version before its rollout at 100% is complete. */
const COMPLETE_RATIO = 0.95;

/** Returns a control plane at the clock's present, with a completed rollout of the baseline. */
export function createControlPlane(settings: EmulatorSettings): ControlPlane {
  const { switches, clock } = settings;
  const startAt = clock.now();
  const world = createSimulatedWorld(settings, startAt);
  let rollouts: readonly RolloutRecord[] = settings.firstEver ? [] : [baselineRollout(settings, startAt)];
  const autoRollback = createAutoRollback(world, (name) => groupIndex(settings.groups, name));

  const obey = (): void => world.serve(ordersFor(rollouts, settings));
  const put = (changed: readonly RolloutRecord[]): void => {
    rollouts = changed;
    obey();
    completeSynced();
  };
  const count = (rollout: RolloutRecord): RolloutDevices =>
    world.countDevices(String(rollout.sequence), {
      version: rollout.version,
      group: groupIndex(settings.groups, rollout.group),
    });
  const isComplete = (rollout: RolloutRecord): boolean => {
    if (rollout.deleted || rollout.percentage < 100) return false;
    const { reachable, onVersion } = count(rollout);
    const synced = onVersion >= COMPLETE_RATIO * reachable;
    if (rollout.status === 'rolling_back') return synced;
    if (rollout.status !== 'active' || switches.completed === 'never') return false;
    return switches.completed === 'at-target' || synced;
  };
  const completeSynced = (): void => {
    rollouts = rollouts.map((rollout) =>
      isComplete(rollout) ? finishRollout(rollout, 'completed', { at: world.now, reason: null }) : rollout,
    );
  };
  const plane: ControlPlane = {
    world,
    versions: createVersions(settings, startAt),
    policy: settings.policy,
    listRollouts: () => rollouts.filter(({ deleted }) => !deleted).toReversed(),
    findRollout(sequence) {
      const found = rollouts.find((rollout) => rollout.sequence === sequence && !rollout.deleted);
      if (found === undefined) throw new Refusal('not_found', 'the rollout does not exist');
      return found;
    },
    countDevices: count,
    advanceTo(at) {
      for (let next = world.nextBoundary; next <= at; next = world.nextBoundary) {
        world.advanceTo(next);
        completeSynced();
        const order = autoRollback.check(rollouts, plane.policy);
        if (order !== null) plane.rollBack(order);
      }
      world.advanceTo(at);
    },
    create(order) {
      const draft = checkedDraft(order, { rollouts, settings, versions: plane.versions });
      const starts = order.startImmediately && switches['start-immediately'] === 'honoured';
      const start = { status: starts ? 'active' : 'pending', at: world.now } as const;
      const sequence = rollouts.length + 1;
      put([...rollouts, draftRollout(draft, sequence, start)]);
      return rollouts[sequence - 1] ?? plane.findRollout(sequence);
    },
    replace(changed) {
      put(rollouts.map((rollout) => (rollout.sequence === changed.sequence ? changed : rollout)));
      return rollouts[changed.sequence - 1] ?? changed;
    },
    rollBack(order) {
      const group = order.group === null ? null : groupNamed(settings.groups, order.group);
      const result = rollBack(rollouts, { ...order, group, at: world.now, versions: plane.versions });
      const affected = count(result.from).assigned;
      put(result.rollouts);
      return {
        ...result,
        affectedDevices: affected,
        restoring: plane.findRollout(result.restoring.sequence),
      };
    },
  };
  if (!settings.firstEver) world.install(settings.baseline);
  obey();
  return plane;
}
