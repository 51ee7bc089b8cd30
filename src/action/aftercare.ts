/** One attempt at what the post step owes a rollout: find it, verify it, and repeat what was not confirmed. */
import { surveyRollouts } from '../core/landscape.ts';
import type { RemoteRollout } from '../core/rollout.ts';
import type { Duty } from './duty.ts';
import type { Handover } from './handover.ts';
import { type Settlement, servingOf, settle, type Wish } from './last-write.ts';
import type { WritingContext } from './rollout-context.ts';
import type { Notebook } from './tagged-writes.ts';

/** What one attempt came to. */
export interface Attempt extends Settlement {
  /** Whether another attempt may help. */
  readonly again: boolean;
  /** True when something was written to the server. */
  readonly wrote: boolean;
}

/** What an attempt is about. */
export interface Aftercare {
  readonly handover: Handover;
  readonly duty: Exclude<Duty, { kind: 'none' }>;
}

/**
 * Returns the id of the rollout that was handed over, looked up where its creation was never answered; null
 * where none was created. Rejects when the rollouts cannot be listed.
 */
export async function findRollout(context: WritingContext, handover: Handover): Promise<string | null> {
  return handover.rolloutId ?? (await findCreated(context));
}

/**
 * Returns what came of one attempt. Rejects when the rollout cannot be read.
 *
 * Invariant: INV-6, no rollback while another version is being rolled out to the same devices.
 */
export async function attend(
  context: WritingContext,
  { handover, duty }: Aftercare,
  notes: Notebook,
): Promise<Attempt> {
  const { previousVersion, stageIndex } = handover;
  const { rolloutId } = handover;
  if (rolloutId === null) return { ...UNTOUCHED, detail: 'no rollout was created' };
  if (duty.kind === 'verify') return verify(context, rolloutId, duty.wish);
  if (duty.wish.kind === 'roll_back') {
    const paused = handover.intent === null ? await pausedByOthers(context, rolloutId) : null;
    if (paused !== null) return paused;
    const rival = await rivalOf(context, duty.wish.toVersion);
    if (rival !== null) {
      const detail = `not rolled back: rollout ${rival.id} of ${rival.version} is ${rival.statusText} on the same devices`;
      return { result: 'failed', detail, again: false, wrote: false };
    }
  }
  let wrote = false;
  const watched: Notebook = {
    ...notes,
    intends: (intent) => {
      wrote = true;
      notes.intends(intent);
    },
  };
  const place = { rolloutId, previousVersion, stageIndex };
  const settlement = await settle(
    context,
    { place, wish: duty.wish, isBegun: handover.intent !== null },
    watched,
  );
  const isHopeless = duty.wish.kind === 'roll_back' && duty.wish.toVersion === null;
  return { ...settlement, again: settlement.result === 'failed' && !isHopeless, wrote };
}

const UNTOUCHED = { result: 'untouched', again: false, wrote: false } as const;

async function verify(context: WritingContext, rolloutId: string, wish: Wish): Promise<Attempt> {
  const remote = await context.api.readRollout(rolloutId);
  if (remote === null) return { ...UNTOUCHED, detail: 'the rollout does not exist any more' };
  const serves = servingOf(remote);
  if (wish.kind === 'roll_back') return verifyRollback(remote, wish.toVersion);
  if (remote.status === 'paused') {
    return { result: 'confirmed', detail: `still paused: ${serves}`, again: false, wrote: false };
  }
  return { ...UNTOUCHED, detail: `changed by others since it was paused: ${remote.statusText}, ${serves}` };
}

function verifyRollback(remote: RemoteRollout, toVersion: string | null): Attempt {
  const target = toVersion ?? 'the previous version';
  const serving = remote.status === 'active' || remote.status === 'pending' || remote.status === 'unknown';
  if (serving) {
    const detail = `the rollback to ${target} was accepted, and the API still shows ${remote.statusText}: ${servingOf(remote)}`;
    return { result: 'failed', detail, again: true, wrote: false };
  }
  const detail = `the rollback to ${target} is under way: ${remote.version} is ${remote.statusText}`;
  return { result: 'confirmed', detail, again: false, wrote: false };
}

/** The main step had not begun to stop the rollout, so a pause is a person's decision and stands. */
async function pausedByOthers(context: WritingContext, rolloutId: string): Promise<Attempt | null> {
  const remote = await context.api.readRollout(rolloutId);
  if (remote?.status !== 'paused') return null;
  const detail = `not rolled back, because others have paused it: ${servingOf(remote)}`;
  return { ...UNTOUCHED, detail };
}

async function findCreated(context: WritingContext): Promise<string | null> {
  const rollouts = await context.api.listRollouts();
  const { ours, beyondGroup } = surveyRollouts(rollouts, context.plan.version, namesOf(context));
  return (ours ?? beyondGroup)?.id ?? null;
}

async function rivalOf(context: WritingContext, toVersion: string | null): Promise<RemoteRollout | null> {
  const { rivals } = surveyRollouts(await context.api.listRollouts(), context.plan.version, namesOf(context));
  return rivals.find((each) => each.version !== toVersion) ?? null;
}

function namesOf({ group }: WritingContext): readonly string[] {
  return group === null ? [] : [group.id, group.name];
}
