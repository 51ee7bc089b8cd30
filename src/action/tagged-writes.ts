/** Writes that leave our tag in the rollout's history, so that a later run knows what this one knew. */
import { formatPercent } from '../core/format.ts';
import { LEASE_MARGIN_MS } from '../core/lease.ts';
import { type MemoryTag, writeTag } from '../core/memory-tag.ts';
import { pollIntervalMs } from '../core/next-look.ts';
import type { PauseMark, RolloutStatus, Watching } from '../core/rollout.ts';
import { toError } from '../runtime/to-error.ts';
import type { Journal } from './journal.ts';
import type { WritingContext } from './rollout-context.ts';

const TAKES_NOTES: readonly RolloutStatus[] = ['pending', 'active', 'completed', 'unknown'];

/** A rollout, the stage that it is in, and where it goes back to. */
export type StagePlace = Pick<Watching, 'rolloutId' | 'previousVersion' | 'stageIndex' | 'percentage'>;

/** What writes report to. */
export type Notebook = Pick<Journal, 'wrote' | 'note' | 'intends' | 'settled'>;

/** What a tag says to people, and whether it marks a pause of ours. */
export interface TagText {
  readonly text: string;
  readonly pausing: PauseMark | null;
}

/**
 * Writes a tag without changing anything: the percentage that the API shows now, with a reason.
 *
 * The remembered percentage would undo what a person has set since. A refusal is only noted, and where the
 * rollout cannot be read nothing is written.
 */
export async function leaveTag(
  context: WritingContext,
  state: StagePlace,
  tag: TagText,
  journal: Notebook,
): Promise<void> {
  try {
    const remote = await context.api.readRollout(state.rolloutId);
    if (remote === null || !TAKES_NOTES.includes(remote.status)) return;
    await context.api.setPercentage(state.rolloutId, remote.percentage, tagged(context, state, tag));
  } catch (thrown) {
    context.signal.throwIfAborted();
    journal.note(`the API keeps no note of this change: ${toError(thrown).message}`);
  }
}

/** Returns a reason: the person's text, what is being done, where it was done, and the tag. */
export function tagged(context: WritingContext, state: StagePlace, { text, pausing }: TagText): string {
  const { url } = context.run;
  const source = url === null ? text : `${text} (${url})`;
  return writeTag(
    context.reason === null ? source : `${context.reason}; ${source}`,
    tagOf(context, state, pausing),
  );
}

function tagOf(context: WritingContext, state: StagePlace, pausing: PauseMark | null): MemoryTag {
  const { plan, run } = context;
  const at = context.api.now();
  return {
    planDigest: plan.digest,
    stage: state.stageIndex + 1,
    stagesTotal: plan.stages.length,
    previousVersion: state.previousVersion,
    run: run.label,
    at,
    pausing,
    leaseUntil: context.leases ? at + pollIntervalMs(context.poll, 0) + LEASE_MARGIN_MS : null,
  };
}

/**
 * Has a moment remembered beside the API that the API has confirmed just now; resolves with whether it is kept.
 *
 * Never rejects. Invariant: INV-1, the time is that of the confirmation: no stage looks entered before it was.
 */
export function remember(
  context: WritingContext,
  state: StagePlace,
  pausing: PauseMark | null = null,
): Promise<boolean> {
  const { rolloutId, percentage } = state;
  const moment = { ...tagOf(context, state, pausing), rolloutId, percentage };
  return context.memory.remember(moment, context.signal);
}

/**
 * Has it remembered that a rollback is being asked for, beside the asking and never before it.
 *
 * Never rejects. A run that dies after the candidate was deleted, and before the earlier version was created,
 * leaves nothing else that would tell the next one.
 */
export function rememberRollback(context: WritingContext, state: StagePlace): Promise<boolean> {
  const { rolloutId, percentage } = state;
  const moment = { ...tagOf(context, state, null), rolloutId, percentage, rollingBack: true } as const;
  return context.memory.remember(moment, context.signal);
}

/**
 * Pauses a rollout so that a later run knows it was ours: the mark is written before the pause.
 *
 * Errors: rejects when the pause fails, and when the API still shows another status after it.
 */
export async function pauseMarked(
  context: WritingContext,
  state: StagePlace,
  mark: PauseMark,
  journal: Notebook,
): Promise<void> {
  journal.intends({ kind: 'pause', mark });
  await leaveTag(context, state, { text: `pausing: ${mark}`, pausing: mark }, journal);
  const paused = await context.api.pauseRollout(state.rolloutId);
  if (paused.status === 'active' || paused.status === 'pending') {
    throw new Error(`the API accepted the pause and still shows ${paused.statusText}`);
  }
  journal.settled();
  journal.wrote(`paused at ${formatPercent(state.percentage)}`);
  await remember(context, state, mark);
}
