/** One look at the world: the rollout, its health and its devices, asked side by side. */
import type { Evidence, Reading, Window } from '../core/evidence.ts';
import type { Look, ServerView } from '../core/look.ts';
import { type Stage, stageAt } from '../core/plan.ts';
import type { PollInterval, RolloutApi } from '../core/ports.ts';
import type { DeviceCount, RemoteRollout, RollingBack, RolloutState, Watching } from '../core/rollout.ts';
import type { EpochMs } from '../core/units.ts';
import { toError } from '../runtime/to-error.ts';
import type { RolloutContext } from './rollout-context.ts';

/**
 * Returns what one look sees.
 *
 * Failures of the API or of a source become part of the look; only an aborted job rejects. Two requests
 * while a stage is watched, up to three while a rollback is confirmed.
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
      const [server, readings] = await Promise.all([
        seeRollout(context, state.rolloutId),
        readGates(context, state, { stage, at }),
      ]);
      return { ...blank, server, readings };
    }
  }
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

/** Evidence starts at the end of warm-up once that is over; until then at the entry, where only harm counts. */
function evidenceWindow(state: Watching, stage: Stage, now: EpochMs): Window {
  const warmedUpAt = state.stageEnteredAt + stage.warmupMs;
  return { from: now > warmedUpAt ? warmedUpAt : state.stageEnteredAt, to: now };
}

async function readGates(
  context: RolloutContext,
  state: Watching,
  { stage, at }: { readonly stage: Stage; readonly at: EpochMs },
): Promise<readonly Reading[]> {
  const window = evidenceWindow(state, stage, at);
  const evidence = await readEvidence(context, state, { stage, window });
  return stage.gates.map((gate, index) => ({
    gate,
    asked: window,
    evidence: evidence[index] ?? { kind: 'error', why: 'the source left this gate without an answer' },
  }));
}

async function readEvidence(
  context: RolloutContext,
  state: Watching,
  { stage, window }: { readonly stage: Stage; readonly window: Window },
): Promise<readonly Evidence[]> {
  if (window.to <= window.from)
    return stage.gates.map(() => ({ kind: 'none', why: 'the stage has just begun' }));
  const query = {
    modelId: context.modelId,
    rolloutId: state.rolloutId,
    version: context.plan.version,
    baselineVersion: state.previousVersion,
    group: context.group?.id ?? null,
    window,
    gates: stage.gates,
  };
  try {
    return await context.health.read(query, context.signal);
  } catch (thrown) {
    context.signal.throwIfAborted();
    const why = toError(thrown).message;
    return stage.gates.map(() => ({ kind: 'error', why }));
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
