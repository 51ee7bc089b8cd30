/** What the modelled server keeps, and what it tells of it. */
import type { Plan } from '../../src/core/plan.ts';
import type { HistoryEntry, RemoteRollout, RolloutStatus } from '../../src/core/rollout.ts';
import type { EpochMs, Percent } from '../../src/core/units.ts';
import { ApiError } from '../../src/octomil/errors.ts';
import type { TrueRollout } from './model-chronicle.ts';
import type { ServerSpec } from './model-world-spec.ts';

/** The group that a plan with a group means. */
export const PLAN_GROUP = { id: 'grp-7', name: 'clinics', deviceCount: 40 };

/** Statuses of a rollout that serves or may serve. */
export const IN_FORCE: readonly RolloutStatus[] = [
  'pending',
  'active',
  'paused',
  'rolling_back',
  'completed',
];

/** A rollout as the server keeps it. */
export type StoredRollout = { -readonly [K in keyof TrueRollout]: TrueRollout[K] } & {
  readonly target: Percent;
  readonly history: HistoryEntry[];
  readonly restores: boolean;
  settlesAt: EpochMs | null;
};

/** Everything that the server keeps. */
export interface Store {
  readonly spec: ServerSpec;
  readonly plan: Plan;
  readonly now: () => EpochMs;
  readonly rollouts: StoredRollout[];
  /** Ids are never used twice. */
  lastId: number;
  refusedRollbacks: number;
  restoredFrom: EpochMs | null;
}

/** Returns the error of a request that the API understood and refused. */
export function refusal(
  what: string,
  reasonCode: 'api_refused' | 'advance_refused' | 'rollback_refused' = 'api_refused',
) {
  const details = { reasonCode, status: 409, code: 'conflict', serverText: what, retryAfter: null };
  const error = new ApiError(what, { ...details, routeUnknown: false });
  return error;
}

/** Returns a rollout of the whole fleet at 0% that serves since it was created. */
export function blank(id: string, version: string, createdAt: EpochMs): StoredRollout {
  return {
    id,
    version,
    group: null,
    status: 'active',
    percentage: 0,
    createdAt,
    servingSince: createdAt,
    pausedBy: null,
    target: 100,
    history: [],
    restores: false,
    settlesAt: null,
  };
}

/** Returns an id that no rollout has had. */
export function nextId(store: Store): string {
  store.lastId += 1;
  return `rol-${store.lastId}`;
}

/** Returns whether a rollout is older than the world. */
export function isPast(rollout: TrueRollout): boolean {
  return rollout.id.startsWith('past-');
}

/** Returns all rollouts after everything that was due has happened, oldest first. */
export function settled(store: Store): readonly StoredRollout[] {
  for (const each of store.rollouts) {
    if (each.settlesAt === null || each.settlesAt > store.now()) continue;
    each.status = each.status === 'rolling_back' ? 'rolled_back' : 'completed';
    each.settlesAt = null;
    remember(store, each, null);
  }
  return store.rollouts;
}

/** Returns a rollout by its id, or null. */
export function find(store: Store, id: string): StoredRollout | null {
  return settled(store).find((each) => each.id === id) ?? null;
}

/** Returns a rollout by its id; throws a refusal when there is none. */
export function get(store: Store, id: string): StoredRollout {
  const found = find(store, id);
  if (found === null) throw refusal(`rollout ${id} does not exist`);
  return found;
}

/** Returns a copy that later changes leave alone. */
export function snapshot(rollout: StoredRollout | null): TrueRollout | null {
  return rollout === null ? null : { ...rollout };
}

/** Returns what the API shows of a rollout. */
export function view(spec: ServerSpec, rollout: StoredRollout): RemoteRollout {
  return {
    id: rollout.id,
    modelId: 'mdl-1',
    version: rollout.version,
    status: rollout.status,
    statusText: rollout.status,
    percentage: rollout.percentage,
    targetPercentage: rollout.target,
    group: spec.tellsGroup ? rollout.group : undefined,
    createdAt: spec.tellsCreatedAt ? rollout.createdAt : null,
  };
}

/** Returns what the API shows of a rollout, or null. */
export function viewOrNull(spec: ServerSpec, rollout: StoredRollout | null): RemoteRollout | null {
  return rollout === null ? null : view(spec, rollout);
}

/** Returns what the API shows of an entry of the history: nothing where it keeps none. */
export function tell({ history }: ServerSpec, entry: HistoryEntry): readonly HistoryEntry[] {
  if (!history.kept) return [];
  return [
    {
      status: entry.status,
      percentage: history.percentages ? entry.percentage : null,
      reason: history.reasons ? entry.reason : null,
      at: history.times ? entry.at : null,
    },
  ];
}

/** Adds the state of a rollout to its history and returns it. */
export function remember(store: Store, rollout: StoredRollout, reason: string | null): StoredRollout {
  const { status, percentage } = rollout;
  rollout.history.push({ status, percentage, reason, at: store.now() });
  return rollout;
}
