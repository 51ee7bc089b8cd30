/** `rollback`: returns the fleet to an earlier version because a person says so, and confirms it. */

import { surveyRollouts } from '../../core/landscape.ts';
import { NOTHING_TOLD } from '../../core/org-policy.ts';
import type { Plan } from '../../core/plan.ts';
import type { DeviceGroup, RolloutApi } from '../../core/ports.ts';
import { previousVersionIn } from '../../core/reconcile.ts';
import type { RemoteRollout } from '../../core/rollout.ts';
import { NOTHING_REMEMBERED } from '../../core/rollout-memory.ts';
import { expandPlan } from '../../plan/expand.ts';
import { parsePlan } from '../../plan/parse.ts';
import type { RunRecord } from '../../report/run-record.ts';
import type { Conclusion } from '../conclusion.ts';
import { adoptionOnlyHealth } from '../device-count-health.ts';
import { drive } from '../drive.ts';
import { LAST_WORDS_MS } from '../ending.ts';
import { handOver } from '../handover.ts';
import type { ConnectedInvocation } from '../invocation.ts';
import { createJournal } from '../journal.ts';
import { modelName } from '../model-name.ts';
import { nextStepsAfter, nextStepsFor } from '../next-steps.ts';
import { type Fleet, findServable } from '../prepare.ts';
import { driveFields, fleetFields } from '../record.ts';
import { Refusal } from '../refusal.ts';
import { requestedRollback } from '../replace-rival.ts';
import { goneVersion, restoreGone } from '../restore-gone.ts';
import type { RolloutContext } from '../rollout-context.ts';
import { servingRollout } from '../serving-rollout.ts';
import { showEnding } from '../show-ending.ts';

/**
 * Rolls back and returns what the record says about it: `done` when it is confirmed.
 *
 * Errors: rejects with a `Refusal` when no rollout or no version to return to is known, and with the API's
 * errors when the model or that version does not exist. Nothing has been written then.
 */
export async function rollBackByRequest(invocation: ConnectedInvocation): Promise<Partial<RunRecord>> {
  const { inputs, connection, shell, around } = invocation;
  const { client } = connection;
  const model = await client.findModel(modelName(inputs, invocation.workspace));
  const api = client.forModel(model.id);
  const asked = inputs.overrides.group === undefined ? null : await client.findGroup(inputs.overrides.group);
  const version = inputs.overrides.version ?? null;
  const gone = await goneVersion(api, { version, toVersion: inputs.toVersion, group: asked });
  const serving = gone === null ? await servingRollout(api, { version, group: asked }) : null;
  // A rollout of a group is rolled back with its group, also where the workflow names none.
  const group = asked ?? (serving?.group == null ? null : await client.findGroup(serving.group));
  const toVersion =
    inputs.toVersion ?? (serving === null ? null : await recordedVersion(api, serving, group));
  const leaving = gone ?? serving?.version ?? null;
  if (leaving === null || toVersion === null || toVersion === leaving) throw noTarget(serving, toVersion);
  await findServable(client, model.id, toVersion);
  const plan = verbPlan(model.name ?? model.id, leaving, group?.name);
  const wholeFleetDevices = await client.countFleet();
  const fleet: Fleet = {
    model,
    group,
    devices: group === null ? wholeFleetDevices : group.deviceCount,
    wholeFleetDevices,
    plan,
    api,
    memory: NOTHING_REMEMBERED,
    notes: inputs.baseUrl.warnings,
    policy: NOTHING_TOLD,
  };
  const journal = createJournal(plan, shell.log, handOver(invocation, fleet, toVersion));
  const context = contextFor(invocation, fleet, toVersion);
  const conclusion =
    serving === null
      ? await restoreGone(context, toVersion, journal)
      : await drive(context, requestedRollback(serving, toVersion, api.now()), journal);
  const ended: Conclusion =
    conclusion.outcome === 'rolled_back' ? { ...conclusion, outcome: 'done' } : conclusion;
  const fields = { ...fleetFields(fleet), ...driveFields(fleet, ended, journal) };
  const memory = connection.memory({ modelId: model.id, version: leaving, groupId: group?.id ?? null });
  // Where the candidate's rollout is gone, the one that is watched is the earlier version's.
  const shown = serving === null ? { ...fields, rolloutId: null } : fields;
  await showEnding({ memory, signal: around.signal }, conclusion, shown);
  return {
    ...fields,
    previousVersion: fields.previousVersion ?? toVersion,
    stages: [],
    plan: null,
    verbPlan: plan,
    next:
      ended.state.phase === 'absent'
        ? nextStepsAfter(plan, ended.outcome, { target: toVersion, driver: 'run' })
        : nextStepsFor(plan, ended),
  };
}

/** A person's rollback is watched by its devices only, and never taken back. */
function contextFor(
  { inputs, connection, shell, around, startedAt, workflowRun }: ConnectedInvocation,
  fleet: Fleet,
  toVersion: string,
): RolloutContext {
  const { plan, policy, model, group, wholeFleetDevices, api, memory } = fleet;
  return {
    plan,
    policy,
    modelId: model.id,
    group,
    wholeFleetDevices,
    previousVersion: toVersion,
    api,
    memory,
    emergencyApi: () => connection.emergencyApi(model.id, LAST_WORDS_MS),
    health: adoptionOnlyHealth(api),
    clock: around.clock,
    random: around.random,
    log: shell.log,
    signal: around.signal,
    poll: inputs.poll,
    endsAt: startedAt + inputs.timeoutMs,
    onTimeout: 'leave',
    onCancel: 'leave',
    run: workflowRun,
    leases: false,
    reason: inputs.reason,
  };
}

async function recordedVersion(
  api: RolloutApi,
  serving: RemoteRollout,
  group: DeviceGroup | null,
): Promise<string | null> {
  const names = group === null ? [] : [group.id, group.name];
  const landscape = surveyRollouts(await api.listRollouts(), serving.version, names);
  const history = await api.readHistory(serving.id);
  return previousVersionIn({ landscape, history, toVersion: null }, serving);
}

function noTarget(serving: RemoteRollout | null, toVersion: string | null): Refusal {
  const detail =
    toVersion === null
      ? `no version is recorded for ${serving === null ? 'a rollout that is gone' : `rollout ${serving.id} of ${serving.version}`}`
      : `to-version is ${toVersion}, which is what the rollout serves`;
  return new Refusal({ outcome: 'invalid_input', reason: 'previous_version_missing', detail });
}

/** The plan's only use here is its rollback policy and its names; its stages are never entered. */
function verbPlan(model: string, version: string, group: string | undefined): Plan {
  const overrides = { model, version, ...(group === undefined ? {} : { group }) };
  const parsed = parsePlan(null, overrides);
  if (!parsed.ok) {
    throw new Refusal({
      outcome: 'invalid_input',
      reason: 'invalid_input',
      detail: 'the names cannot be used',
    });
  }
  return expandPlan(parsed.draft, { devices: null }).plan;
}
