/** How the modelled server takes a candidate back, and how the devices follow. */
import type { RollbackRequest } from '../../src/core/ports.ts';
import type { DeviceCount } from '../../src/core/rollout.ts';
import type { Ratio } from '../../src/core/units.ts';
import type { PausedBy } from './model-chronicle.ts';
import {
  blank,
  find,
  IN_FORCE,
  isPast,
  nextId,
  PLAN_GROUP,
  refusal,
  remember,
  type Store,
  type StoredRollout,
  settled,
} from './model-store.ts';

const REACHABLE_RATIO = 0.9;

/** Returns the writes that a rollback takes, in order. */
export function rollbackSteps(
  store: Store,
  request: RollbackRequest,
): readonly (() => StoredRollout | null)[] {
  const accepted = (): void => {
    if (store.refusedRollbacks >= store.spec.rollback.refusals) return;
    store.refusedRollbacks += 1;
    throw refusal('the rollback is not accepted', 'rollback_refused');
  };
  const candidate = request.rolloutId === null ? null : find(store, request.rolloutId);
  if (store.spec.rollback.via === 'endpoint') {
    return [
      () => {
        accepted();
        return rollBackByEndpoint(store, candidate, request.toVersion);
      },
    ];
  }
  const by: PausedBy = { who: 'us', mark: null };
  return [
    () => {
      if (candidate?.status !== 'active') return candidate;
      candidate.status = 'paused';
      candidate.pausedBy = by;
      return remember(store, candidate, null);
    },
    () => {
      accepted();
      return restore(store, request.toVersion, true);
    },
  ];
}

/** Takes the candidate back at once; without a candidate in force, whatever else is. */
export function rollBackByEndpoint(store: Store, candidate: StoredRollout | null, toVersion: string) {
  const { settleMs, showsRestoring } = store.spec.rollback;
  if (candidate?.status === 'rolling_back' || candidate?.status === 'rolled_back') return null;
  const inForce = (each: StoredRollout): boolean => !isPast(each) && IN_FORCE.includes(each.status);
  // The route names the model, not the rollout: whatever is in force is taken back.
  const hit = candidate !== null && inForce(candidate) ? [candidate] : settled(store).filter(inForce);
  for (const each of hit) {
    each.status = settleMs === 0 ? 'rolled_back' : 'rolling_back';
    each.settlesAt = settleMs === 0 ? null : store.now() + settleMs;
    remember(store, each, null);
  }
  return restore(store, toVersion, showsRestoring);
}

function restore(store: Store, version: string, shown: boolean): StoredRollout | null {
  store.restoredFrom ??= store.now();
  const known = store.rollouts.find((each) => each.restores && each.version === version);
  if (known !== undefined || !shown) return known ?? null;
  const restoring: StoredRollout = {
    ...blank(nextId(store), version, store.now()),
    group: store.spec.honoursGroup ? store.plan.group : null,
    percentage: 100,
    restores: true,
    settlesAt: store.now() + store.spec.rollback.settleMs,
  };
  store.rollouts.push(restoring);
  return remember(store, restoring, null);
}

/** Returns the share of the reachable devices that run the restored version. */
export function restoredRatio({ spec, restoredFrom, now }: Store): Ratio {
  if (restoredFrom === null) return 0;
  const { revertMs, stuckRatio } = spec.rollback;
  return (1 - stuckRatio) * (revertMs === 0 ? 1 : Math.min(1, (now() - restoredFrom) / revertMs));
}

/** Returns the devices of a rollout as the API counts them, or null where it cannot. */
export function countDevices(store: Store, rollout: StoredRollout | null): DeviceCount | null {
  const { spec, plan } = store;
  if (!spec.countsDevices || rollout === null) return null;
  const total = plan.group !== null && rollout.group !== null ? PLAN_GROUP.deviceCount : spec.fleetDevices;
  const assigned = Math.round((rollout.percentage / 100) * total);
  const reachable = Math.ceil(assigned * REACHABLE_RATIO);
  const share = rollout.restores ? restoredRatio(store) : adoptedRatio(store, rollout);
  return { assigned, reachable, onVersion: Math.floor(reachable * share + 1e-9), total };
}

function adoptedRatio({ spec, now }: Store, rollout: StoredRollout): Ratio {
  if (rollout.status === 'pending') return 0;
  const synced = spec.syncMs === 0 ? 1 : Math.min(1, (now() - rollout.servingSince) / spec.syncMs);
  return spec.adoptionRatio * synced;
}
