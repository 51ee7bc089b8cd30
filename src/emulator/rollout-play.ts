/** Plays the people who use the dashboard: they may do what no route of the API allows. */
import type { Percent } from '../core/units.ts';
import type { ControlPlane } from './control-plane.ts';
import { Refusal } from './refusal.ts';
import { isUnfinished, type RolloutRecord } from './rollout-record.ts';
import { finishRollout, forcePercentage, pauseRollout, resumeRollout } from './rollout-transitions.ts';

/** What a person can do to a rollout. */
export const HUMAN_ACTIONS = ['pause', 'resume', 'percentage', 'rollback', 'delete', 'complete'] as const;

/** What a person does to a rollout. */
export type HumanAction = (typeof HUMAN_ACTIONS)[number];

/**
 * Does what a person does, without a reason, as the dashboard would.
 *
 * `percentage` may be lower than before; devices that are no longer reached go back. Errors: Refusal
 * `conflict` for a verb that the rollout's status does not allow, `bad_request` without a percentage.
 */
export function playHuman(
  plane: ControlPlane,
  rollout: RolloutRecord,
  { action, percentage }: { readonly action: HumanAction; readonly percentage: Percent | null },
): void {
  const occasion = { at: plane.world.now(), reason: null };
  switch (action) {
    case 'pause':
      plane.replace(pauseRollout(rollout, occasion));
      return;
    case 'resume':
      plane.replace(resumeRollout(rollout, occasion));
      return;
    case 'delete':
      plane.replace({ ...rollout, deleted: true });
      return;
    case 'complete':
      plane.replace(finishRollout(rollout, 'completed', occasion));
      return;
    case 'percentage':
      if (percentage === null)
        throw new Refusal('bad_request', 'percentage: expected a number from 0 to 100');
      plane.replace(forcePercentage(rollout, percentage, occasion));
      return;
    case 'rollback':
      if (rollout.previousVersion === null)
        throw new Refusal('conflict', 'there is no version before this one');
      plane.rollBack({ toVersion: rollout.previousVersion, reason: null, group: rollout.group });
      return;
  }
}

/** Returns the rollout that people mean by "the rollout": the newest unfinished one, else the newest. */
export function currentRollout(plane: ControlPlane): RolloutRecord {
  const rollouts = plane.listRollouts();
  const current = rollouts.find(isUnfinished) ?? rollouts[0];
  if (current === undefined) throw new Refusal('not_found', 'there is no rollout');
  return current;
}
