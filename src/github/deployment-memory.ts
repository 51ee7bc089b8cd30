/** Remembers a rollout in a GitHub deployment: its payload says which rollout it is, its statuses what happened. */
import type { BegunRollback, Clock, Logger, Moment, RolloutEnding, RolloutMemory } from '../core/ports.ts';
import type { HistoryEntry } from '../core/rollout.ts';
import type { ToldNews } from '../core/told-news.ts';
import { type DurationMs, type EpochMs, MINUTE_MS } from '../core/units.ts';
import { createAttempts, UNREMEMBERED } from './attempts.ts';
import { createDeploymentShelf, type DeploymentShelf, type ShelfSettings } from './deployment-shelf.ts';
import type { DeploymentStatus, NewStatus, StatusList } from './deployments-api.ts';
import { missingStatuses, momentIn } from './final-status.ts';
import { troubleOf } from './github-trouble.ts';
import { describeMoment } from './status-description.ts';
import { isTold, lastToldIn, toldStatus } from './told-status.ts';

/** Which rollouts are remembered, where, and for whom. */
export interface DeploymentMemorySettings extends ShelfSettings {
  /** Page of the run, or null. */
  readonly runUrl: string | null;
  /** Where the environment is looked at, or null. */
  readonly environmentUrl: string | null;
  readonly clock: Clock;
  /** Aborts what is being recalled. */
  readonly signal: AbortSignal;
}

// A note is written within seconds of what it is about; more than this apart, the time of writing counts.
const WRITTEN_WITHIN_MS: DurationMs = 2 * MINUTE_MS;
const UNTOLD = 'does not remember what people were told';

/**
 * Returns the memory that the deployments of one environment are.
 *
 * One deployment for a rollout, across all runs; another only where GitHub takes no further status. Its payload
 * cannot be changed later, so each moment is a status `in_progress`, written after the API has confirmed it, and
 * how the rollout ended is a status that people know: `success`, `failure`, `error`, `inactive`.
 * Invariants: INV-1, an entry is never earlier than GitHub's clock knows that it was written, and nothing that
 * somebody else wrote is an entry.
 */
export function createDeploymentMemory(settings: DeploymentMemorySettings): RolloutMemory {
  const { environment, log, clock, runUrl: logUrl, environmentUrl } = settings;
  const shelf = createDeploymentShelf(settings);
  const attempts = createAttempts({ clock, where: `the environment ${environment} on GitHub`, log });
  return {
    recall: (rolloutId, now) =>
      attempts.ask((limit) => recallFrom(shelf, { rolloutId, now, clock, log }, limit), {
        signal: settings.signal,
        otherwise: [],
      }),
    begunRollback: (now) =>
      attempts.ask((limit) => rollbackIn(shelf, { now, clock }, limit), {
        signal: settings.signal,
        otherwise: null,
      }),
    remember: (moment, signal) =>
      attempts.write((limit) => keep(shelf, moment, { signal: limit, logUrl, environmentUrl }), {
        signal,
        missing: UNREMEMBERED,
        isUrgent: moment.pausing !== null || moment.rollingBack === true,
      }),
    conclude: (ending, signal) =>
      attempts.write((limit) => show(shelf, ending, { signal: limit, logUrl, environmentUrl }), {
        signal,
        missing: 'does not show how this rollout ended',
        isUrgent: false,
      }),
    lastTold: (rolloutId, signal) =>
      attempts.ask(async (limit) => lastToldIn((await newestOf(shelf, rolloutId, limit))?.statuses ?? []), {
        signal,
        otherwise: null,
        missing: UNTOLD,
      }),
    noteTold: (news, signal) =>
      attempts.write((limit) => noteTold(shelf, news, { signal: limit, logUrl, environmentUrl }), {
        signal,
        missing: UNTOLD,
        isUrgent: false,
      }),
  };
}

/** The addresses go on every status, beside what it says. */
interface Note extends Pick<NewStatus, 'logUrl' | 'environmentUrl'> {
  readonly signal: AbortSignal;
}

async function keep(
  shelf: DeploymentShelf,
  moment: Moment,
  { signal, ...addresses }: Note,
): Promise<boolean> {
  const description = describeMoment(moment);
  if (description === null) throw new Error('what is to be remembered is longer than a status may be');
  const status = { state: 'in_progress', description, ...addresses } as const;
  const api = await shelf.api();
  const newest = (await shelf.find(moment.rolloutId, signal))[0];
  try {
    const { id } = newest ?? (await shelf.add(moment, signal));
    await api.createStatus(id, status, signal);
  } catch (thrown) {
    if (newest === undefined || !troubleOf(thrown).isFull) throw thrown;
    await api.createStatus((await shelf.add(moment, signal)).id, status, signal);
  }
  return true;
}

/** A rollout that nobody noted is not shown either: a deployment is only made for what is remembered. */
async function show(
  shelf: DeploymentShelf,
  ending: RolloutEnding,
  { signal, ...addresses }: Note,
): Promise<boolean> {
  const newest = await newestOf(shelf, ending.rolloutId, signal);
  if (newest === null) return false;
  const api = await shelf.api();
  for (const status of missingStatuses(ending, newest.statuses)) {
    await api.createStatus(newest.id, { ...status, ...addresses }, signal);
  }
  return true;
}

interface NewestDeployment {
  readonly id: number;
  /** Oldest first. */
  readonly statuses: readonly DeploymentStatus[];
}

async function newestOf(
  shelf: DeploymentShelf,
  rolloutId: string | null,
  signal: AbortSignal,
): Promise<NewestDeployment | null> {
  const newest =
    rolloutId === null ? await shelf.newest(signal) : ((await shelf.find(rolloutId, signal))[0] ?? null);
  if (newest === null) return null;
  const { statuses } = await (await shelf.api()).listStatuses(newest.id, signal);
  return { id: newest.id, statuses };
}

async function noteTold(
  shelf: DeploymentShelf,
  news: ToldNews,
  { signal, ...addresses }: Note,
): Promise<boolean> {
  const newest = await newestOf(shelf, news.rolloutId, signal);
  const status = newest === null ? null : toldStatus(news, newest.statuses);
  if (newest === null || status === null) return false;
  await (await shelf.api()).createStatus(newest.id, { ...status, ...addresses }, signal);
  return true;
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
  const last = list.statuses.findLast((each) => momentIn(each) !== null);
  if (last === undefined || momentIn(last)?.rollingBack !== true) return null;
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
  return statuses.flatMap((status): HistoryEntry[] => {
    const moment = momentIn(status);
    const { createdAt } = status;
    if (moment === null || !Number.isFinite(createdAt)) return [];
    // Ages, not times, are compared: the two servers' clocks may differ.
    const writtenAt = now - Math.max(0, readAt - createdAt);
    const claimed = Math.min(now, moment.at);
    const at = claimed < writtenAt - WRITTEN_WITHIN_MS ? writtenAt : claimed;
    return [{ status: null, percentage: moment.percentage, at, reason: moment.tagAt(at, previousVersion) }];
  });
}

function isDamaged(status: DeploymentStatus): boolean {
  return status.state === 'in_progress' && momentIn(status) === null && !isTold(status);
}
