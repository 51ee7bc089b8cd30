/** The emulated API as a function from request to reply: keys, routes, errors. No sockets. */
import { CATALOGUE_ROUTES } from './catalogue-routes.ts';
import { type ControlPlane, createControlPlane } from './control-plane.ts';
import { CONTROL_ROUTES } from './control-routes.ts';
import type { EmulatorSettings } from './emulator-options.ts';
import { errorReply, unknownRouteReply } from './error-reply.ts';
import { type EmulatorReply, type EmulatorRequest, textReply } from './exchange.ts';
import { FLEET_ROUTES } from './fleet-routes.ts';
import { reachableByPart } from './ground-truth.ts';
import { ORGANISATION_ROUTES } from './organisation-routes.ts';
import { withPolicyStatus } from './policy-rules.ts';
import { createPrometheusCounters, PROMETHEUS_CONTENT_TYPE } from './prometheus-text.ts';
import { createRateLimit } from './rate-limit.ts';
import { Refusal } from './refusal.ts';
import { ROLLOUT_REPORT_ROUTES } from './rollout-reports.ts';
import { ROLLOUT_ROUTES } from './rollout-routes.ts';
import { findRoute, type Route } from './route.ts';

/** Where the API begins. */
export const BASE_PATH = '/api/v1';

const PUBLISHABLE_KEY = 'oct_pub_';

/** An emulated API. */
export interface Application {
  readonly settings: EmulatorSettings;
  readonly plane: ControlPlane;
  /** Answers one request at the clock's present. Never throws. */
  handle(request: EmulatorRequest, requestId: string): EmulatorReply;
}

/** Returns an API with a world of its own. `control` are further routes under `/_emulator`. */
export function createApplication(settings: EmulatorSettings, control: readonly Route[] = []): Application {
  const plane = createControlPlane(settings);
  const { modelId, baseline } = settings;
  const { parts } = plane.world.fleet;
  const counters = createPrometheusCounters({ modelId, baseline, parts });
  const limit = createRateLimit(settings.rateLimit, settings.clock);
  const metrics: Route = {
    method: 'GET',
    pattern: '/metrics',
    handler: ({ plane: { world } }) =>
      textReply(counters.text(world.ticks, reachableByPart(world)), PROMETHEUS_CONTENT_TYPE),
  };
  const api = [
    ...CATALOGUE_ROUTES,
    ...ROLLOUT_ROUTES,
    ...ROLLOUT_REPORT_ROUTES,
    ...FLEET_ROUTES,
    ...ORGANISATION_ROUTES,
    metrics,
  ];
  const open = [metrics, ...CONTROL_ROUTES, ...control];

  const answer = (request: EmulatorRequest): EmulatorReply | null => {
    const inApi = request.path.startsWith(`${BASE_PATH}/`);
    if (inApi) {
      checkKey(request.headers['authorization'], settings.apiKey);
      const refused = limit.refusal();
      if (refused !== null) return refused;
    }
    const path = inApi ? request.path.slice(BASE_PATH.length) : request.path;
    const found = findRoute(inApi ? api : open, request.method, path);
    return found === null ? null : found.route.handler({ plane, settings, params: found.params, request });
  };
  return {
    settings,
    plane,
    handle(request, requestId) {
      try {
        plane.advanceTo(settings.clock.now());
        const reply = answer(request);
        if (reply !== null) return reply;
        settings.warn(`no route ${request.method} ${request.path}`);
        return unknownRouteReply(request.method, request.path);
      } catch (thrown) {
        const refused = withPolicyStatus(thrown, settings.switches['policy-status']);
        return errorReply(refused, settings.switches['error-body'], requestId);
      }
    },
  };
}

function checkKey(header: string | undefined, expected: string | null): void {
  const key = /^Bearer (\S+)$/i.exec(header ?? '')?.[1];
  if (key === undefined) throw new Refusal('unauthorized', 'the Authorization header has no bearer key');
  if (key.startsWith(PUBLISHABLE_KEY)) throw new Refusal('forbidden', 'a publishable key can not do this');
  if (expected !== null && key !== expected) throw new Refusal('unauthorized', 'the key is not valid');
}
