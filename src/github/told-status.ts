/** What people outside the job were told last, as a status of a deployment: for people first, and readable again. Pure. */
import type { ToldNews } from '../core/told-news.ts';
import type { DeploymentStatus, NewStatus } from './deployments-api.ts';
import { momentIn } from './final-status.ts';
import { MAX_DESCRIPTION_CHARS } from './status-description.ts';

const NOTHING = 'nothing';
/** Most characters of a sentence beside the mark. */
export const MAX_TOLD_CHARS = MAX_DESCRIPTION_CHARS - ' [told 0123456789abcdef]'.length;

const MARK = /\[told ([0-9a-f]{16}|nothing)\]$/;
const STATES: readonly NewStatus['state'][] = ['in_progress', 'success', 'failure', 'error', 'inactive'];

/** Returns whether a status only says what people were told. */
export function isTold({ description }: DeploymentStatus): boolean {
  return MARK.test(description);
}

/**
 * Returns the key of what people were told last; null where nobody was told of the situation that the rollout is in.
 *
 * `statuses` are all of the deployment's, oldest first; only those after its last stage or pause count, because the
 * same is news again after it. A rollback that is refused is asked for at every look, which is no news. Never throws.
 */
export function lastToldIn(statuses: readonly DeploymentStatus[]): string | null {
  const lastChange = statuses.findLastIndex((each) => momentIn(each)?.rollingBack === false);
  const told = statuses.slice(lastChange + 1).findLast(isTold);
  const [, key = NOTHING] = MARK.exec(told?.description ?? '') ?? [];
  return key === NOTHING ? null : key;
}

/**
 * Returns the status that remembers what was told: the sentence, and behind it such as `[told 0123456789abcdef]`.
 *
 * Its state is that of the newest status, so that the deployment is shown as before; null where that is none of ours.
 */
export function toldStatus(
  { key, sentence }: Pick<ToldNews, 'key' | 'sentence'>,
  statuses: readonly DeploymentStatus[],
): Pick<NewStatus, 'state' | 'description'> | null {
  const newest = statuses.at(-1)?.state;
  const state = STATES.find((each) => each === newest);
  if (state === undefined) return null;
  return { state, description: `${sentence} [told ${key ?? NOTHING}]` };
}
