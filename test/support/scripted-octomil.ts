/** A client of a scripted server, in virtual time and without chance. */
import {
  createOctomilClient,
  type OctomilClient,
  type OctomilClientOptions,
} from '../../src/octomil/client.ts';
import { createVirtualClock, type VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { type Script, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

/** When the virtual clock of these clients starts. */
export const START = Date.UTC(2026, 10, 20, 10);

/** The key of these clients; no message may contain it. */
export const API_KEY = 'edg_test_0123456789';

/** A client, its server and its clock. */
export interface ScriptedOctomil {
  readonly client: OctomilClient;
  readonly server: ScriptedServer;
  readonly clock: VirtualClock;
}

const running: ScriptedServer[] = [];

/** Starts a server with a script and returns a client for it. */
export async function scriptedOctomil(
  script: Script,
  overrides: Partial<OctomilClientOptions> = {},
): Promise<ScriptedOctomil> {
  const server = await startScriptedServer(script);
  running.push(server);
  const clock = createVirtualClock(START);
  const client = createOctomilClient({
    baseUrl: server.url,
    apiKey: API_KEY,
    orgId: null,
    clock,
    random: () => 0.5,
    userAgent: 'test',
    ...overrides,
  });
  return { client, server, clock };
}

/** Stops every server that was started; for `afterEach`. */
export async function stopScriptedServers(): Promise<void> {
  await Promise.all(running.splice(0).map((server) => server.close()));
}

/** Returns a rollout as the documentation shows it, with the given fields changed. */
export function wireRollout(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    rollout_id: 'rol_1',
    model_id: 'mdl_1',
    version: '2.0.0',
    status: 'active',
    percentage: 10,
    target_percentage: 100,
    created_at: '2026-11-20T09:00:00Z',
    ...fields,
  };
}

/** The router's own answer for a route that it does not know. */
export const ROUTE_UNKNOWN = { status: 404, body: { detail: 'Not Found' } } as const;
