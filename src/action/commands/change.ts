/** `pause`, `resume` and `set`: finds the rollout that a person means, changes it, and reports what the API shows then. */
import type { DeviceGroup, Model } from '../../core/ports.ts';
import type { RemoteRollout } from '../../core/rollout.ts';
import { OctomilError } from '../../octomil/errors.ts';
import { expandPlan } from '../../plan/expand.ts';
import type { RunRecord } from '../../report/run-record.ts';
import type { ConnectedInvocation } from '../invocation.ts';
import { modelName } from '../model-name.ts';
import { countDevices } from '../observe.ts';
import type { OperatorChange } from '../operator-inputs.ts';
import { devicesClause, type OperatorOrder, type OperatorResult } from '../operator-order.ts';
import { rollbackStep, statusStep } from '../operator-steps.ts';
import { readPlan } from '../read-plan.ts';
import { Refusal } from '../refusal.ts';
import { rolloutToChange } from '../serving-rollout.ts';
import { pauseRollout } from './pause.ts';
import { resumeRollout } from './resume.ts';
import { type StagePercentages, setPercentage } from './set.ts';

/**
 * Changes one rollout and returns what the record says about it: `done` when the API shows the change.
 *
 * Whatever was refused, failed or contradicted is a record too, with what the API shows now. Errors: rejects
 * with the API's errors and with a `Refusal` before a rollout was found, and when the job is aborted.
 */
export async function changeByRequest(
  invocation: ConnectedInvocation,
  command: OperatorChange,
): Promise<Partial<RunRecord>> {
  const { inputs, connection } = invocation;
  const { client } = connection;
  const model = await client.findModel(modelName(inputs, invocation.workspace));
  const group = inputs.overrides.group === undefined ? null : await client.findGroup(inputs.overrides.group);
  try {
    const stages = command === 'set' ? await stagesGiven(invocation, group) : null;
    const order = await orderFor(invocation, model, group);
    return await carryOut(order, command, stages);
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    const { outcome, reason, message, next } = thrown;
    return { ...scopeFields({ model, group }), outcome, reason, detail: message, next };
  }
}

async function orderFor(
  { inputs, connection, shell, around, workflowRun }: ConnectedInvocation,
  model: Model,
  group: DeviceGroup | null,
): Promise<OperatorOrder> {
  const api = connection.client.forModel(model.id);
  const chosen = await rolloutToChange(api, { version: inputs.overrides.version ?? null, group });
  const rollout = await api.readRollout(chosen.rollout.id);
  if (rollout === null) {
    const detail = `rollout ${chosen.rollout.id} of ${chosen.rollout.version} was listed and cannot be found`;
    throw new Refusal({ outcome: 'superseded', reason: 'rollout_gone', detail });
  }
  return {
    model,
    group,
    api,
    rollout,
    rival: chosen.rival,
    reason: inputs.reason ?? '',
    run: workflowRun,
    retry: inputs.retry,
    percentage: inputs.percentage,
    log: shell.log,
    signal: around.signal,
  };
}

async function carryOut(
  order: OperatorOrder,
  command: OperatorChange,
  stages: StagePercentages,
): Promise<Partial<RunRecord>> {
  const about = { ...scopeFields(order), ...rolloutFields(order.rollout) };
  try {
    const result = await changeAs(command, order, stages);
    return { ...about, ...(await resultFields(order, result)) };
  } catch (thrown) {
    if (thrown instanceof Refusal) {
      const { outcome, reason, message, next } = thrown;
      return { ...about, outcome, reason, detail: message, next };
    }
    order.signal.throwIfAborted();
    if (!(thrown instanceof OctomilError)) throw thrown;
    return { ...about, ...(await failureFields(order, thrown)) };
  }
}

function changeAs(
  command: OperatorChange,
  order: OperatorOrder,
  stages: StagePercentages,
): Promise<OperatorResult> {
  switch (command) {
    case 'pause':
      return pauseRollout(order);
    case 'resume':
      return resumeRollout(order);
    case 'set':
      return setPercentage(order, stages);
  }
}

async function resultFields(order: OperatorOrder, result: OperatorResult): Promise<Partial<RunRecord>> {
  const { rollout, outcome, reason, detail, next } = result;
  const devices = await countDevices(order, rollout.id);
  const failed = outcome === 'error';
  return {
    ...rolloutFields(rollout),
    outcome,
    reason,
    detail: failed ? detail : `${detail}; ${devicesClause(devices)}`,
    affectedDevices: devices?.onVersion ?? null,
    stillServing: failed ? serving(rollout) : null,
    notes: [`the reason given: ${order.reason}`, ...result.notes],
    next,
  };
}

/** The write failed or its fate is not known, so the rollout is looked at once more before anything is said. */
async function failureFields(order: OperatorOrder, error: OctomilError): Promise<Partial<RunRecord>> {
  const now = await readOrNull(order);
  const seen =
    now === null
      ? 'the rollout cannot be read now, so the change may have taken effect'
      : `the API shows it ${now.statusText} at ${now.percentage}%`;
  return {
    ...(now === null ? {} : rolloutFields(now)),
    outcome: 'error',
    reason: error.reasonCode,
    detail: `${error.message.replace(/[.;]?$/, '')}; ${seen}`,
    stillServing: serving(now ?? order.rollout),
    notes: [`the reason given: ${order.reason}`],
    next: [statusStep(order), rollbackStep(order, order.rollout)],
  };
}

async function readOrNull({ api, rollout, signal }: OperatorOrder): Promise<RemoteRollout | null> {
  try {
    return await api.readRollout(rollout.id);
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

/** A plan binds the percentage only when this step names it; a file that happens to be there does not. */
async function stagesGiven(
  { inputs, connection, workspace }: ConnectedInvocation,
  group: DeviceGroup | null,
): Promise<StagePercentages> {
  const { preset, rolloutPercentage, targetPercentage, incrementStep } = inputs.overrides;
  const given = [preset, rolloutPercentage, targetPercentage, incrementStep].some(
    (each) => each !== undefined,
  );
  if (inputs.plan === '' && !given) return null;
  const { draft } = readPlan(inputs, workspace);
  const devices = group === null ? await connection.client.countFleet() : group.deviceCount;
  const { plan } = expandPlan(draft, { devices: devices === 0 ? null : devices });
  return plan.stages.map((stage) => stage.percentage);
}

function scopeFields({ model, group }: Pick<OperatorOrder, 'model' | 'group'>): Partial<RunRecord> {
  return { model: model.name ?? model.id, group: group?.name ?? null };
}

function rolloutFields({ id, version, percentage }: RemoteRollout): Partial<RunRecord> {
  return { rolloutId: id, version, percentage };
}

function serving({ version, percentage }: RemoteRollout): string {
  return `${version} serves ${percentage}% of the devices`;
}
