/** The emulator's own routes under /_emulator, for tests and for people who rehearse. They need no key. */
import { z } from 'zod';
import { jsonReply } from './exchange.ts';
import { FAULT_NAMES, type Fault, type FaultQueue } from './fault.ts';
import { groundTruth } from './ground-truth.ts';
import { bodyAs } from './known-things.ts';
import { Refusal } from './refusal.ts';
import type { LoggedRequest } from './request-log.ts';
import { currentRollout, HUMAN_ACTIONS, playHuman } from './rollout-play.ts';
import { param, type Route, type RouteContext } from './route.ts';
import { wireRolloutId } from './wire-rollout.ts';

const faultBody = z.object({
  kind: z.enum(FAULT_NAMES as [Fault['kind'], ...Fault['kind'][]]),
  match: z
    .object({ method: z.string().optional(), path: z.string().optional(), pattern: z.string().optional() })
    .default({}),
  times: z.number().int().positive().default(1),
  after: z.number().int().nonnegative().default(0),
  status: z.number().int().min(200).max(599).optional(),
  commit: z.boolean().optional(),
  retryAfter: z.union([z.string(), z.number()]).optional(),
  delayMs: z.number().nonnegative().optional(),
});
const clockBody = z.object({ advance_ms: z.number().nonnegative() });
const humanBody = z.object({ action: z.enum(HUMAN_ACTIONS), percentage: z.number().optional() });
const versionBody = z.object({ version: z.string().min(1), status: z.string().min(1).default('published') });
const experimentBody = z.object({ traffic_percentage: z.number().min(0).max(100).nullable() });
const policyBody = z.object({
  auto_rollback_enabled: z.boolean().optional(),
  error_threshold_percent: z.number().min(0).max(100).optional(),
  crash_threshold_percent: z.number().min(0).max(100).optional(),
  require_model_approval: z.boolean().optional(),
  require_eval: z.boolean().optional(),
  min_rollout_duration_seconds: z.number().nonnegative().optional(),
  max_rollout_step: z.number().positive().max(100).optional(),
});

/** What each control route is for, as `--help` prints it. */
export const CONTROL_ROUTE_HELP: Readonly<Record<string, string>> = {
  'GET /_emulator/state': 'what the devices really run, and every rollout',
  'GET /_emulator/requests': 'every request so far, with its answer’s status',
  'POST /_emulator/clock': '{advance_ms}: moves time forward',
  'POST /_emulator/faults':
    '{kind, match?: {method?, path?, pattern?}, times?, after?, status?, commit?, retryAfter?, delayMs?}',
  'DELETE /_emulator/faults': 'forgets every fault',
  'POST /_emulator/rollouts/{id}':
    '{action: pause|resume|percentage|rollback|delete|complete, percentage?}: plays a person; the id may be "current"',
  'POST /_emulator/policy':
    '{auto_rollback_enabled?, error_threshold_percent?, crash_threshold_percent?, require_model_approval?, require_eval?, min_rollout_duration_seconds?, max_rollout_step?}',
  'POST /_emulator/experiment':
    '{traffic_percentage}: starts or changes the experiment on the model; null ends it',
  'POST /_emulator/versions': '{version, status?}: publishes a version or changes its status',
};

/** Control routes that act on the state alone. */
export const CONTROL_ROUTES: readonly Route[] = [
  { method: 'GET', pattern: '/_emulator/state', handler: readState },
  { method: 'POST', pattern: '/_emulator/clock', handler: moveClock },
  { method: 'POST', pattern: '/_emulator/rollouts/{rollout_id}', handler: playPerson },
  { method: 'POST', pattern: '/_emulator/policy', handler: setPolicy },
  { method: 'POST', pattern: '/_emulator/experiment', handler: setExperiment },
  { method: 'POST', pattern: '/_emulator/versions', handler: putVersion },
];

/** Returns the control routes that need the server's log and its faults. */
export function serverControlRoutes(
  requests: readonly LoggedRequest[],
  faults: FaultQueue,
): readonly Route[] {
  return [
    { method: 'GET', pattern: '/_emulator/requests', handler: () => jsonReply({ requests }) },
    {
      method: 'POST',
      pattern: '/_emulator/faults',
      handler: (context) => {
        faults.add(faultOf(bodyAs(faultBody, context)));
        return jsonReply({ queued: true });
      },
    },
    {
      method: 'DELETE',
      pattern: '/_emulator/faults',
      handler: () => {
        faults.clear();
        return jsonReply({ queued: false });
      },
    },
  ];
}

function readState({ plane, settings }: RouteContext) {
  return jsonReply(groundTruth(plane, settings));
}

function moveClock(context: RouteContext) {
  const { plane, settings } = context;
  const { clock } = settings;
  const { advance_ms: advanceMs } = bodyAs(clockBody, context);
  if (clock.advanceTo === undefined)
    throw new Refusal('conflict', 'the clock of this emulator can not be moved');
  clock.advanceTo(clock.now() + advanceMs);
  plane.advanceTo(clock.now());
  return readState(context);
}

function playPerson(context: RouteContext) {
  const { plane, settings } = context;
  const asked = param(context, 'rollout_id');
  const { action, percentage } = bodyAs(humanBody, context);
  const rollout =
    asked === 'current'
      ? currentRollout(plane)
      : plane.listRollouts().find(({ sequence }) => String(wireRolloutId(sequence, settings)) === asked);
  if (rollout === undefined) throw new Refusal('not_found', `rollout "${asked}" does not exist`);
  playHuman(plane, rollout, { action, percentage: percentage ?? null });
  return readState(context);
}

function setPolicy(context: RouteContext) {
  const { plane } = context;
  const body = bodyAs(policyBody, context);
  const before = plane.policy;
  plane.policy = {
    autoRollbackEnabled: body.auto_rollback_enabled ?? before.autoRollbackEnabled,
    errorThreshold: ratio(body.error_threshold_percent) ?? before.errorThreshold,
    crashThreshold: ratio(body.crash_threshold_percent) ?? before.crashThreshold,
    requireModelApproval: body.require_model_approval ?? before.requireModelApproval,
    requireEvaluation: body.require_eval ?? before.requireEvaluation,
    minRolloutDurationMs: milliseconds(body.min_rollout_duration_seconds) ?? before.minRolloutDurationMs,
    maxRolloutStep: body.max_rollout_step ?? before.maxRolloutStep,
  };
  return jsonReply(plane.policy);
}

function setExperiment(context: RouteContext) {
  const { traffic_percentage: traffic } = bodyAs(experimentBody, context);
  context.plane.setExperiment(traffic);
  return jsonReply({ traffic_percentage: traffic });
}

function putVersion(context: RouteContext) {
  const { plane } = context;
  const { version, status } = bodyAs(versionBody, context);
  plane.versions.put({ version, status, createdAt: plane.world.now() });
  return jsonReply({ version, status });
}

function faultOf({
  kind,
  match,
  times,
  after,
  status,
  commit,
  retryAfter,
  delayMs,
}: z.infer<typeof faultBody>): Fault {
  const { method, path, pattern } = match;
  const asked = pattern === undefined ? path : patternOf(pattern);
  return {
    kind,
    match: { ...(method === undefined ? {} : { method }), ...(asked === undefined ? {} : { path: asked }) },
    times,
    after,
    ...(status === undefined ? {} : { status }),
    ...(commit === undefined ? {} : { commit }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(delayMs === undefined ? {} : { delayMs }),
  };
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (thrown) {
    throw new Refusal('bad_request', `match.pattern: ${thrown instanceof Error ? thrown.message : 'wrong'}`);
  }
}

function ratio(percent: number | undefined): number | undefined {
  return percent === undefined ? undefined : percent / 100;
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000;
}
