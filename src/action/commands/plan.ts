/** `plan`: validates and expands the plan and, with a key, checks it against the API. Writes nothing. */

import { formatDuration } from '../../core/format.ts';
import { NOTHING_TOLD, type OrgPolicy, policyExtraMs } from '../../core/org-policy.ts';
import { devicesAt, type Plan } from '../../core/plan.ts';
import { leastPlanMs, mostPlanMs } from '../../core/plan-time.ts';
import { expandPlan } from '../../plan/expand.ts';
import type { RunRecord, StageRecord } from '../../report/run-record.ts';
import { findCapabilities } from '../capabilities.ts';
import type { Invocation } from '../invocation.ts';
import { planHealth } from '../plan-health.ts';
import { readStanding, surveyFleet } from '../prepare.ts';
import { readPlan } from '../read-plan.ts';
import { fleetFields } from '../record.ts';
import { segmentNotes } from '../segment-notes.ts';
import { checkSeries, seriesProblems, seriesWarnings } from '../series-check.ts';
import { experimentNotes } from '../watch-experiments.ts';

/**
 * Returns what the record says about a plan: its stages, devices per stage, and what the API can do.
 *
 * Errors: rejects with a `Refusal` for an invalid plan, and with the API's errors where a key was given.
 */
export async function planRollout(invocation: Invocation): Promise<Partial<RunRecord>> {
  const { inputs, connection, shell } = invocation;
  const read = readPlan(inputs, invocation.workspace);
  const base = { outcome: 'planned', reason: 'plan_valid' } as const;
  if (connection === null) {
    const { plan, notes } = expandPlan(read.draft, { devices: null });
    const offline = 'the plan is validated without an API key; nothing is checked against the API';
    for (const note of [offline, ...read.warnings, ...notes]) shell.log.info(note);
    return {
      ...base,
      model: plan.model,
      version: plan.version,
      group: plan.group,
      plan,
      poll: inputs.poll,
      stages: plannedStages(plan, null),
      detail: durations(plan, NOTHING_TOLD),
      notes: [offline, ...read.warnings, ...notes],
    };
  }
  const fleet = await surveyFleet(inputs, read, connection);
  const standing = await readStanding(fleet);
  const capabilities = await findCapabilities(fleet, standing, connection);
  const planned = planHealth(fleet, connection);
  const check = await checkSeries(fleet, standing, planned);
  const problems = seriesProblems(check).map((problem) => `run would refuse: ${problem}`);
  const { signal } = invocation.around;
  const segments = await segmentNotes(fleet, planned.health, { standing, signal });
  const notes = [...fleet.notes, ...seriesWarnings(check), ...segments];
  for (const note of notes) shell.log.info(note);
  const { client } = connection;
  const experiments = await experimentNotes({ client, modelId: fleet.model.id, signal });
  for (const note of [...problems, ...experiments]) shell.log.warn(note);
  return {
    ...base,
    ...fleetFields({ ...fleet, notes: [...notes, ...problems, ...experiments] }),
    rolloutId: standing.landscape.ours?.id ?? null,
    percentage: standing.landscape.ours?.percentage ?? null,
    previousVersion: fleet.plan.rollback.to ?? standing.landscape.lastCompleted?.version ?? null,
    stages: plannedStages(fleet.plan, fleet.devices),
    detail: durations(fleet.plan, fleet.policy),
    capabilities,
    probes: check.probes,
    policy: fleet.policy,
    poll: inputs.poll,
  };
}

function durations(plan: Plan, policy: OrgPolicy): string {
  const leastMs = leastPlanMs(plan) + policyExtraMs(plan, policy);
  const mostMs = Math.max(leastMs, mostPlanMs(plan));
  return `takes at least ${formatDuration(leastMs)}, at most ${formatDuration(mostMs)}`;
}

function plannedStages(plan: Plan, devices: number | null): readonly StageRecord[] {
  return plan.stages.map((stage) => ({
    name: stage.name,
    percentage: stage.percentage,
    enteredAt: null,
    leftAt: null,
    result: 'not_reached',
    devicesOnVersion: null,
    devicesExpected: devices === null ? null : devicesAt(devices, stage.percentage),
  }));
}
