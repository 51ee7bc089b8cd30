/** Which statuses say to people how a rollout ended, beside those that are moments of it. Pure. */
import type { RolloutEnding } from '../core/ports.ts';
import type { DeploymentStatus, NewStatus } from './deployments-api.ts';
import { type ReadMoment, readMoment } from './status-description.ts';

/** A status that is still to be written. */
export type FinalStatus = Pick<NewStatus, 'state' | 'description'>;

/** Returns the moment that a status is, or null for any other: only `in_progress` remembers. */
export function momentIn({ state, description }: DeploymentStatus): ReadMoment | null {
  return state === 'in_progress' ? readMoment(description) : null;
}

/**
 * Returns what a deployment lacks to show how its rollout ended, in order; empty where it does already.
 *
 * `statuses` are all of the deployment's, oldest first; only those after its last moment count. A rollback is
 * `inactive` once it is confirmed, after `failure` where something was held against the version; `error` is a
 * rollback that failed, and no later look at the same rollback softens it before it is confirmed.
 */
export function missingStatuses(
  ending: RolloutEnding,
  statuses: readonly DeploymentStatus[],
): readonly FinalStatus[] {
  const lastMoment = statuses.findLastIndex((each) => momentIn(each) !== null);
  const since = statuses.slice(lastMoment + 1).map(({ state }) => state);
  const newest = since.at(-1);
  const { failure, sentence } = ending;
  const isFailed = since.includes('failure') || since.includes('error');
  const failed: readonly FinalStatus[] =
    failure === null || isFailed ? [] : [{ state: 'failure', description: failure }];
  switch (ending.kind) {
    case 'completed':
      // Another tool's success may have made it inactive since; that is not fought over.
      return since.includes('success') ? [] : [{ state: 'success', description: sentence }];
    case 'rolling_back':
      return newest === 'inactive' ? [] : failed;
    case 'rolled_back':
    case 'gone':
      return newest === 'inactive' ? [] : [...failed, { state: 'inactive', description: sentence }];
    case 'rollback_failed':
      return newest === 'error' ? [] : [{ state: 'error', description: sentence }];
  }
}
