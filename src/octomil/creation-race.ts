/** Creates a rollout beside runs that create the same one at the same time: one rollout stays. */
import type { NewRollout } from '../core/ports.ts';
import type { RemoteRollout } from '../core/rollout.ts';
import { OctomilError } from './errors.ts';
import { createOrAdopt, groupMayBe } from './rollout-creation.ts';
import { listRollouts, type ModelRollouts } from './rollout-reading.ts';
import { deleteRollout, pauseRollout } from './rollout-writing.ts';
import { isLive } from './wire-rollout.ts';

/**
 * Creates or adopts a rollout as `createRollout` does; of two that were created at once, adopts the older one.
 *
 * An API that allows two unfinished rollouts lets two runs create at the same time. So the rollouts are listed once
 * more after a creation of our own: where there is an older live one of the same version and group, ours is
 * deleted, and where that is refused paused. Both runs order the two alike, so one of them steps back.
 * Errors: OctomilError. Invariants: INV-5, one rollout stays; INV-6, only our own is deleted.
 */
export async function createAlone(of: ModelRollouts, asked: NewRollout): Promise<RemoteRollout> {
  const { rollout, isOwn } = await createOrAdopt(of, asked);
  if (!isOwn) return rollout;
  const older = (await listQuietly(of)).find(
    (one) =>
      one.version === asked.version &&
      groupMayBe(one.group, asked.group) &&
      isLive(one) &&
      precedes(one, rollout),
  );
  if (older === undefined) return rollout;
  await withdraw(of, rollout.id);
  return older;
}

async function listQuietly(of: ModelRollouts): Promise<readonly RemoteRollout[]> {
  try {
    return await listRollouts(of);
  } catch (error) {
    // The rollout is created; not knowing of another one is no reason to give it up.
    if (error instanceof OctomilError) return [];
    throw error;
  }
}

async function withdraw(of: ModelRollouts, id: string): Promise<void> {
  try {
    await deleteRollout(of, id);
  } catch (error) {
    if (!(error instanceof OctomilError)) throw error;
    await pauseRollout(of, id);
  }
}

/** Times are of the server and may be equal; ids then decide, in the same way for everybody. */
function precedes(one: RemoteRollout, other: RemoteRollout): boolean {
  if (one.id === other.id) return false;
  if (one.createdAt !== null && other.createdAt !== null && one.createdAt !== other.createdAt) {
    return one.createdAt < other.createdAt;
  }
  return one.id.localeCompare(other.id, 'en', { numeric: true }) < 0;
}
