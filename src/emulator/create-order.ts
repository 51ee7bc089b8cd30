/** Checks what a client wants to roll out against what the emulated server allows. */
import type { Percent } from '../core/units.ts';
import type { EmulatorSettings } from './emulator-options.ts';
import { groupNamed } from './groups.ts';
import { Refusal } from './refusal.ts';
import { isUnfinished, type RolloutRecord } from './rollout-record.ts';
import type { RolloutDraft } from './rollout-transitions.ts';
import type { VersionShelf } from './versions.ts';

/** What a client asks for when it creates a rollout. */
export interface CreateOrder {
  readonly version: string;
  readonly percentage: Percent;
  readonly targetPercentage: Percent;
  readonly incrementStep: Percent;
  /** Id or name. */
  readonly group: string | null;
  readonly startImmediately: boolean;
}

/** What an order is checked against. */
export interface CreateGround {
  /** Oldest first. */
  readonly rollouts: readonly RolloutRecord[];
  readonly settings: EmulatorSettings;
  readonly versions: VersionShelf;
}

const SERVED_STATUSES: readonly string[] = ['published', 'active', 'preview', 'deprecated'];

/**
 * Returns the draft of an order.
 *
 * Errors: Refusal `version_not_found`, `not_found` for a group, `bad_request` for percentages, `conflict` for
 * a version that is not served and beside an unfinished rollout where the profile does not accept that.
 */
export function checkedDraft(
  order: CreateOrder,
  { rollouts, settings, versions }: CreateGround,
): RolloutDraft {
  const { switches, groups } = settings;
  const { version, percentage, targetPercentage, incrementStep } = order;
  const { status } = versions.find(version);
  if (!SERVED_STATUSES.includes(status)) {
    throw new Refusal('conflict', `version "${version}" is ${status} and can not be rolled out`);
  }
  checkPercentages(order, switches['zero-percent'] === 'accepted');
  const named = order.group === null ? null : groupNamed(groups, order.group);
  const group = switches.group === 'ignored' ? null : named;
  const rival = rollouts.findLast(isUnfinished);
  const besidePaused = switches['second-rollout'] === 'when-paused' && rival?.status === 'paused';
  if (rival !== undefined && switches['second-rollout'] !== 'accepted' && !besidePaused) {
    throw new Refusal('conflict', `a rollout of version "${rival.version}" of this model is ${rival.status}`);
  }
  const previousVersion = servingVersion(rollouts, group);
  return { version, percentage, targetPercentage, incrementStep, group, previousVersion, reason: null };
}

/** Returns the version of the newest completed rollout that reaches a group, or null. */
export function servingVersion(rollouts: readonly RolloutRecord[], group: string | null): string | null {
  const serving = rollouts.findLast(
    (rollout) => rollout.status === 'completed' && (rollout.group === null || rollout.group === group),
  );
  return serving?.version ?? null;
}

function checkPercentages({ percentage, targetPercentage, incrementStep }: CreateOrder, zero: boolean): void {
  if (!(percentage >= 0 && percentage <= 100)) {
    throw new Refusal('bad_request', `rollout_percentage ${percentage}: expected 0 to 100`);
  }
  if (percentage === 0 && !zero)
    throw new Refusal('bad_request', 'rollout_percentage 0: expected more than 0');
  if (!(targetPercentage >= percentage && targetPercentage <= 100)) {
    throw new Refusal('bad_request', `target_percentage ${targetPercentage}: expected ${percentage} to 100`);
  }
  if (!(incrementStep > 0 && incrementStep <= 100)) {
    throw new Refusal('bad_request', `increment_step ${incrementStep}: expected more than 0, to 100`);
  }
}
