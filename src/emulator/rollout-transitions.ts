/** What each verb makes of a rollout, and when it is refused. Pure. Source: docs /features/rollouts, /operate/rollback. */
import type { EpochMs, Percent } from '../core/units.ts';
import type { OrgPolicy } from './emulator-options.ts';
import { checkRaise } from './policy-rules.ts';
import { Refusal } from './refusal.ts';
import type { RolloutRecord, ServerStatus } from './rollout-record.ts';

/** What a rollout is created from. */
export interface RolloutDraft {
  readonly version: string;
  readonly percentage: Percent;
  readonly targetPercentage: Percent;
  readonly incrementStep: Percent;
  readonly group: string | null;
  readonly previousVersion: string | null;
  readonly reason: string | null;
}

/** Why and when something is done. */
export interface Occasion {
  readonly at: EpochMs;
  readonly reason: string | null;
}

/** Returns a new rollout in a status: `pending`, `active`, `completed` or `rolling_back`. */
export function draftRollout(draft: RolloutDraft, sequence: number, as: RolloutStart): RolloutRecord {
  const { version, percentage, targetPercentage, incrementStep, group, previousVersion, reason } = draft;
  const { status, at } = as;
  return {
    sequence,
    version,
    status,
    percentage,
    targetPercentage,
    incrementStep,
    group,
    previousVersion,
    createdAt: at,
    updatedAt: at,
    history: [{ status, percentage, reason, at }],
    entered: status === 'pending' ? [] : [{ percentage, at }],
    deleted: false,
  };
}

/** How a new rollout begins. */
export interface RolloutStart {
  readonly status: ServerStatus;
  readonly at: EpochMs;
}

/** Returns the rollout started. Errors: Refusal `conflict` unless it is pending. */
export function startRollout(rollout: RolloutRecord, { at, reason }: Occasion): RolloutRecord {
  if (rollout.status !== 'pending') throw conflict(rollout, 'started', 'pending');
  const started = enter(rollout, rollout.percentage, at);
  return record(started, 'active', { at, reason });
}

/** Returns the rollout paused: devices keep the version. Errors: Refusal `conflict` unless it is active. */
export function pauseRollout(rollout: RolloutRecord, occasion: Occasion): RolloutRecord {
  if (rollout.status !== 'active') throw conflict(rollout, 'paused', 'active');
  return record(rollout, 'paused', occasion);
}

/** Returns the rollout active again. Errors: Refusal `conflict` unless it is paused. */
export function resumeRollout(rollout: RolloutRecord, occasion: Occasion): RolloutRecord {
  if (rollout.status !== 'paused') throw conflict(rollout, 'resumed', 'paused');
  return record(rollout, 'active', occasion);
}

/** Returns the rollout in its last status: completed or rolled back. */
export function finishRollout(
  rollout: RolloutRecord,
  status: 'completed' | 'rolled_back',
  occasion: Occasion,
): RolloutRecord {
  return record(rollout, status, occasion);
}

/**
 * Returns the rollout at a percentage; the one it has is accepted and noted with its reason.
 *
 * Errors: Refusal `bad_request` beyond 0 to the target; `conflict` when the rollout is finished, when the
 * percentage would fall, when it would rise while the rollout is not active, and when the policy says no.
 */
export function changePercentage(
  rollout: RolloutRecord,
  percentage: Percent,
  { at, reason, policy }: Occasion & { readonly policy: OrgPolicy },
): RolloutRecord {
  const { status, targetPercentage } = rollout;
  if (!Number.isFinite(percentage) || percentage < 0 || percentage > targetPercentage) {
    throw new Refusal(
      'bad_request',
      `percentage ${percentage}: expected 0 to the target, ${targetPercentage}`,
    );
  }
  if (status !== 'pending' && status !== 'active' && status !== 'paused') {
    throw conflict(rollout, 'changed', 'pending, active or paused');
  }
  if (percentage === rollout.percentage) return record(rollout, status, { at, reason });
  if (percentage < rollout.percentage) {
    throw new Refusal(
      'conflict',
      `the percentage is ${rollout.percentage} and can not be lowered to ${percentage}`,
    );
  }
  if (status !== 'active') throw conflict(rollout, 'raised', 'active');
  checkRaise(rollout, percentage, { at, policy });
  return record({ ...enter(rollout, percentage, at), percentage }, status, { at, reason });
}

/** Returns the rollout at any percentage, also a lower one, whatever its status and its target. */
export function forcePercentage(
  rollout: RolloutRecord,
  percentage: Percent,
  occasion: Occasion,
): RolloutRecord {
  if (!(percentage >= 0 && percentage <= 100)) {
    throw new Refusal('bad_request', `percentage ${percentage}: expected 0 to 100`);
  }
  const started = rollout.status === 'pending' ? rollout : enter(rollout, percentage, occasion.at);
  return record({ ...started, percentage }, rollout.status, occasion);
}

/**
 * Returns the rollout raised by its step, or by `increment`, at most to its target.
 *
 * Errors: Refusal `conflict` at the target and unless it is active; those of `changePercentage`.
 */
export function advanceRollout(
  rollout: RolloutRecord,
  increment: Percent | null,
  occasion: Occasion & { readonly policy: OrgPolicy },
): RolloutRecord {
  const { percentage, targetPercentage, incrementStep, status } = rollout;
  if (status !== 'active') throw conflict(rollout, 'advanced', 'active');
  if (percentage >= targetPercentage) {
    throw new Refusal('conflict', `the rollout is at its target, ${targetPercentage}%`);
  }
  const next = Math.min(targetPercentage, percentage + (increment ?? incrementStep));
  return changePercentage(rollout, next, occasion);
}

function record(rollout: RolloutRecord, status: ServerStatus, { at, reason }: Occasion): RolloutRecord {
  const line = { status, percentage: rollout.percentage, reason, at };
  return { ...rollout, status, updatedAt: at, history: [...rollout.history, line] };
}

function enter(rollout: RolloutRecord, percentage: Percent, at: EpochMs): RolloutRecord {
  return { ...rollout, entered: [...rollout.entered, { percentage, at }] };
}

function conflict({ status }: RolloutRecord, verb: string, expected: string): Refusal {
  return new Refusal('conflict', `a rollout that is ${status} can not be ${verb}; expected ${expected}`);
}
