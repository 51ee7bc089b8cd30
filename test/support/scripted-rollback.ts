/** A rollback against a scripted server: its calls, its answers and what came of it. */
import type { RollbackRequest } from '../../src/core/ports.ts';
import { ROUTE_UNKNOWN, START, scriptedOctomil, wireRollout } from './scripted-octomil.ts';
import type { Reply, Script } from './scripted-server.ts';

/** The API's own rollback route. */
export const ROLLBACK = 'POST /models/mdl_1/rollback';
/** The list of rollouts. */
export const LIST = 'GET /models/mdl_1/rollouts';
/** The route that creates a rollout. */
export const CREATE = 'POST /models/mdl_1/rollouts';
/** The candidate's rollout. */
export const CANDIDATE = 'GET /models/mdl_1/rollouts/rol_1';
/** The pause of the candidate's rollout. */
export const PAUSE = 'POST /models/mdl_1/rollouts/rol_1/pause';
/** The deletion of the candidate's rollout. */
export const DELETE = 'DELETE /models/mdl_1/rollouts/rol_1';
/** The rollout that restores the old version. */
export const OLD = 'GET /models/mdl_1/rollouts/rol_2';
/** The old version itself. */
export const OLD_VERSION = 'GET /models/mdl_1/versions/1.0.0';

/** Resets the connection before any byte. */
export const cut: Reply = (request) => request.socket.resetAndDestroy();
/** Another rollout stands in the way. */
export const CONFLICT: Reply = { status: 409, body: { error: 'conflict', message: 'a rollout is active' } };
/** The candidate while it serves. */
export const active: Reply = { body: wireRollout() };
/** The candidate once it is paused. */
export const paused: Reply = { body: wireRollout({ status: 'paused' }) };
/** Returns the rollout that restores the old version, created when the clock starts. */
export const restoring = (fields: object = {}): Record<string, unknown> =>
  wireRollout({
    rollout_id: 'rol_2',
    version: '1.0.0',
    percentage: 100,
    created_at: new Date(START).toISOString(),
    ...fields,
  });
/** Returns a list of rollouts. */
export const listed = (...rollouts: object[]): Reply => ({ body: { rollouts } });

/** A rollback of the whole fleet. */
export const REQUEST: RollbackRequest = {
  rolloutId: 'rol_1',
  fromVersion: '2.0.0',
  toVersion: '1.0.0',
  group: null,
  reason: 'error rate 9% (run 7)',
};
/** The same for one group. */
export const GROUPED: RollbackRequest = { ...REQUEST, group: { id: 'grp_1', name: 'beta', deviceCount: 5 } };

/** A server without the rollback route, where everything else goes well. */
export const FALLBACK: Script = {
  [ROLLBACK]: ROUTE_UNKNOWN,
  [CANDIDATE]: [active, paused],
  [PAUSE]: { status: 204 },
  [LIST]: listed(wireRollout({ status: 'paused' })),
  [CREATE]: { body: { rollout_id: 'rol_2' } },
  [OLD]: { body: restoring() },
};

/** Rolls back against a script; the result is the receipt, or what was thrown. */
export async function rollBackWith(script: Script, request: RollbackRequest = REQUEST) {
  const octomil = await scriptedOctomil(script);
  const result: unknown = await octomil.client
    .forModel('mdl_1')
    .rollBack(request)
    .catch((thrown: unknown) => thrown);
  const asked = octomil.server.asked();
  const bodyOf = (call: string): unknown => octomil.server.requests[asked.indexOf(call)]?.body;
  return { ...octomil, result, asked, bodyOf };
}
