/** The last words of a job that ends before its rollout does: its time is over, or it was cancelled. */

import { enter } from '../core/evolve.ts';
import { surveyRollouts } from '../core/landscape.ts';
import type { RolloutState } from '../core/rollout.ts';
import { toError } from '../runtime/to-error.ts';
import type { Conclusion } from './conclusion.ts';
import type { Journal } from './journal.ts';
import { settle, type Wish, wishOf } from './last-write.ts';
import type { EndingPolicy, RolloutContext } from './rollout-context.ts';

/**
 * Longest time that applying `on-cancel` may take in the main step.
 *
 * The runner kills 10 s after the first signal, and 7.5 s after it where a background step is cancelled;
 * summary and outputs follow (actions/runner ProcessInvoker.cs, BackgroundStepCoordinator.cs).
 */
export const LAST_WORDS_MS = 3_000;

interface Ending {
  readonly state: RolloutState;
  readonly policy: EndingPolicy;
  readonly mark: 'timeout' | 'cancel';
}

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
  const detail = await apply(context, { state, policy: context.onTimeout, mark: 'timeout' }, journal);
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
    const ending = { state: known, policy: context.onCancel, mark: 'cancel' } as const;
    return { ...base, state: known, detail: await apply(rescue, ending, journal) };
  } catch (thrown) {
    const detail = `on-cancel (${context.onCancel}) could not be applied: ${toError(thrown).message}`;
    return { ...base, detail };
  }
}

async function findOurs(context: RolloutContext): Promise<RolloutState> {
  const { plan, group, api } = context;
  const names = group === null ? [] : [group.id, group.name];
  const { ours: confirmed, beyondGroup } = surveyRollouts(await api.listRollouts(), plan.version, names);
  const ours = confirmed ?? beyondGroup;
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
  { state, policy, mark }: Ending,
  journal: Journal,
): Promise<string> {
  if (state.phase === 'absent') return 'no rollout was created';
  if (state.phase === 'ended') return 'the rollout had ended';
  if (state.phase === 'rolling_back' && state.acceptedAt !== null) {
    return `the rollback to ${state.toVersion ?? 'the previous version'} is accepted and goes on without this job`;
  }
  // Harm that was proven before the job ended is acted on, whatever the policy is for jobs that end.
  const decided: Wish | null =
    state.phase === 'rolling_back' ? { kind: 'roll_back', toVersion: state.toVersion } : journal.unsettled();
  const { rolloutId, previousVersion } = state;
  const stageIndex = state.phase === 'rolling_back' ? 0 : state.stageIndex;
  const wish = decided ?? wishOf(policy, mark, previousVersion);
  const place = { rolloutId, previousVersion, stageIndex };
  // What others did since the last look decides whether there is anything left to pause or roll back.
  const { detail } = await settle(context, { place, wish, isBegun: decided !== null }, journal);
  return detail;
}
