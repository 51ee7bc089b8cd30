/** One look at the world: the rollout, its health and its devices, asked side by side. */
import { decide } from '../core/decide.ts';
import type { Decision, Look, ServerView } from '../core/look.ts';
import { stageAt } from '../core/plan.ts';
import type { PollInterval, RolloutApi } from '../core/ports.ts';
import type { DeviceCount, RemoteRollout, RollingBack, RolloutState } from '../core/rollout.ts';
import { toError } from '../runtime/to-error.ts';
import { readPlaces } from './read-places.ts';
import type { RolloutContext } from './rollout-context.ts';

/**
 * Returns what one look sees.
 *
 * Failures of the API or of a source become part of the look; only an aborted job rejects. One request
 * for the rollout and those of `readGates` while a stage is watched, up to three while a rollback is confirmed.
 */
export async function observe(
  context: RolloutContext,
  state: RolloutState,
  poll: PollInterval,
): Promise<Look> {
  const at = context.api.now();
  const blank = { at, readings: [], devices: null, restoring: null, poll };
  switch (state.phase) {
    case 'absent':
    case 'ended':
      return { ...blank, server: { kind: 'gone' } };
    case 'rolling_back':
      return { ...blank, ...(await seeRollback(context, state)) };
    case 'soaking':
    case 'baking': {
      const stage = stageAt(context.plan, state.stageIndex);
      const seen = seeRollout(context, state.rolloutId);
      const provesHarm = async (readings: Look['readings']): Promise<boolean> =>
        isHarmful(decide(context.plan, state, { ...blank, server: await seen, readings }));
      const [server, readings] = await Promise.all([
        seen,
        readPlaces(context, state, { stage, at, provesHarm }),
      ]);
      return { ...blank, server, readings };
    }
  }
}

function isHarmful({ verdicts }: Decision): boolean {
  return verdicts.some(({ verdict, gate }) => verdict === 'fail' && gate.severity === 'critical');
}

async function seeRollout(context: RolloutContext, rolloutId: string): Promise<ServerView> {
  try {
    const rollout = await context.api.readRollout(rolloutId);
    return rollout === null ? { kind: 'gone' } : { kind: 'rollout', rollout };
  } catch (thrown) {
    context.signal.throwIfAborted();
    return { kind: 'unreadable', why: toError(thrown).message };
  }
}

/** A count or a read that fails is not "cannot be counted": the whole look is unreadable then, and confirms nothing. */
async function seeRollback(
  context: RolloutContext,
  state: RollingBack,
): Promise<Pick<Look, 'server' | 'devices' | 'restoring'>> {
  const server = await seeRollout(context, state.rolloutId);
  if (state.acceptedAt === null) return { server, devices: null, restoring: null };
  try {
    const restoring = await findRestoring(context, state);
    const devices = restoring === null ? null : await context.api.countDevices(restoring.id);
    return { server, devices, restoring };
  } catch (thrown) {
    context.signal.throwIfAborted();
    return { server: { kind: 'unreadable', why: toError(thrown).message }, devices: null, restoring: null };
  }
}

async function findRestoring(context: RolloutContext, state: RollingBack): Promise<RemoteRollout | null> {
  if (state.restoringRolloutId !== null) return context.api.readRollout(state.restoringRolloutId);
  return restoringRollout(await context.api.listRollouts(), context.plan.version, state);
}

/**
 * Somebody else rolled back: the newest rollout at 100% that began after ours and brings back a version that
 * was completed before it. A new release that was started meanwhile restores nothing.
 */
function restoringRollout(
  rollouts: readonly RemoteRollout[],
  candidate: string,
  { createdAt, toVersion }: RollingBack,
): RemoteRollout | null {
  const earlier = new Set(
    rollouts
      .filter((each) => each.status === 'completed' && each.createdAt !== null && each.createdAt < createdAt)
      .map((each) => each.version),
  );
  const restoring = rollouts.filter(
    ({ version, percentage, createdAt: at }) =>
      version !== candidate &&
      (toVersion === null ? earlier.has(version) : version === toVersion) &&
      percentage >= 100 &&
      at !== null &&
      at > createdAt,
  );
  return restoring.reduce<RemoteRollout | null>(
    (best, each) => (best === null || (each.createdAt ?? 0) > (best.createdAt ?? 0) ? each : best),
    null,
  );
}

/** Returns the devices of a rollout, or null where they cannot be counted now. */
export async function countDevices(
  context: { readonly api: RolloutApi; readonly signal: AbortSignal },
  rolloutId: string,
): Promise<DeviceCount | null> {
  try {
    return await context.api.countDevices(rolloutId);
  } catch {
    context.signal.throwIfAborted();
    return null;
  }
}
