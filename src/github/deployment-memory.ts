/** Remembers a rollout in a GitHub deployment: its payload says which rollout it is, its statuses what happened. */
import type { BegunRollback, Clock, Logger, Moment, RolloutMemory } from '../core/ports.ts';
import type { HistoryEntry } from '../core/rollout.ts';
import { type DurationMs, type EpochMs, MINUTE_MS, SECOND_MS } from '../core/units.ts';
import { timeLimit } from '../runtime/abort.ts';
import { createDeploymentShelf, type DeploymentShelf, type ShelfSettings } from './deployment-shelf.ts';
import type { DeploymentStatus, StatusList } from './deployments-api.ts';
import { type GitHubTrouble, troubleOf } from './github-trouble.ts';
import { describeMoment, readMoment } from './status-description.ts';

/** Which rollouts are remembered, where, and for whom. */
export interface DeploymentMemorySettings extends ShelfSettings {
  /** Page of the run, or null. */
  readonly runUrl: string | null;
  readonly clock: Clock;
  /** Aborts what is being recalled. */
  readonly signal: AbortSignal;
}

// A note is written within seconds of what it is about; more than this apart, the time of writing counts.
const WRITTEN_WITHIN_MS: DurationMs = 2 * MINUTE_MS;
const LIMIT_MS: DurationMs = 15 * SECOND_MS;
// The runner kills a cancelled step soon, and the API comes first.
const URGENT_LIMIT_MS: DurationMs = 2 * SECOND_MS;
const AGAIN_AFTER_MS: DurationMs = SECOND_MS;
const MOST_ATTEMPTS = 2;

/**
 * Returns the memory that the deployments of one environment are.
 *
 * One deployment for a rollout, across all runs; another only where GitHub takes no further status. Its payload
 * cannot be changed later, so each moment is a status `in_progress`, written after the API has confirmed it.
 * Invariants: INV-1, an entry is never earlier than GitHub's clock knows that it was written; whoever may write
 * deployments can delay a stage, and never make one look older.
 */
export function createDeploymentMemory(settings: DeploymentMemorySettings): RolloutMemory {
  const { environment, log, clock } = settings;
  const shelf = createDeploymentShelf(settings);
  let told = false;
  let off = false;
  const tell = ({ why, isFinal }: GitHubTrouble): void => {
    const line = `the environment ${environment} on GitHub does not remember this rollout: ${why}`;
    if (told) log.debug(line);
    else log.notice(line);
    told = true;
    off = off || isFinal;
  };
  const isDoneWith = async (signal: AbortSignal, trouble: GitHubTrouble): Promise<boolean> => {
    if (!trouble.mayPass || signal.aborted) return true;
    return clock.sleepUntil(clock.now() + AGAIN_AFTER_MS, signal).then(
      () => false,
      () => true,
    );
  };
  return {
    async recall(rolloutId, now) {
      if (off) return [];
      const signal = AbortSignal.any([settings.signal, timeLimit(LIMIT_MS)]);
      try {
        return await recallFrom(shelf, { rolloutId, now, clock, log }, signal);
      } catch (thrown) {
        tell(troubleOf(thrown));
        return [];
      }
    },
    async begunRollback(now) {
      if (off) return null;
      const signal = AbortSignal.any([settings.signal, timeLimit(LIMIT_MS)]);
      try {
        return await rollbackIn(shelf, { now, clock }, signal);
      } catch (thrown) {
        tell(troubleOf(thrown));
        return null;
      }
    },
    async remember(moment, outer) {
      const isUrgent = moment.pausing !== null || moment.rollingBack === true;
      const limitMs = isUrgent ? URGENT_LIMIT_MS : LIMIT_MS;
      const signal = AbortSignal.any([outer, timeLimit(limitMs)]);
      for (let attempt = 1; !off; attempt += 1) {
        try {
          await keep(shelf, moment, { signal, logUrl: settings.runUrl });
          return true;
        } catch (thrown) {
          const trouble = troubleOf(thrown);
          if (attempt < MOST_ATTEMPTS && !(await isDoneWith(signal, trouble))) continue;
          tell(trouble);
          return false;
        }
      }
      return false;
    },
  };
}

async function keep(
  shelf: DeploymentShelf,
  moment: Moment,
  { signal, logUrl }: { readonly signal: AbortSignal; readonly logUrl: string | null },
): Promise<void> {
  const description = describeMoment(moment);
  if (description === null) throw new Error('what is to be remembered is longer than a status may be');
  const status = { state: 'in_progress', description, logUrl } as const;
  const api = await shelf.api();
  const newest = (await shelf.find(moment.rolloutId, signal))[0];
  try {
    const { id } = newest ?? (await shelf.add(moment, signal));
    await api.createStatus(id, status, signal);
  } catch (thrown) {
    if (newest === undefined || !troubleOf(thrown).isFull) throw thrown;
    await api.createStatus((await shelf.add(moment, signal)).id, status, signal);
  }
}

interface Question {
  readonly rolloutId: string;
  /** The server's time. */
  readonly now: EpochMs;
  readonly clock: Clock;
  readonly log: Logger;
}

async function recallFrom(
  shelf: DeploymentShelf,
  { rolloutId, now, clock, log }: Question,
  signal: AbortSignal,
): Promise<readonly HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  for (const { id, payload } of (await shelf.find(rolloutId, signal)).toReversed()) {
    const list = await (await shelf.api()).listStatuses(id, signal);
    const reading = { now, readAt: list.readAt ?? clock.now(), previousVersion: payload.previous_version };
    entries.push(...entriesOf(list, reading));
    const damaged = list.statuses.find(isDamaged);
    if (damaged !== undefined) {
      log.warn(`status ${damaged.id} of deployment ${id} on GitHub cannot be read; it is ignored`);
    }
  }
  return entries;
}

/** A stage that was entered after it would be a rollback that was given up. */
async function rollbackIn(
  shelf: DeploymentShelf,
  { now, clock }: Pick<Question, 'now' | 'clock'>,
  signal: AbortSignal,
): Promise<BegunRollback | null> {
  const newest = await shelf.newest(signal);
  const toVersion = newest?.payload.previous_version ?? null;
  if (newest === null || toVersion === null) return null;
  const list = await (await shelf.api()).listStatuses(newest.id, signal);
  const last = list.statuses.findLast((each) => readMoment(each.description) !== null);
  if (last === undefined || readMoment(last.description)?.rollingBack !== true) return null;
  const reading = { now, readAt: list.readAt ?? clock.now(), previousVersion: toVersion };
  const [entry] = entriesOf({ ...list, statuses: [last] }, reading);
  return entry?.at == null ? null : { rolloutId: newest.payload.rollout_id, toVersion, at: entry.at };
}

interface Reading {
  /** The server's time now, and GitHub's. */
  readonly now: EpochMs;
  readonly readAt: EpochMs;
  readonly previousVersion: string | null;
}

function entriesOf(
  { statuses }: StatusList,
  { now, readAt, previousVersion }: Reading,
): readonly HistoryEntry[] {
  return statuses.flatMap(({ state, description, createdAt }): HistoryEntry[] => {
    const moment = state === 'in_progress' ? readMoment(description) : null;
    if (moment === null || !Number.isFinite(createdAt)) return [];
    // Ages, not times, are compared: the two servers' clocks may differ.
    const writtenAt = now - Math.max(0, readAt - createdAt);
    const claimed = Math.min(now, moment.at);
    const at = claimed < writtenAt - WRITTEN_WITHIN_MS ? writtenAt : claimed;
    return [{ status: null, percentage: moment.percentage, at, reason: moment.tagAt(at, previousVersion) }];
  });
}

function isDamaged({ state, description }: DeploymentStatus): boolean {
  return state === 'in_progress' && readMoment(description) === null;
}
