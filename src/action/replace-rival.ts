/** `on_superseded: replace`: takes another version's rollout back to its own recorded version, and confirms it. */
import { surveyRollouts } from '../core/landscape.ts';
import { pollIntervalMs } from '../core/next-look.ts';
import { previousVersionIn } from '../core/reconcile.ts';
import type { RemoteRollout, RollingBack } from '../core/rollout.ts';
import { drive } from './drive.ts';
import { createJournal } from './journal.ts';
import { Refusal } from './refusal.ts';
import type { RolloutContext } from './rollout-context.ts';

/** What taking a rival's place needs of the run: everything but what depends on how our own rollout begins. */
export type ReplacingContext = Omit<RolloutContext, 'previousVersion'>;

/**
 * Pauses and rolls back a rival's rollout and returns the version that the fleet runs then.
 *
 * That version, never the rival's, is what our own rollout goes back to. Errors: rejects with a `Refusal`
 * when no version is recorded for the rival (nothing has been written then), and when its rollback is not
 * confirmed; our rollout is not created in either case.
 */
export async function replaceRival(context: ReplacingContext, rival: RemoteRollout): Promise<string> {
  const { api, group, log } = context;
  const names = group === null ? [] : [group.id, group.name];
  const landscape = surveyRollouts(await api.listRollouts(), rival.version, names);
  const history = await api.readHistory(rival.id);
  const target = previousVersionIn({ landscape, history, toVersion: null }, rival);
  if (target === null) {
    const detail = `rollout ${rival.id} of ${rival.version} has no recorded version to go back to`;
    throw new Refusal({ outcome: 'superseded', reason: 'another_version', detail });
  }
  log.info(`replacing rollout ${rival.id} of ${rival.version}: back to ${target} first`);
  if (rival.status === 'active') await api.pauseRollout(rival.id);
  const plan = { ...context.plan, version: rival.version };
  const state = requestedRollback(rival, target, api.now());
  const journal = createJournal(plan, log);
  const ended = await drive(
    { ...context, plan, previousVersion: target, onCancel: 'leave', onTimeout: 'leave' },
    state,
    journal,
  );
  if (ended.outcome === 'rolled_back') {
    await restorationEnds(context);
    return target;
  }
  const detail = `rollout ${rival.id} of ${rival.version} could not be taken back to ${target}: ${ended.detail ?? ended.reason}`;
  throw new Refusal({ outcome: ended.outcome, reason: ended.reason, detail });
}

/** The rollout that brings the old version back may be unfinished for a while; ours would be refused beside it. */
async function restorationEnds(context: ReplacingContext): Promise<void> {
  const { api, plan, group, clock } = context;
  const names = group === null ? [] : [group.id, group.name];
  const givesUpAt = api.now() + plan.rollback.timeoutMs;
  for (;;) {
    const [rival] = surveyRollouts(await api.listRollouts(), plan.version, names).rivals;
    if (rival === undefined) return;
    if (api.now() > givesUpAt) {
      const detail = `rollout ${rival.id} of ${rival.version} is still ${rival.statusText}`;
      throw new Refusal({ outcome: 'superseded', reason: 'another_version', detail });
    }
    await clock.sleepUntil(clock.now() + pollIntervalMs(context.poll, 0), context.signal);
  }
}

/** Returns the state of a rollback that a person or a plan asked for and that the API has not seen yet. */
export function requestedRollback(rollout: RemoteRollout, toVersion: string, now: number): RollingBack {
  return {
    phase: 'rolling_back',
    rolloutId: rollout.id,
    previousVersion: toVersion,
    createdAt: rollout.createdAt ?? now,
    cause: 'rolled_back_by_request',
    decidedAt: now,
    acceptedAt: null,
    lastRefusal: null,
    restoringRolloutId: null,
    toVersion,
  };
}
