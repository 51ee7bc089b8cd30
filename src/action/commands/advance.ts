/** `advance`: one look and at most one transition, then the end: for schedules. */
import { loweredByOthers } from '../../core/lowered-percentage.ts';
import { pauseMarkIn } from '../../core/pause-mark.ts';
import { lastStage } from '../../core/plan.ts';
import { isMarkedRollback } from '../../core/rollback-mark.ts';
import type { HistoryEntry, RemoteRollout, RollingBack, RolloutState } from '../../core/rollout.ts';
import { DAY_MS } from '../../core/units.ts';
import type { RunRecord } from '../../report/run-record.ts';
import { finishRollback, type RemainingRollback, remainingRollback } from '../begun-rollback.ts';
import type { Conclusion } from '../conclusion.ts';
import { handOver } from '../handover.ts';
import type { ConnectedInvocation } from '../invocation.ts';
import { createJournal, type Journal } from '../journal.ts';
import { refuseUnknownLatency } from '../latency-baseline.ts';
import { nextStepsFor } from '../next-steps.ts';
import { nothingToAdvance } from '../nothing-to-advance.ts';
import {
  type Beginning,
  decideBeginning,
  type Fleet,
  previousVersionOf,
  readStanding,
  type Standing,
  surveyFleet,
} from '../prepare.ts';
import { readPlan } from '../read-plan.ts';
import { driveFields, fleetFields } from '../record.ts';
import { replaceRival } from '../replace-rival.ts';
import type { RolloutContext } from '../rollout-context.ts';
import { segmentNotes } from '../segment-notes.ts';
import { showEnding } from '../show-ending.ts';
import { begin, contextOf, noteEntry } from '../start-of-run.ts';
import { takeTick } from '../tick.ts';
import { watchBy } from '../watch-by.ts';

/**
 * Looks at a rollout once, does at most one thing about it, and returns what the record says.
 *
 * Without memory of its own: every decision is that of a run that had watched all the time, from what the
 * server and the source tell now. On the `schedule` event nothing is ever created. Errors as `run`.
 */
export async function advanceRollout(invocation: ConnectedInvocation): Promise<Partial<RunRecord>> {
  const { inputs, connection, shell } = invocation;
  const read = readPlan(inputs, invocation.workspace);
  const fleet = await surveyFleet(inputs, read, connection);
  const standing = await readStanding(fleet);
  const journal = createJournal(fleet.plan, shell.log, handOver(invocation, fleet));
  const place = { fleet, journal, signal: invocation.around.signal };
  for (const line of fleet.notes) shell.log.info(line);

  const undone = inputs.retry ? null : await rollbackBefore(fleet, standing);
  if (undone !== null) {
    const context = { ...contextOf(invocation, fleet, connection.health(fleet.model.id)), ...OPEN_TARGET };
    return recordOf(place, await confirmRollback(context, undone, journal));
  }
  const remaining = inputs.retry ? null : await remainingRollback(fleet, standing);
  if (remaining !== null)
    return recordOf(place, await closeRollback(invocation, fleet, { remaining, journal }));
  const beginning = await decideBeginning(inputs, fleet, {
    standing,
    client: connection.client,
    run: invocation.workflowRun.label,
  });
  if (beginning.kind !== 'adopt' && invocation.workflowRun.isScheduled) {
    const nothing = await nothingToAdvance(fleet, standing.landscape);
    if (nothing.detail !== null) shell.log.warn(nothing.detail);
    return recordOf(place, nothing);
  }
  const health = await watchBy(inputs, fleet, connection, standing);
  await refuseUnknownLatency(fleet, health, { beginning, standing });
  const { signal } = place;
  for (const line of await segmentNotes(fleet, health, { standing, signal })) journal.note(line);
  const replacing = contextOf(invocation, fleet, health);
  const replaced = beginning.kind === 'replace' ? await replaceRival(replacing, beginning.rival) : null;
  const previousVersion =
    replaced === null ? previousVersionOf(beginning) : (fleet.plan.rollback.to ?? replaced);
  const context = { ...replacing, previousVersion };
  const initial = withKnownEntry(await begin(context, beginning, journal), beginning);
  if (beginning.kind === 'adopt' && beginning.resume) {
    const detail = 'resumed: an earlier run of ours had paused it when its time was over';
    return recordOf(place, {
      outcome: 'advanced',
      reason: 'adopted',
      detail,
      state: initial,
      unchanged: false,
    });
  }
  const memoryless = beginning.kind === 'adopt' && !beginning.entryKnown;
  const { ours } = standing.landscape;
  // Who starts a run by hand wants the plan to go on from there; a schedule wants nothing.
  const lowered =
    ours === null || !invocation.workflowRun.isScheduled
      ? null
      : loweredByOthers(fleet.plan, ours, standing.history);
  const notedAt = await noteEntry(context, beginning);
  const limits = { memoryless, lowered, notedAt, pausedAs: pauseMarkIn(standing.history) };
  const conclusion = await takeTick(context, initial, { journal, limits });
  return recordOf(place, ended(context, conclusion));
}

/**
 * Where nobody knows when the stage was entered, harm is looked for since the rollout's creation: evidence from
 * before a stage can prove harm and never passes it, and the tick does not advance.
 */
function withKnownEntry(state: RolloutState, beginning: Beginning): RolloutState {
  if (beginning.kind !== 'adopt' || beginning.entryKnown || !isWatching(state)) return state;
  return { ...state, stageEnteredAt: state.createdAt };
}

const OPEN_TARGET = { previousVersion: null } as const;

interface TickPlace {
  readonly fleet: Fleet;
  readonly journal: Journal;
  readonly signal: AbortSignal;
}

async function recordOf(
  { fleet, journal, signal }: TickPlace,
  conclusion: Conclusion,
): Promise<Partial<RunRecord>> {
  const fields = { ...fleetFields(fleet), ...driveFields(fleet, conclusion, journal) };
  await showEnding({ memory: fleet.memory, signal }, conclusion, fields);
  return { ...fields, next: nextStepsFor(fleet.plan, conclusion, 'tick') };
}

/** A rollback that this tick did not begin. */
interface EarlierRollback {
  readonly state: RollingBack;
  /** True for a day when somebody else rolled back: no tick of ours was red for it. */
  readonly isNews: boolean;
}

/** The rollback that an earlier tick, the server or a person began, as far as the server shows it. */
async function rollbackBefore(fleet: Fleet, { landscape }: Standing): Promise<EarlierRollback | null> {
  const { ours, rolledBackBefore } = landscape;
  const isGoing = ours?.status === 'rolling_back';
  const rollout = isGoing ? ours : ours === null ? rolledBackBefore : null;
  if (rollout === null || rollout === undefined) return null;
  const history = await fleet.api.readHistory(rollout.id);
  const toldAt = history.findLast((entry) => entry.at !== null)?.at ?? restoredAt(rollout, landscape);
  const at = toldAt ?? fleet.api.now();
  const isNews = toldAt !== null && fleet.api.now() - toldAt <= DAY_MS && isByOthers(rollout, history);
  const state = {
    phase: 'rolling_back',
    rolloutId: rollout.id,
    previousVersion: null,
    createdAt: rollout.createdAt ?? at,
    cause: 'rolled_back_by_server',
    decidedAt: at,
    acceptedAt: at,
    lastRefusal: null,
    restoringRolloutId: null,
    toVersion: null,
  } as const;
  return { state, isNews };
}

/** The restoring rollout tells when, where the history does not. */
function restoredAt(
  { createdAt }: RemoteRollout,
  { rivals, lastCompleted }: Standing['landscape'],
): number | null {
  const after = [...rivals, ...(lastCompleted === null ? [] : [lastCompleted])]
    .map((each) => each.createdAt)
    .filter((at) => at !== null && createdAt !== null && at > createdAt);
  return after[0] ?? null;
}

/** A rollback by a rollout leaves the candidate paused, so only the API's own status can be somebody else's. */
function isByOthers({ status }: RemoteRollout, history: readonly HistoryEntry[]): boolean {
  const byServer = status === 'rolled_back' || status === 'rolling_back';
  return byServer && !history.some((entry) => isMarkedRollback(entry.reason));
}

/** One tick asks for what was begun; a later one finds that nothing is left to do. */
async function closeRollback(
  invocation: ConnectedInvocation,
  fleet: Fleet,
  { remaining, journal }: { readonly remaining: RemainingRollback; readonly journal: Journal },
): Promise<Conclusion> {
  const health = invocation.connection.health(fleet.model.id);
  const context = { ...contextOf(invocation, fleet, health), ...OPEN_TARGET };
  if (!remaining.restored) return finishRollback(context, remaining, journal);
  const detail = `${fleet.plan.version} was rolled back to ${remaining.toVersion} earlier`;
  context.log.warn(`${detail}; nothing is left to advance`);
  const state = { phase: 'absent' } as const;
  return { outcome: 'noop', reason: 'rolled_back_earlier', detail, state, unchanged: true };
}

/** A rollback that is confirmed leaves nothing to do; one that is not yet, or never, is as red as it was. */
async function confirmRollback(
  context: RolloutContext,
  { state: undone, isNews }: EarlierRollback,
  journal: Journal,
): Promise<Conclusion> {
  const conclusion = await takeTick(context, undone, {
    journal,
    limits: { memoryless: false, notedAt: null },
  });
  if (conclusion.outcome !== 'rolled_back' || isNews) return conclusion;
  context.log.warn(`${context.plan.version} was rolled back earlier; nothing is left to advance`);
  return { ...conclusion, outcome: 'noop', reason: 'rolled_back_earlier' };
}

/**
 * Nothing on a completed rollout can be marked, so every tick of the first day after the bake says `completed`,
 * and later ones that nothing is left to do: a tick that comes late must not miss the end.
 */
function ended(context: RolloutContext, conclusion: Conclusion): Conclusion {
  const { state } = conclusion;
  if (conclusion.outcome !== 'completed' || !isWatching(state)) return conclusion;
  const bakedAt = state.stageEnteredAt + lastStage(context.plan).soakMs;
  if (context.api.now() - bakedAt <= DAY_MS) return conclusion;
  return { ...conclusion, outcome: 'noop', reason: 'already_completed' };
}

function isWatching(state: RolloutState): state is Extract<RolloutState, { phase: 'soaking' | 'baking' }> {
  return state.phase === 'soaking' || state.phase === 'baking';
}
