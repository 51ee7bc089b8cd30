/** The rollout object of the wire, as the union of all sources. Pure. */
import { z } from 'zod';
import type { RemoteRollout, RolloutStatus } from '../core/rollout.ts';
import { oneLine } from '../runtime/untrusted-text.ts';
import { anyObject, type FieldNames, type FieldSource, field, fieldOrNull } from './wire-field.ts';
import { freeText, opaqueId, percentage, time, versionText } from './wire-scalars.ts';

/** `rollout_id` in docs /api-reference/api-rollouts, `id` in octomil-python 3c7bad6. */
export const ROLLOUT_ID_NAMES: FieldNames = ['rollout_id', 'id'];
/** `percentage` in the docs, `rollout_percentage` in the create body and in octomil-python's list items. */
export const PERCENTAGE_NAMES: FieldNames = ['percentage', 'rollout_percentage', 'current_percentage'];
const GROUP_NAMES: FieldNames = ['group', 'group_id', 'device_group', 'device_group_id'];

const STATUS_WORDS: Readonly<Record<string, RolloutStatus>> = {
  pending: 'pending',
  created: 'pending',
  active: 'active',
  started: 'active',
  canary: 'active',
  paused: 'paused',
  completed: 'completed',
  rolling_back: 'rolling_back',
  rolled_back: 'rolled_back',
  cancelled: 'cancelled',
  canceled: 'cancelled',
  deleted: 'cancelled',
  failed: 'failed',
};

/** Statuses in which a rollout no longer changes and no longer stands in the way of another one. */
const TERMINAL: ReadonlySet<RolloutStatus> = new Set(['completed', 'rolled_back', 'cancelled', 'failed']);

/** Returns the status that a word of the API means; `unknown` for every word that no source shows. */
export function statusOf(word: string): RolloutStatus {
  const key = word
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  return Object.hasOwn(STATUS_WORDS, key) ? (STATUS_WORDS[key] ?? 'unknown') : 'unknown';
}

/** Returns whether a rollout may still change: an unknown status counts as live. */
export function isLive(rollout: RemoteRollout): boolean {
  return !TERMINAL.has(rollout.status);
}

/** Returns the schema of one rollout; `modelId` is used where the object does not name its model. */
export function rolloutSchema(modelId: string): z.ZodType<RemoteRollout> {
  return anyObject.transform((object, context): RemoteRollout => {
    const source = { object, context };
    const word = field(source, ['status', 'state'], freeText);
    return {
      id: field(source, ROLLOUT_ID_NAMES, opaqueId),
      modelId: fieldOrNull(source, ['model_id'], opaqueId) ?? modelId,
      version: field(source, ['version'], versionText),
      status: typeof word === 'string' ? statusOf(word) : 'unknown',
      statusText: typeof word === 'string' ? oneLine(word, 60) : '',
      percentage: field(source, PERCENTAGE_NAMES, percentage),
      targetPercentage: fieldOrNull(source, ['target_percentage'], percentage),
      group: groupOf(source),
      createdAt: fieldOrNull(source, ['created_at'], time),
    };
  });
}

/** What the answer to a write may hold of a rollout: its id and its group, or nothing at all. */
export const writtenRolloutSchema = anyObject.transform((object, context) => ({
  id: fieldOrNull({ object, context }, ROLLOUT_ID_NAMES, opaqueId),
}));

const groupReference = z.union(
  [opaqueId, anyObject.transform((object, context) => field({ object, context }, ['id', 'name'], opaqueId))],
  { error: 'a group: its id, or an object with its id' },
);

// A name that is there with null says "the whole fleet"; no name at all says nothing.
function groupOf(source: FieldSource): string | null | undefined {
  const group = fieldOrNull(source, GROUP_NAMES, groupReference);
  if (group !== null) return group;
  return GROUP_NAMES.some((name) => Object.hasOwn(source.object, name)) ? null : undefined;
}
