/** `run`: creates or adopts a rollout and drives it until it is complete, rolled back or held. */
import { formatDuration, formatPercent } from '../../core/format.ts';
import type { RolloutState } from '../../core/rollout.ts';
import type { RunRecord } from '../../report/run-record.ts';
import { refuseOtherDevices } from '../create-rollout.ts';
import { drive } from '../drive.ts';
import type { ConnectedInvocation } from '../invocation.ts';
import { createJournal, type Journal } from '../journal.ts';
import { refuseUnknownLatency } from '../latency-baseline.ts';
import { nextStepsFor } from '../next-steps.ts';
import {
  type Beginning,
  decideBeginning,
  type Fleet,
  fitIntoTimeout,
  previousVersionOf,
  readStanding,
  surveyFleet,
  watchBy,
} from '../prepare.ts';
import { readPlan } from '../read-plan.ts';
import { driveFields, fleetFields } from '../record.ts';
import { Refusal } from '../refusal.ts';
import { type ReplacingContext, replaceRival } from '../replace-rival.ts';
import type { RolloutContext } from '../rollout-context.ts';

// The runner kills 10 s after the first signal (actions/runner ProcessInvoker.cs); summary and outputs follow.
const LAST_WORDS_MS = 3_000;

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
  const beginning = await decideBeginning(inputs, fleet, { standing, client: connection.client });
  const elapsedMs = beginning.kind === 'adopt' ? Math.max(0, fleet.api.now() - beginning.state.createdAt) : 0;
  const warnings = fitIntoTimeout(fleet.plan, inputs.timeoutMs, elapsedMs);
  const health = await watchBy(inputs, fleet, connection, standing);
  await refuseUnknownLatency(fleet, health, { beginning, standing });

  const journal = createJournal(fleet.plan, shell.log);
  shell.log.info(introduction(fleet));
  for (const line of [...fleet.notes, ...warnings]) shell.log.info(line);
  for (const line of warnings) journal.note(line);
  const replacing = contextOf(invocation, fleet, health);
  const replaced = beginning.kind === 'replace' ? await replaceRival(replacing, beginning.rival) : null;
  const previousVersion =
    replaced === null ? previousVersionOf(beginning) : (fleet.plan.rollback.to ?? replaced);
  shell.log.info(
    previousVersion === null
      ? 'no version to roll back to'
      : `rolls back to ${previousVersion} when harm is proven`,
  );
  const context = { ...replacing, previousVersion };
  const initial = await begin(context, beginning, journal);
  const conclusion = await drive(context, initial, journal);
  const nothingLeft =
    conclusion.outcome === 'completed' &&
    conclusion.unchanged &&
    beginning.kind === 'adopt' &&
    beginning.bakeOver;
  const ended = nothingLeft
    ? ({ ...conclusion, outcome: 'noop', reason: 'already_completed' } as const)
    : conclusion;
  return {
    ...fleetFields(fleet),
    ...driveFields(fleet, ended, journal),
    next: nextStepsFor(fleet.plan, ended),
  };
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

function contextOf(
  invocation: ConnectedInvocation,
  fleet: Fleet,
  health: RolloutContext['health'],
): ReplacingContext {
  const { inputs, connection, around, shell, startedAt } = invocation;
  return {
    plan: fleet.plan,
    policy: fleet.policy,
    modelId: fleet.model.id,
    group: fleet.group,
    wholeFleetDevices: fleet.wholeFleetDevices,
    api: fleet.api,
    emergencyApi: () => connection.emergencyApi(fleet.model.id, LAST_WORDS_MS),
    health,
    clock: around.clock,
    random: around.random,
    log: shell.log,
    signal: around.signal,
    poll: inputs.poll,
    endsAt: startedAt + inputs.timeoutMs,
    onTimeout: inputs.onTimeout,
    onCancel: inputs.onCancel,
    run: invocation.workflowRun,
    reason: inputs.reason,
  };
}

async function begin(context: RolloutContext, beginning: Beginning, journal: Journal): Promise<RolloutState> {
  if (beginning.kind !== 'adopt') {
    if (context.previousVersion === null) {
      const first = 'first rollout of this model and group: there is no version to roll back to';
      journal.note(first);
      context.log.warn(first);
    }
    return { phase: 'absent' };
  }
  const { state, resume, notes } = beginning;
  journal.wrote(`adopting rollout ${state.rolloutId} at ${state.percentage}%`);
  for (const note of notes) {
    journal.note(note);
    context.log.warn(note);
  }
  journal.entered(state);
  const remote = context.group === null ? null : await context.api.readRollout(state.rolloutId);
  const unconfirmed = remote === null ? null : await refuseOtherDevices(context, remote);
  if (unconfirmed !== null) {
    throw new Refusal({ outcome: 'held', reason: 'group_not_confirmed', detail: unconfirmed });
  }
  if (!resume) return state;
  const resumed = await context.api.resumeRollout(state.rolloutId);
  if (resumed.status === 'paused') {
    throw new Refusal({
      outcome: 'error',
      reason: 'advance_refused',
      detail: `rollout ${state.rolloutId} was paused by an earlier run and could not be resumed`,
    });
  }
  journal.wrote('resumed: an earlier run of ours had paused it when its time was over');
  return state;
}
