/** The deployments of an environment that are about rollouts of ours: found by their payload, or added. */
import type { Logger, Moment } from '../core/ports.ts';
import { type DeploymentPayload, isAbout, type RolloutNames, readPayload } from './deployment-payload.ts';
import type { DeploymentsApi } from './deployments-api.ts';

/** Where deployments are kept, and of what. */
export interface ShelfSettings {
  /** Called at the first use; rejects where GitHub cannot be asked at all. */
  connect(): Promise<DeploymentsApi>;
  readonly environment: string;
  /** Commit of the run. */
  readonly ref: string;
  readonly names: Omit<RolloutNames, 'rollout_id'>;
  readonly log: Logger;
}

/** One deployment of a rollout of ours. */
export interface KeptDeployment {
  readonly id: number;
  readonly payload: DeploymentPayload;
}

/** Finds and adds deployments; rejects with what GitHub answered. */
export interface DeploymentShelf {
  api(): Promise<DeploymentsApi>;
  /** Newest first, at most three; asked for once. */
  find(rolloutId: string, signal: AbortSignal): Promise<readonly KeptDeployment[]>;
  /** The newest deployment of any rollout of this version. */
  newest(signal: AbortSignal): Promise<KeptDeployment | null>;
  add(moment: Moment, signal: AbortSignal): Promise<KeptDeployment>;
}

const MOST_DEPLOYMENTS = 3;
const MAX_DESCRIPTION_CHARS = 140;

/** Returns the shelf of one environment; nothing is asked yet. */
export function createDeploymentShelf(settings: ShelfSettings): DeploymentShelf {
  const { environment, ref, log } = settings;
  const known = new Map<string, readonly KeptDeployment[]>();
  let connection: Promise<DeploymentsApi> | null = null;
  const api = (): Promise<DeploymentsApi> => {
    connection ??= settings.connect();
    return connection;
  };
  const list = async (signal: AbortSignal): Promise<readonly KeptDeployment[]> => {
    const deployments = await (await api()).list(environment, signal);
    const read = deployments.map(({ id, payload }) => ({ id, payload: readPayload(payload) }));
    const damaged = read.find(({ payload }) => payload === null);
    if (damaged !== undefined) {
      log.warn(`deployment ${damaged.id} on GitHub has a payload that cannot be read; it is ignored`);
    }
    return read.flatMap(({ id, payload }) => (payload === null ? [] : [{ id, payload }]));
  };
  const isOurs = ({ payload }: KeptDeployment, rolloutId: string): boolean =>
    isAbout(payload, { ...settings.names, rollout_id: rolloutId });
  return {
    api,
    async find(rolloutId, signal) {
      const before = known.get(rolloutId);
      if (before !== undefined) return before;
      const all = await list(signal);
      const ours = all.filter((each) => isOurs(each, rolloutId)).slice(0, MOST_DEPLOYMENTS);
      known.set(rolloutId, ours);
      return ours;
    },
    async newest(signal) {
      const all = await list(signal);
      return all.find((each) => isOurs(each, each.payload.rollout_id)) ?? null;
    },
    async add({ rolloutId, planDigest, previousVersion }, signal) {
      const payload: DeploymentPayload = {
        schema: 1,
        ...settings.names,
        rollout_id: rolloutId,
        plan: planDigest,
        previous_version: previousVersion,
      };
      const before = known.get(rolloutId) ?? [];
      // Where the answer is lost, the deployment is looked for before another one is made.
      known.delete(rolloutId);
      // Half a character at the cut would be no text that GitHub takes.
      const description = `Rollout of ${settings.names.version}`
        .slice(0, MAX_DESCRIPTION_CHARS)
        .replace(/[\ud800-\udbff]$/, '');
      const { id } = await (await api()).create({ ref, environment, description, payload }, signal);
      const kept = { id, payload };
      known.set(rolloutId, [kept, ...before].slice(0, MOST_DEPLOYMENTS));
      return kept;
    },
  };
}
