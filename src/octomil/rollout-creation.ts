/** Creates a rollout once, however often it has to be asked for. */
import type { DeviceGroup, NewRollout } from '../core/ports.ts';
import type { RemoteRollout } from '../core/rollout.ts';
import { ApiError, ProtocolError } from './errors.ts';
import { sendWithReadBack } from './read-back.ts';
import { listRollouts, type ModelRollouts } from './rollout-reading.ts';
import { readAfterWrite } from './rollout-writing.ts';
import { type Answer, detailsOf } from './wire-parse.ts';
import { isLive, writtenRolloutSchema } from './wire-rollout.ts';

/**
 * Creates a rollout, or adopts the live one of the same version and group, and resolves with it as the API
 * shows it afterwards (INV-5).
 *
 * The API has no idempotency key. So the rollouts are listed first, and again after an uncertain answer: a
 * live one of the version, or a completed one that was not there before, is the one that was asked for. A
 * 409 is read back in the same way.
 * Errors: OctomilError; an ApiError with status 409 when another rollout stands in the way.
 */
export async function createRollout(of: ModelRollouts, rollout: NewRollout): Promise<RemoteRollout> {
  return (await createOrAdopt(of, rollout)).rollout;
}

/** A rollout, and whether the API's own answer to our request named it: then it is nobody else's. */
export interface Creation {
  readonly rollout: RemoteRollout;
  readonly isOwn: boolean;
}

/** As `createRollout`, and tells whose the rollout is. */
export async function createOrAdopt(of: ModelRollouts, rollout: NewRollout): Promise<Creation> {
  const before = await listRollouts(of);
  const ours = (one: RemoteRollout): boolean =>
    one.version === rollout.version && groupMayBe(one.group, rollout.group);
  const live = before.find((one) => ours(one) && isLive(one));
  if (live !== undefined) return { rollout: live, isOwn: false };

  const known = new Set(before.map((one) => one.id));
  const find = async (): Promise<string | null> => {
    const fresh = (await listRollouts(of)).filter((one) => ours(one) && !known.has(one.id));
    const found = fresh.find(isLive) ?? fresh.find((one) => one.status === 'completed');
    return found?.id ?? null;
  };
  const sent: Sent = { id: null };
  const readBack = async (id: string): Promise<Creation> => ({
    rollout: checked(await readAfterWrite(of, id, () => true), rollout),
    isOwn: id === sent.id,
  });
  try {
    const send = (): Promise<string> => sendCreate(of, rollout, { find, sent });
    return await readBack(await sendWithReadBack(of.connection, { send, find }));
  } catch (error) {
    const id = error instanceof ApiError && error.status === 409 ? await find() : null;
    if (id !== null) return readBack(id);
    throw error;
  }
}

/** The id in the answer to our own request; null while there was none. */
interface Sent {
  id: string | null;
}

/** Returns whether what a rollout says of its group allows it to be limited to `group`, or to nobody. */
export function groupMayBe(said: string | null | undefined, group: DeviceGroup | null): boolean {
  return said === undefined || groupIs(said, group);
}

/** Returns whether a rollout says that it is limited to exactly `group`; null is the whole fleet. */
export function groupIs(said: string | null | undefined, group: DeviceGroup | null): boolean {
  if (group === null) return said === null;
  return said === group.id || said === group.name;
}

async function sendCreate(
  of: ModelRollouts,
  rollout: NewRollout,
  { find, sent }: { readonly find: () => Promise<string | null>; readonly sent: Sent },
): Promise<string> {
  const answer = await of.connection.call({
    method: 'POST',
    route: '/models/{model_id}/rollouts',
    params: { model_id: of.modelId },
    kind: 'once',
    body: {
      version: rollout.version,
      rollout_percentage: rollout.percentage,
      target_percentage: rollout.targetPercentage,
      increment_step: rollout.incrementStep,
      // The default differs between the vendor's own callers, so it is always said.
      start_immediately: true,
      ...(rollout.group === null ? {} : { group: rollout.group.id }),
    },
  });
  sent.id = idIn(answer);
  const id = sent.id ?? (await find());
  if (id !== null) return id;
  throw new ProtocolError(
    answer.where,
    { field: 'rollout_id', got: 'missing, and no new rollout is listed', expected: 'the id of the rollout' },
    { ...detailsOf(answer), uncertain: true },
  );
}

function idIn(answer: Answer): string | null {
  const parsed = writtenRolloutSchema.safeParse(answer.json);
  return parsed.success ? parsed.data.id : null;
}

function checked(created: RemoteRollout, asked: NewRollout): RemoteRollout {
  if (created.version === asked.version) return created;
  throw new ProtocolError(`rollout ${created.id}`, {
    field: 'version',
    got: created.version,
    expected: asked.version,
  });
}
