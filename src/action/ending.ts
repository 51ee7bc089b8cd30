/** The last words of a job that ends before its rollout does: its time is over, or it was cancelled. */

import { enter } from '../core/evolve.ts';
import { formatPercent } from '../core/format.ts';
import { surveyRollouts } from '../core/landscape.ts';
import type { RolloutState, RolloutStatus } from '../core/rollout.ts';
import { toError } from '../runtime/to-error.ts';
import type { Conclusion } from './conclusion.ts';
import type { Journal } from './journal.ts';
import type { EndingPolicy, RolloutContext } from './rollout-context.ts';
import { pauseMarked } from './tagged-writes.ts';

const STILL_OURS: readonly RolloutStatus[] = ['pending', 'active', 'paused', 'completed', 'unknown'];

/** Applies `on-timeout` and returns how the run ends. A rollback in progress goes on without the job. */
export async function endForTimeout(
  context: RolloutContext,
  state: RolloutState,
  journal: Journal,
): Promise<Conclusion> {
  const base = { state, unchanged: false };
  if (state.phase === 'rolling_back') {
    return state.acceptedAt === null
      ? {
          ...base,
          outcome: 'rollback_failed',
          reason: 'rollback_refused',
          detail: state.lastRefusal?.why ?? null,
        }
      : {
          ...base,
          outcome: 'rolling_back',
          reason: 'confirming_rollback',
          detail: 'the job ended before the devices were counted',
        };
  }
  const detail = await apply(context, state, context.onTimeout, 'timeout', journal);
  return { ...base, outcome: 'timed_out', reason: 'job_time_over', detail };
}

/**
 * Applies `on-cancel` through a client of its own and returns how the run ends. Never rejects.
 *
 * A rollout that was being created when the signal came is looked up first: it may exist.
 * Source: the runner sends SIGINT, waits 7.5 s, sends SIGTERM, waits 2.5 s and kills
 * (actions/runner ProcessInvoker.cs).
 */
export async function endForCancel(
  context: RolloutContext,
  state: RolloutState,
  journal: Journal,
): Promise<Conclusion> {
  const unaborted = new AbortController().signal;
  const rescue: RolloutContext = { ...context, api: context.emergencyApi(), signal: unaborted };
  const base = { state, unchanged: false, outcome: 'cancelled', reason: 'signalled' } as const;
  try {
    const known = state.phase === 'absent' && journal.created() ? await findOurs(rescue) : state;
    return { ...base, state: known, detail: await apply(rescue, known, context.onCancel, 'cancel', journal) };
  } catch (thrown) {
    const detail = `on-cancel (${context.onCancel}) could not be applied: ${toError(thrown).message}`;
    return { ...base, detail };
  }
}

async function findOurs(context: RolloutContext): Promise<RolloutState> {
  const { plan, group, api } = context;
  const names = group === null ? [] : [group.id, group.name];
  const ours = surveyRollouts(await api.listRollouts(), plan.version, names).ours;
  if (ours === null) return { phase: 'absent' };
  const at = api.now();
  const { previousVersion } = context;
  return enter(
    plan,
    { rolloutId: ours.id, previousVersion, createdAt: ours.createdAt ?? at, past: [] },
    { percentage: ours.percentage, at },
  );
}

async function apply(
  context: RolloutContext,
  state: RolloutState,
  policy: EndingPolicy,
  mark: 'timeout' | 'cancel',
  journal: Journal,
): Promise<string> {
  if (state.phase === 'absent') return 'no rollout was created';
  if (state.phase === 'ended') return 'the rollout had ended';
  if (state.phase === 'rolling_back' && state.acceptedAt !== null) {
    return `the rollback to ${state.toVersion ?? 'the previous version'} is accepted and goes on without this job`;
  }
  // What others did since the last look decides whether there is anything left to pause or roll back.
  const remote = await context.api.readRollout(state.rolloutId);
  if (remote === null) return 'the rollout does not exist any more';
  const serving = `${context.plan.version} serves ${formatPercent(remote.percentage)}`;
  if (!STILL_OURS.includes(remote.status) || remote.version !== context.plan.version) {
    return `left as the API shows it: ${remote.version} is ${remote.statusText}`;
  }
  if (state.phase === 'rolling_back') return requestRollback(context, state, state.toVersion, journal);
  if (policy === 'rollback') return requestRollback(context, state, state.previousVersion, journal);
  if (policy === 'leave') return `left as it is: ${serving}`;
  if (remote.status !== 'active' && remote.status !== 'pending')
    return `left ${remote.statusText}: ${serving}`;
  try {
    await pauseMarked(context, state, mark, journal);
    return `paused: ${serving}, and no further device gets it`;
  } catch (thrown) {
    return `it could not be paused, ${serving}: ${toError(thrown).message}`;
  }
}

async function requestRollback(
  context: RolloutContext,
  state: Exclude<RolloutState, { phase: 'absent' | 'ended' }>,
  toVersion: string | null,
  journal: Journal,
): Promise<string> {
  if (toVersion === null) return 'no version is known to roll back to';
  try {
    await context.api.rollBack({
      rolloutId: state.rolloutId,
      fromVersion: context.plan.version,
      toVersion,
      group: context.group,
      reason: `the job ended first (${context.run.url ?? context.run.label})`,
    });
    journal.wrote(`rollback to ${toVersion} accepted`);
    return `the rollback to ${toVersion} is accepted and goes on without this job`;
  } catch (thrown) {
    return `the rollback to ${toVersion} was not accepted: ${toError(thrown).message}`;
  }
}
