/** The routes of the organisation: key check, settings, experiments. Source: octomil-python 3c7bad6, docs /features/experiments. */
import type { OrgPolicy } from './emulator-options.ts';
import { jsonReply } from './exchange.ts';
import { EXPERIMENT_ID } from './experiment.ts';
import { Refusal } from './refusal.ts';
import { pageOf, param, type Route, type RouteContext } from './route.ts';
import { wireTime, wireVersion } from './wire-rollout.ts';

/** The routes, in the order in which they are tried. */
export const ORGANISATION_ROUTES: readonly Route[] = [
  { method: 'GET', pattern: '/health', handler: serverHealth },
  { method: 'GET', pattern: '/status', handler: serverHealth },
  { method: 'GET', pattern: '/settings/{org_id}', handler: readSettings },
  { method: 'GET', pattern: '/experiments', handler: listExperiments },
  { method: 'GET', pattern: '/experiments/{experiment_id}', handler: readExperiment },
  { method: 'GET', pattern: '/experiments/{experiment_id}/analytics', handler: readAnalytics },
];

function serverHealth({ plane }: RouteContext) {
  return jsonReply({ status: 'ok', version: 'emulator', timestamp: wireTime(plane.world.now()) });
}

function readSettings(context: RouteContext) {
  const { plane, settings } = context;
  const asked = param(context, 'org_id');
  if (asked !== settings.orgId) throw new Refusal('not_found', `organisation "${asked}" does not exist`);
  return jsonReply({
    org_id: settings.orgId,
    auto_rollback_enabled: plane.policy.autoRollbackEnabled,
    require_model_approval: plane.policy.requireModelApproval,
    require_admin_approval: false,
    require_mfa_for_admin: false,
    mfa_required: false,
    session_duration_hours: 12,
    reauth_interval_minutes: 60,
    audit_retention_days: 90,
    hipaa_mode: false,
    ...(settings.switches['policy-told'] === 'all' ? rolloutRules(plane.policy) : {}),
  });
}

function rolloutRules(policy: OrgPolicy) {
  return {
    error_threshold_percent: policy.errorThreshold * 100,
    crash_threshold_percent: policy.crashThreshold * 100,
    require_eval: policy.requireEvaluation,
    min_rollout_duration: `${Math.ceil(policy.minRolloutDurationMs / 1_000)}s`,
    max_rollout_step: policy.maxRolloutStep,
  };
}

function listExperiments(context: RouteContext) {
  const { plane, settings, request } = context;
  const { query } = request;
  const ours = query.get('model_id') ?? settings.modelId;
  const status = query.get('status') ?? 'running';
  const there = plane.experimentTraffic() !== null && ours === settings.modelId && status === 'running';
  const { items, paging } = pageOf(there ? [wireExperiment(context)] : [], request, {
    usual: 100,
    max: 1_000,
  });
  return jsonReply({ experiments: items, ...paging });
}

function readExperiment(context: RouteContext) {
  knownExperiment(context);
  return jsonReply(wireExperiment(context));
}

function readAnalytics(context: RouteContext) {
  knownExperiment(context);
  return jsonReply({
    experiment_id: EXPERIMENT_ID,
    status: 'running',
    variants: [
      { name: 'control', sample_size: 1_000, accuracy: 0.94, loss: 0.21 },
      { name: 'treatment', sample_size: 1_000, accuracy: 0.94, loss: 0.2 },
    ],
    p_value: 0.61,
    significant: false,
    confidence_level: 0.95,
  });
}

function wireExperiment({ plane, settings }: RouteContext) {
  const { modelId, baseline, candidate } = settings;
  const variant = (name: string, version: string) => ({
    name,
    model_id: modelId,
    model_version: wireVersion(version, settings),
    allocation: 0.5,
  });
  const startedAt = wireTime(plane.versions.list()[0]?.createdAt ?? 0);
  return {
    id: EXPERIMENT_ID,
    name: 'contrast',
    status: 'running',
    model_id: modelId,
    variants: [variant('control', baseline), variant('treatment', candidate)],
    target_groups: [],
    ...(settings.switches['experiment-share'] === 'told'
      ? { traffic_percentage: plane.experimentTraffic() }
      : {}),
    created_at: startedAt,
    started_at: startedAt,
  };
}

function knownExperiment(context: RouteContext): void {
  const asked = param(context, 'experiment_id');
  if (context.plane.experimentTraffic() === null || asked !== EXPERIMENT_ID) {
    throw new Refusal('not_found', `experiment "${asked}" does not exist`);
  }
}
