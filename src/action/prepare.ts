/** Everything that is checked before the first write of a rollout. */
import { formatDuration, formatPercent } from '../core/format.ts';
import { type Landscape, surveyRollouts } from '../core/landscape.ts';
import { type OrgPolicy, policyExtraMs } from '../core/org-policy.ts';
import { devicesAt, type Plan } from '../core/plan.ts';
import { leastPlanMs, mostPlanMs } from '../core/plan-time.ts';
import type { DeviceGroup, Model, RolloutApi, RolloutMemory } from '../core/ports.ts';
import { type Reconciliation, reconcile } from '../core/reconcile.ts';
import type { HistoryEntry } from '../core/rollout.ts';
import { withMemory } from '../core/rollout-memory.ts';
import { lastStepAt } from '../core/stage-history.ts';
import type { DurationMs } from '../core/units.ts';
import type { ModelVersion } from '../octomil/wire-catalogue.ts';
import { expandPlan } from '../plan/expand.ts';

import type { Connection } from './connection.ts';
import type { ActionInputs } from './inputs.ts';
import { refuseOlderRun } from './newer-run.ts';
import { scheduledWorkflow } from './next-steps.ts';
import { policyNotes, refuseUnapproved } from './policy-check.ts';
import type { WorkflowPlan } from './read-plan.ts';
import { Refusal } from './refusal.ts';

/** A model, its fleet, and a plan that fits them. */
export interface Fleet {
  readonly model: Model;
  readonly group: DeviceGroup | null;
  /** Devices that the plan's percentages are of; null where the API cannot count them. */
  readonly devices: number | null;
  /** Devices of the whole fleet, group or not. */
  readonly wholeFleetDevices: number | null;
  readonly plan: Plan;
  readonly api: RolloutApi;
  /** What remembers this version's rollouts beside the API. */
  readonly memory: RolloutMemory;
  readonly notes: readonly string[];
  /** What the organisation asks of every rollout, as far as the API tells. */
  readonly policy: OrgPolicy;
}

/** What the server shows of the rollouts that matter to a plan. */
export interface Standing {
  readonly landscape: Landscape;
  readonly history: readonly HistoryEntry[];
}

/**
 * Returns the model, the group and the fleet, and the plan expanded for them.
 *
 * Errors: rejects with the API's own errors (model, version or group not found, with what there is instead),
 * and with a `Refusal` when a stage would reach more devices than it may.
 */
export async function surveyFleet(
  inputs: ActionInputs,
  { draft, warnings }: WorkflowPlan,
  { client, memory }: Connection,
): Promise<Fleet> {
  const model = await client.findModel(draft.model);
  const version = await findServable(client, model.id, draft.version);
  const group = draft.group === null ? null : await client.findGroup(draft.group);
  const wholeFleetDevices = await client.countFleet();
  const counted = group === null ? wholeFleetDevices : group.deviceCount;
  // An empty fleet is more likely an organisation that the key does not see than a fleet of nobody.
  const devices = counted === 0 ? null : counted;
  const unseen = counted === 0 ? ['the API counts no device at all; is org-id right?'] : [];
  const policy = await client.readSettings();
  const { plan, notes, problems } = expandPlan(draft, { devices });
  if (problems.length > 0) {
    const detail = problems.join('\n');
    throw new Refusal({ outcome: 'invalid_plan', reason: 'gate_never_proven', detail });
  }
  if (devices !== null) refuseTooManyDevices(plan, devices);
  const deprecated = version.deprecated ? [`version ${plan.version} is deprecated`] : [];
  return {
    model,
    group,
    devices,
    wholeFleetDevices,
    plan,
    api: client.forModel(model.id),
    memory: memory({ modelId: model.id, version: plan.version, groupId: group?.id ?? null }),
    notes: [
      ...inputs.baseUrl.warnings,
      ...warnings,
      ...unseen,
      ...deprecated,
      ...notes,
      ...policyNotes(plan, policy),
    ],
    policy,
  };
}

/** Returns the rollouts of the model, and the history of the one that is ours, with what is remembered beside it. */
export async function readStanding(
  fleet: Pick<Fleet, 'api' | 'memory' | 'plan' | 'group'>,
): Promise<Standing> {
  const { api, memory, plan, group } = fleet;
  const names = group === null ? [] : [group.id, group.name];
  const landscape = surveyRollouts(await api.listRollouts(), plan.version, names);
  const { ours } = landscape;
  if (ours === null) return { landscape, history: [] };
  const history = await api.readHistory(ours.id);
  return { landscape, history: withMemory(history, await memory.recall(ours.id, api.now())) };
}

/** What a beginning is decided from beside the plan. */
export interface BeginningFacts {
  readonly standing: Standing;
  readonly client: Connection['client'];
  /** Label of the present workflow run. */
  readonly run: string;
}

/** How a run begins that is not refused. */
export type Beginning = Exclude<Reconciliation, { kind: 'refuse' }>;

/**
 * Returns how to go on from what the server shows: create, adopt, or replace a rival first.
 *
 * Errors: throws a `Refusal` for another version in progress or of a newer run, a version that was rolled back, or when no
 * version is known to return to, and when the organisation's policy asks for an approval or an evaluation that a
 * new rollout cannot have; rejects with the API's error when that version does not exist any more.
 */
export async function decideBeginning(
  inputs: ActionInputs,
  fleet: Fleet,
  { standing, client, run }: BeginningFacts,
): Promise<Beginning> {
  const { plan, api } = fleet;
  const reconciliation = reconcile(plan, {
    ...standing,
    now: api.now(),
    toVersion: plan.rollback.to,
    retry: inputs.retry,
    run: inputs.takeLease ? null : run,
  });
  if (reconciliation.kind === 'refuse') throw new Refusal(reconciliation);
  if (!inputs.retry) await refuseOlderRun(fleet, reconciliation, { standing, run });
  // A rollout that is there already has been approved as far as anybody can tell; a new one has not.
  if (reconciliation.kind !== 'adopt') refuseUnapproved(plan, fleet.policy);
  const target = previousVersionOf(reconciliation);
  if (target !== null) await findServable(client, fleet.model.id, target);
  if (reconciliation.kind !== 'adopt') return reconciliation;
  const steppedAt = lastStepAt(plan, reconciliation.state, standing.history);
  if (steppedAt === null) return reconciliation;
  return { ...reconciliation, state: { ...reconciliation.state, steppedAt } };
}

/** Returns the version that a rollback would restore; null when there is none or it is not known yet. */
export function previousVersionOf(beginning: Beginning): string | null {
  switch (beginning.kind) {
    case 'create':
      return beginning.previousVersion;
    case 'adopt':
      return beginning.state.previousVersion;
    case 'replace':
      return null;
  }
}

/** Refuses a plan whose soaks and bake cannot fit into the job; returns a warning when only waiting may not. */
export function fitIntoTimeout(
  { plan, policy }: Pick<Fleet, 'plan' | 'policy'>,
  timeoutMs: DurationMs,
  elapsedMs: DurationMs,
): readonly string[] {
  const extraMs = policyExtraMs(plan, policy);
  const leastMs = leastPlanMs(plan) + extraMs - elapsedMs;
  if (leastMs > timeoutMs) {
    const what = extraMs > 0 ? "soaks, bake and the organisation's policy" : 'soaks and bake';
    const detail = `${what} take ${formatDuration(leastMs)}, timeout is ${formatDuration(timeoutMs)}`;
    const next = [scheduledWorkflow(plan)];
    throw new Refusal({ outcome: 'invalid_plan', reason: 'plan_exceeds_timeout', detail, next });
  }
  const mostMs = mostPlanMs(plan) + extraMs - elapsedMs;
  if (mostMs <= timeoutMs) return [];
  return [
    `waiting for evidence may take the plan to ${formatDuration(mostMs)}, beyond the timeout of ${formatDuration(timeoutMs)}`,
  ];
}

/**
 * Returns a version that the vendor still serves.
 *
 * Errors: rejects with the API's error when it does not exist, and with a `Refusal` when it is retired.
 */
export async function findServable(
  client: Connection['client'],
  modelId: string,
  version: string,
): Promise<ModelVersion> {
  const found = await client.findVersion(modelId, version);
  if (!found.retired) return found;
  const detail = `version ${version} is ${found.statusText ?? 'retired'}: it can be neither rolled out nor restored`;
  throw new Refusal({ outcome: 'invalid_input', reason: 'version_not_found', detail });
}

function refuseTooManyDevices(plan: Plan, devices: number): void {
  for (const stage of plan.stages) {
    const reached = devicesAt(devices, stage.percentage);
    if (stage.maxDevices !== null && reached > stage.maxDevices) {
      const detail = `stage ${stage.name} reaches ${reached} of ${devices} devices (${formatPercent(stage.percentage)}), max_devices is ${stage.maxDevices}`;
      throw new Refusal({ outcome: 'invalid_plan', reason: 'too_many_devices', detail });
    }
  }
}
