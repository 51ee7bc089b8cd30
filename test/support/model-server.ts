/** A control plane in memory, in terms of the core: the verbs of the API and what they change. */
import type { Plan } from '../../src/core/plan.ts';
import type { NewRollout, RollbackRequest } from '../../src/core/ports.ts';
import type { EpochMs, Percent } from '../../src/core/units.ts';
import type { PausedBy, TrueRollout } from './model-chronicle.ts';
import { countDevices, restoredRatio, rollBackByEndpoint, rollbackSteps } from './model-rollback.ts';
import {
  blank,
  find,
  get,
  IN_FORCE,
  isPast,
  nextId,
  refusal,
  remember,
  type Store,
  type StoredRollout,
  settled,
  snapshot,
  tell,
  view,
  viewOrNull,
} from './model-store.ts';
import { type ServerSpec, WORLD_START } from './model-world-spec.ts';

/** The server and its truth. Verbs throw an `ApiError` when they are refused, and take effect at once. */
export type ModelServer = ReturnType<typeof createModelServer>;

/** Returns a server that holds the past rollouts of `spec`. `now` is the server's time. */
export function createModelServer(spec: ServerSpec, plan: Plan, now: () => EpochMs) {
  const rollouts: StoredRollout[] = spec.past.map((each, index) => ({
    ...blank(`past-${index}`, each.version, WORLD_START + spec.skewMs - each.ageMs),
    group: { plan: plan.group, other: 'pilots', fleet: null }[each.group],
    status: each.status,
    percentage: 100,
  }));
  const store: Store = { spec, plan, now, rollouts, lastId: 0, refusedRollbacks: 0, restoredFrom: null };
  return {
    list: () => settled(store).map((each) => view(spec, each)),
    read: (id: string) => viewOrNull(spec, find(store, id)),
    history: (id: string) => (find(store, id)?.history ?? []).flatMap((entry) => tell(spec, entry)),
    countDevices: (id: string) => countDevices(store, find(store, id)),
    truth: (id: string | null): TrueRollout | null => snapshot(id === null ? null : find(store, id)),
    /** Our own rollout: the newest of the plan's version that is not older than the world. */
    ours: (): TrueRollout | null =>
      snapshot(settled(store).findLast((each) => each.version === plan.version && !isPast(each)) ?? null),
    others: (): readonly TrueRollout[] => settled(store).filter((each) => each.version !== plan.version),
    restoredRatio: () => restoredRatio(store),
    create: (rollout: NewRollout, force = false) => create(store, rollout, force),
    start: (id: string) => start(store, get(store, id)),
    pause: (id: string, by: PausedBy, reason: string | null) => pause(store, get(store, id), { by, reason }),
    resume: (id: string, reason: string | null) => resume(store, get(store, id), reason),
    set: (id: string, percentage: Percent, reason: string | null) =>
      set(store, get(store, id), { percentage, reason }),
    setByHuman: (id: string, percentage: Percent, reason: string | null) =>
      change(store, get(store, id), { percentage, reason }),
    /** A rollout goes to all devices at once and is done. */
    finish: (id: string) => finish(store, get(store, id)),
    /** The writes that a rollback takes, in order; each may be the last that gets through. */
    rollbackSteps: (request: RollbackRequest) => rollbackSteps(store, request),
    rollBackByOthers: (id: string, toVersion: string) =>
      rollBackByEndpoint(store, find(store, id), toVersion),
    remove: (id: string) => remove(store, get(store, id)),
  };
}

function create(store: Store, rollout: NewRollout, force: boolean): StoredRollout {
  const { spec, plan } = store;
  const rival = settled(store).find(
    (each) => !isPast(each) && each.status !== 'completed' && IN_FORCE.includes(each.status),
  );
  if (rival !== undefined && !force)
    throw refusal(`rollout ${rival.id} of ${rival.version} is ${rival.status}`);
  if (rollout.percentage === 0 && spec.refusesZero) throw refusal('a rollout at 0% is not accepted');
  const created: StoredRollout = {
    ...blank(nextId(store), rollout.version, store.now()),
    group: rollout.group === null || !spec.honoursGroup ? null : plan.group,
    status: spec.createsAs,
    percentage: rollout.percentage,
    target: rollout.targetPercentage,
  };
  store.rollouts.push(created);
  completeAtTarget(spec, created);
  return remember(store, created, null);
}

function completeAtTarget(spec: ServerSpec, rollout: StoredRollout): void {
  const reached = rollout.status === 'active' && rollout.percentage >= rollout.target;
  if (reached && spec.completesAtTarget) rollout.status = 'completed';
}

function start(store: Store, rollout: StoredRollout): StoredRollout {
  if (rollout.status !== 'pending') throw refusal(`rollout ${rollout.id} is ${rollout.status}`);
  rollout.status = 'active';
  rollout.servingSince = store.now();
  completeAtTarget(store.spec, rollout);
  return remember(store, rollout, null);
}

interface PauseDetails {
  readonly by: PausedBy;
  readonly reason: string | null;
}

function pause(store: Store, rollout: StoredRollout, { by, reason }: PauseDetails): StoredRollout {
  if (rollout.status === 'paused') return rollout;
  if (rollout.status !== 'active') throw refusal(`rollout ${rollout.id} is ${rollout.status}`);
  rollout.status = 'paused';
  rollout.pausedBy = by;
  return remember(store, rollout, reason);
}

function resume(store: Store, rollout: StoredRollout, reason: string | null): StoredRollout {
  if (rollout.status !== 'paused') return rollout;
  rollout.status = 'active';
  rollout.pausedBy = null;
  return remember(store, rollout, reason);
}

interface Change {
  readonly percentage: Percent;
  readonly reason: string | null;
}

function set(store: Store, rollout: StoredRollout, to: Change): StoredRollout {
  const { refusesWhenNotActive, policyCeiling } = store.spec;
  const closed = rollout.status !== 'active' && rollout.status !== 'pending';
  if (!IN_FORCE.includes(rollout.status) || (closed && refusesWhenNotActive)) {
    throw refusal(`rollout ${rollout.id} is ${rollout.status}`);
  }
  if (policyCeiling !== null && to.percentage > policyCeiling) {
    throw refusal(`the policy allows ${policyCeiling}%`, 'advance_refused');
  }
  return change(store, rollout, to);
}

function change(store: Store, rollout: StoredRollout, { percentage, reason }: Change): StoredRollout {
  if (rollout.percentage !== percentage && rollout.status !== 'pending') rollout.servingSince = store.now();
  if (percentage < rollout.percentage && rollout.status === 'completed') rollout.status = 'active';
  rollout.percentage = percentage;
  completeAtTarget(store.spec, rollout);
  return remember(store, rollout, reason);
}

function finish(store: Store, rollout: StoredRollout): StoredRollout {
  rollout.percentage = 100;
  rollout.status = 'completed';
  return remember(store, rollout, null);
}

function remove(store: Store, rollout: StoredRollout): StoredRollout {
  if (store.spec.deletionLeavesTrace) rollout.status = 'cancelled';
  else store.rollouts.splice(store.rollouts.indexOf(rollout), 1);
  return rollout;
}
