/** Brings a rollout into the state that it is left in, unless somebody else has decided meanwhile. */
import { formatPercent } from '../core/format.ts';
import { markRollback } from '../core/rollback-mark.ts';
import type { RemoteRollout, RolloutStatus } from '../core/rollout.ts';
import { OctomilError } from '../octomil/errors.ts';
import { toError } from '../runtime/to-error.ts';
import type { Intent } from './journal.ts';
import type { EndingPolicy, WritingContext } from './rollout-context.ts';
import { type Notebook, pauseMarked, type StagePlace } from './tagged-writes.ts';

const STILL_OURS: readonly RolloutStatus[] = ['pending', 'active', 'paused', 'completed', 'unknown'];

/** How a rollout should be left. */
export type Wish = { readonly kind: 'leave' } | Intent;

/** What came of a wish. `untouched`: somebody else has decided, or there is nothing left to do. */
export interface Settlement {
  readonly result: 'confirmed' | 'untouched' | 'failed';
  /** One sentence without a full stop: what was done, and what serves. */
  readonly detail: string;
}

/** Returns what a policy wants done to a rollout that its job leaves behind. */
export function wishOf(
  policy: EndingPolicy,
  mark: 'cancel' | 'timeout',
  previousVersion: string | null,
): Wish {
  if (policy === 'leave') return { kind: 'leave' };
  return policy === 'pause' ? { kind: 'pause', mark } : { kind: 'roll_back', toVersion: previousVersion };
}

/** Which rollout is to be left how. */
export interface Settling {
  readonly place: Omit<StagePlace, 'percentage'>;
  readonly wish: Wish;
  /** True when the wish was decided and asked for before: then even a deleted rollout is rolled back. */
  readonly isBegun: boolean;
}

/**
 * Reads a rollout, brings it into the wished state where it still serves the candidate, and says what serves.
 *
 * A refused or failed write is `failed`. Rejects only when the rollout cannot be read.
 * Invariant: INV-6, what others have paused, ended or deleted is left as it is.
 */
export async function settle(
  context: WritingContext,
  { place, wish, isBegun }: Settling,
  journal: Notebook,
): Promise<Settlement> {
  const { rolloutId } = place;
  const remote = await context.api.readRollout(rolloutId);
  if (remote === null && wish.kind === 'roll_back' && isBegun) {
    // It may be our own rollback that deleted it to make room for the version that it restores.
    const serving = 'its rollout is deleted and the devices may still run it';
    return rollBack(context, { rolloutId, serving, toVersion: wish.toVersion }, journal);
  }
  if (remote === null) return { result: 'untouched', detail: 'the rollout does not exist any more' };
  if (!STILL_OURS.includes(remote.status) || remote.version !== context.plan.version) {
    const detail = `left as the API shows it: ${remote.version} is ${remote.statusText}`;
    return { result: 'untouched', detail };
  }
  if (wish.kind === 'leave') return { result: 'confirmed', detail: `left as it is: ${servingOf(remote)}` };
  if (wish.kind === 'roll_back') {
    return rollBack(context, { rolloutId, serving: servingOf(remote), toVersion: wish.toVersion }, journal);
  }
  if (remote.status !== 'active' && remote.status !== 'pending') {
    const result = remote.status === 'unknown' ? 'untouched' : 'confirmed';
    return { result, detail: `left ${remote.statusText}: ${servingOf(remote)}` };
  }
  try {
    await pauseMarked(context, { ...place, percentage: remote.percentage }, wish.mark, journal);
    return { result: 'confirmed', detail: `paused: ${servingOf(remote)}, and no further device gets it` };
  } catch (thrown) {
    const why = toError(thrown).message;
    return { result: 'failed', detail: `it could not be paused, ${servingOf(remote)}: ${why}` };
  }
}

/** Returns what a rollout serves, as half a sentence. */
export function servingOf({ version, percentage }: RemoteRollout): string {
  return `${version} serves ${formatPercent(percentage)}`;
}

interface Undoing {
  readonly rolloutId: string;
  /** What serves, as half a sentence. */
  readonly serving: string;
  readonly toVersion: string | null;
}

async function rollBack(
  context: WritingContext,
  { rolloutId, serving, toVersion }: Undoing,
  journal: Notebook,
): Promise<Settlement> {
  if (toVersion === null) {
    return { result: 'failed', detail: `no version is known to roll back to, ${serving}` };
  }
  journal.intends({ kind: 'roll_back', toVersion });
  try {
    await context.api.rollBack({
      rolloutId,
      fromVersion: context.plan.version,
      toVersion,
      group: context.group,
      reason: markRollback(`the job ended first (${context.run.url ?? context.run.label})`),
    });
    journal.settled();
    journal.wrote(`rollback to ${toVersion} accepted`);
    const detail = `the rollback to ${toVersion} is accepted and goes on without this job`;
    return { result: 'confirmed', detail };
  } catch (thrown) {
    const { message } = toError(thrown);
    if (!(thrown instanceof OctomilError) || thrown.headline === message) {
      return { result: 'failed', detail: `the rollback to ${toVersion} was not accepted: ${message}` };
    }
    // Which requests were tried belongs into the log; people are told what serves.
    journal.wrote(message);
    return { result: 'failed', detail: thrown.headline };
  }
}
