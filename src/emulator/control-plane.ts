/** The emulated server's mind: its rollouts, the fleet that follows them, and what time does to both. */
import type { EpochMs, Percent } from '../core/units.ts';
import type { RolloutDevices, World } from '../simulation/world.ts';
import { createAutoRollback } from './auto-rollback.ts';
import { type CreateOrder, checkedDraft } from './create-order.ts';
import type { EmulatorSettings, OrgPolicy } from './emulator-options.ts';
import { USUAL_EXPERIMENT_TRAFFIC } from './experiment.ts';
import { groupIndex, groupNamed } from './groups.ts';
import { ordersFor } from './orders.ts';
import { checkEvaluation } from './policy-rules.ts';
import { Refusal } from './refusal.ts';
import { type RollbackOrder, type RollbackResult, rollBack } from './rollback.ts';
import { isComplete } from './rollout-completion.ts';
import type { RolloutRecord } from './rollout-record.ts';
import { draftRollout, finishRollout } from './rollout-transitions.ts';
import { baselineRollout, createSimulatedWorld } from './starting-state.ts';
import { createVersions, type VersionShelf } from './versions.ts';

/** The state of one organisation with one model that can be rolled out. */
export interface ControlPlane {
  readonly world: World;
  readonly versions: VersionShelf;
  policy: OrgPolicy;
  /** Share of the devices that the running experiment takes; null while none runs. */
  experimentTraffic(): Percent | null;
  /** Starts the experiment with a share of the devices, changes it, or ends it with null. */
  setExperiment(traffic: Percent | null): void;
  /** Every rollout that is not deleted, newest first. */
  listRollouts(): readonly RolloutRecord[];
  /** Every rollout, deleted ones too, oldest first. */
  everyRollout(): readonly RolloutRecord[];
  countDevices(rollout: RolloutRecord): RolloutDevices;
  /** Lets time pass; what the server does by itself, it does at the time at which it is due. */
  advanceTo(at: EpochMs): void;
  /** Errors: Refusal, as `checkedDraft` says; PolicyRefusal for a version that was never served and not evaluated. */
  create(order: CreateOrder): RolloutRecord;
  /** Puts a changed rollout in the place of the one with its sequence, and returns what became of it. */
  replace(rollout: RolloutRecord): RolloutRecord;
  /** Errors: Refusal, as `rollBack` says, and `not_found` for a group. */
  rollBack(order: RollbackOrder): RollbackResult;
}

/** Returns a control plane at the clock's present, with a completed rollout of the baseline. */
export function createControlPlane(settings: EmulatorSettings): ControlPlane {
  const startAt = settings.clock.now();
  const world = createSimulatedWorld(settings, startAt);
  const groupIndexOf = (name: string | null) => groupIndex(settings.groups, name);
  const ledger = createLedger(settings, world);
  const autoRollback = createAutoRollback(world, groupIndexOf);
  const versions = createVersions(settings, startAt);
  const plane: ControlPlane = {
    world,
    versions,
    policy: settings.policy,
    experimentTraffic: ledger.experimentTraffic,
    setExperiment: ledger.setExperiment,
    listRollouts: () =>
      ledger
        .all()
        .filter(({ deleted }) => !deleted)
        .toReversed(),
    everyRollout: ledger.all,
    countDevices: ledger.countDevices,
    advanceTo(at) {
      for (let next = world.nextBoundary(); next <= at; next = world.nextBoundary()) {
        world.advanceTo(next);
        ledger.completeSynced();
        const order = autoRollback.check(ledger.all(), plane.policy);
        if (order !== null) attempt(() => plane.rollBack(order));
      }
      world.advanceTo(at);
    },
    create(order) {
      const rollouts = ledger.all();
      const servedBefore = rollouts.some(
        ({ version, status }) => version === order.version && status === 'completed',
      );
      if (!servedBefore) checkEvaluation(plane.policy);
      const draft = checkedDraft(order, { rollouts, settings, versions });
      const starts = order.startImmediately && settings.switches['start-immediately'] === 'honoured';
      const start = { status: starts ? 'active' : 'pending', at: world.now() } as const;
      const created = draftRollout(draft, rollouts.length + 1, start);
      ledger.put([...rollouts, created]);
      return ledger.find(created.sequence);
    },
    replace(changed) {
      ledger.put(ledger.all().map((rollout) => (rollout.sequence === changed.sequence ? changed : rollout)));
      return ledger.find(changed.sequence);
    },
    rollBack(order) {
      const group = order.group === null ? null : groupNamed(settings.groups, order.group);
      const result = rollBack(ledger.all(), { ...order, group, at: world.now(), versions });
      const affectedDevices = countFollowers(world, result.from, groupIndexOf(group));
      ledger.put(result.rollouts);
      return { ...result, affectedDevices, restoring: ledger.find(result.restoring.sequence) };
    },
  };
  return plane;
}

// A server that can not roll back by itself leaves things as they are; nobody has asked it.
function attempt(act: () => void): void {
  try {
    act();
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
  }
}

function countFollowers(
  { fleet, rolloutOf }: World,
  { sequence }: RolloutRecord,
  group: number | null,
): number {
  let count = 0;
  for (let device = 0; device < fleet.size; device += 1) {
    const concerned = group === null || fleet.groupOf[device] === group;
    if (concerned && rolloutOf(device) === String(sequence)) count += 1;
  }
  return count;
}

interface Ledger {
  /** Every rollout, deleted ones too, oldest first. */
  all(): readonly RolloutRecord[];
  find(sequence: number): RolloutRecord;
  /** Replaces every rollout and gives the fleet the orders that follow from them. */
  put(rollouts: readonly RolloutRecord[]): void;
  countDevices(rollout: RolloutRecord): RolloutDevices;
  completeSynced(): void;
  experimentTraffic(): Percent | null;
  setExperiment(traffic: Percent | null): void;
}

function createLedger(settings: EmulatorSettings, world: World): Ledger {
  let rollouts: readonly RolloutRecord[] = [];
  let experiment: Percent | null = settings.experiment ? USUAL_EXPERIMENT_TRAFFIC : null;
  const ledger: Ledger = {
    all: () => rollouts,
    find(sequence) {
      const found = rollouts.find((rollout) => rollout.sequence === sequence);
      if (found === undefined) throw new Refusal('not_found', `rollout ${sequence} does not exist`);
      return found;
    },
    put(changed) {
      rollouts = changed;
      world.serve(ordersFor(rollouts, settings, experiment));
      ledger.completeSynced();
    },
    countDevices: ({ sequence, version, group }) =>
      world.countDevices(String(sequence), { version, group: groupIndex(settings.groups, group) }),
    experimentTraffic: () => experiment,
    setExperiment(traffic) {
      experiment = traffic;
      ledger.put(rollouts);
    },
    completeSynced() {
      rollouts = rollouts.map((rollout) =>
        isComplete(rollout, settings.switches.completed, () => ledger.countDevices(rollout))
          ? finishRollout(rollout, 'completed', { at: world.now(), reason: null })
          : rollout,
      );
    },
  };
  if (!settings.firstEver) {
    world.install(settings.baseline);
    ledger.put([baselineRollout(settings, world.now())]);
  }
  return ledger;
}
