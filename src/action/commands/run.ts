/** `run`: creates or adopts a rollout and drives it until it is complete, rolled back or held. */
import { formatDuration, formatPercent } from '../../core/format.ts';
import type { RunRecord } from '../../report/run-record.ts';
import { finishRollback, type RemainingRollback, remainingRollback } from '../begun-rollback.ts';
import type { Conclusion } from '../conclusion.ts';
import { drive } from '../drive.ts';
import { handOver } from '../handover.ts';
import type { ConnectedInvocation } from '../invocation.ts';
import { createJournal, type Journal } from '../journal.ts';
import { refuseUnknownLatency } from '../latency-baseline.ts';
import { nextStepsFor } from '../next-steps.ts';
import {
  decideBeginning,
  type Fleet,
  fitIntoTimeout,
  previousVersionOf,
  readStanding,
  surveyFleet,
} from '../prepare.ts';
import { createProgressTeller } from '../progress.ts';
import { readPlan } from '../read-plan.ts';
import { driveFields, fleetFields } from '../record.ts';
import { Refusal } from '../refusal.ts';
import { replaceRival } from '../replace-rival.ts';
import { segmentNotes } from '../segment-notes.ts';
import { forStatus, type ShowingContext, showEnding } from '../show-ending.ts';
import { begin, contextOf, noteEntry } from '../start-of-run.ts';
import { watchBy } from '../watch-by.ts';

/**
 * Runs a rollout to its end and returns what the record says about it.
 *
 * Errors: rejects with a `Refusal` or an API error before the first write; later failures of the API are
 * conclusions unless a rollout could not be created.
 */
export async function runRollout(invocation: ConnectedInvocation): Promise<Partial<RunRecord>> {
  const { inputs, connection, shell } = invocation;
  const read = readPlan(inputs, invocation.workspace);
  const fleet = await surveyFleet(inputs, read, connection);
  const standing = await readStanding(fleet);
  const remaining = inputs.retry ? null : await remainingRollback(fleet, standing);
  if (remaining !== null) return closeRollback(invocation, fleet, remaining);
  const beginning = await decideBeginning(inputs, fleet, {
    standing,
    client: connection.client,
    run: invocation.workflowRun.label,
  });
  const elapsedMs = beginning.kind === 'adopt' ? Math.max(0, fleet.api.now() - beginning.state.createdAt) : 0;
  const warnings = fitIntoTimeout(fleet, inputs.timeoutMs, elapsedMs);
  const health = await watchBy(inputs, fleet, connection, standing);
  await refuseUnknownLatency(fleet, health, { beginning, standing });

  shell.log.info(introduction(fleet));
  const segments = await segmentNotes(fleet, health, { standing, signal: invocation.around.signal });
  for (const line of [...fleet.notes, ...warnings, ...segments]) shell.log.info(line);
  const replacing = contextOf(invocation, fleet, health);
  const replaced = beginning.kind === 'replace' ? await replaceRival(replacing, beginning.rival) : null;
  const previousVersion =
    replaced === null ? previousVersionOf(beginning) : (fleet.plan.rollback.to ?? replaced);
  const journal = createJournal(fleet.plan, shell.log, handOver(invocation, fleet, previousVersion));
  for (const line of [...warnings, ...segments]) journal.note(line);
  shell.log.info(
    previousVersion === null
      ? 'no version to roll back to'
      : `rolls back to ${previousVersion} when harm is proven`,
  );
  const progress = createProgressTeller(invocation, fleet, journal);
  const context = { ...replacing, previousVersion, progress };
  const initial = await begin(context, beginning, journal);
  await noteEntry(context, beginning);
  const conclusion = await drive(context, initial, journal);
  const nothingLeft =
    conclusion.outcome === 'completed' &&
    conclusion.unchanged &&
    beginning.kind === 'adopt' &&
    beginning.bakeOver;
  const ended = nothingLeft
    ? ({ ...conclusion, outcome: 'noop', reason: 'already_completed' } as const)
    : conclusion;
  return shownRecord(fleet, { context, ended, journal });
}

/** A version that was rolled back is not rolled out again; a rollback that was only begun is finished and confirmed. */
async function closeRollback(
  invocation: ConnectedInvocation,
  fleet: Fleet,
  remaining: RemainingRollback,
): Promise<Partial<RunRecord>> {
  const { rolloutId, toVersion, restored } = remaining;
  if (restored) {
    const detail = `${fleet.plan.version} was rolled back to ${toVersion}, and its rollout deleted`;
    const ending = { rolloutId, kind: 'rolled_back', failure: null, sentence: forStatus(detail) } as const;
    await fleet.memory.conclude(ending, invocation.around.signal);
    throw new Refusal({ outcome: 'superseded', reason: 'version_was_rolled_back', detail });
  }
  const { shell, connection } = invocation;
  const journal = createJournal(fleet.plan, shell.log, handOver(invocation, fleet, toVersion));
  const context = {
    ...contextOf(invocation, fleet, connection.health(fleet.model.id)),
    previousVersion: toVersion,
  };
  const asked = await finishRollback(context, remaining, journal);
  const isAsked = asked.outcome === 'rolling_back';
  const ended = isAsked ? await drive(context, asked.state, journal) : asked;
  return shownRecord(fleet, { context, ended, journal });
}

interface Ended {
  readonly context: ShowingContext;
  readonly ended: Conclusion;
  readonly journal: Journal;
}

/** Shows how the rollout ended, and returns what the record says about it. */
async function shownRecord(fleet: Fleet, { context, ended, journal }: Ended): Promise<Partial<RunRecord>> {
  const fields = { ...fleetFields(fleet), ...driveFields(fleet, ended, journal) };
  await showEnding(context, ended, fields);
  return { ...fields, next: nextStepsFor(fleet.plan, ended) };
}

function introduction({ model, plan, group, devices }: Fleet): string {
  const stages = plan.stages.map((stage, index) => {
    const bakes = index === plan.stages.length - 1 ? ' bake' : '';
    return `${formatPercent(stage.percentage)}${bakes} ${formatDuration(stage.soakMs)}`;
  });
  const whom = group === null ? 'the whole fleet' : `group ${group.name}`;
  const counted = devices === null ? '' : ` of ${devices} devices`;
  return `${model.name ?? model.id} ${plan.version} to ${whom}${counted}: ${stages.join(' → ')}`;
}
