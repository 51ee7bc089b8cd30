/** A rollout's history on the wire; no source documents its fields, so several names are read. Pure. */
import type { HistoryEntry } from '../core/rollout.ts';
import { anyObject, fieldOrNull } from './wire-field.ts';
import { pageSchema } from './wire-page.ts';
import { statusOf } from './wire-rollout.ts';
import { freeText, percentage, time } from './wire-scalars.ts';

const entrySchema = anyObject.transform((object, context): HistoryEntry => {
  const source = { object, context };
  const word = fieldOrNull(source, ['status', 'to_status', 'new_status', 'state'], freeText);
  return {
    status: typeof word === 'string' ? statusOf(word) : null,
    percentage: fieldOrNull(
      source,
      ['percentage', 'rollout_percentage', 'current_percentage', 'to_percentage', 'new_percentage'],
      percentage,
    ),
    reason: fieldOrNull(source, ['reason', 'note'], freeText),
    at: fieldOrNull(source, ['at', 'created_at', 'timestamp', 'changed_at'], time),
  };
});

/** The schema of `status-history`: an array (octomil-python 3c7bad6), or an envelope. */
export const historySchema = pageSchema(['history'], entrySchema);

/** Returns the entries oldest first when every one has a time, else in the order they came in. */
export function oldestFirst(entries: readonly HistoryEntry[]): readonly HistoryEntry[] {
  if (entries.some((entry) => entry.at === null)) return entries;
  return [...entries].sort((one, other) => (one.at ?? 0) - (other.at ?? 0));
}
