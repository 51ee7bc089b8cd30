/** Whether somebody lowered a rollout's percentage since a run of ours last wrote to it. Pure. */
import { formatPercent } from './format.ts';
import { readTag } from './memory-tag.ts';
import type { Plan } from './plan.ts';
import type { HistoryEntry, RemoteRollout } from './rollout.ts';

/**
 * Returns in words how somebody lowered the percentage, or null where nobody did or it is not told.
 *
 * `history` is oldest first. This product never lowers a percentage, so every decrease is somebody's decision; a
 * tagged write after it is that of a run that a person has started since. Without percentages in the history, one
 * below the plan's first stage is taken for lowered. Never throws. Invariant: INV-6.
 */
export function loweredByOthers(
  plan: Plan,
  ours: RemoteRollout,
  history: readonly HistoryEntry[],
): string | null {
  const told = history.flatMap(({ percentage, reason }) =>
    percentage === null ? [] : [{ percentage, reason }],
  );
  if (told.length === 0) return belowFirstStage(plan, ours);
  const at = told.findLastIndex((entry, index) => entry.percentage < (told[index - 1]?.percentage ?? 0));
  const [before, after] = [told[at - 1], told[at]];
  if (before === undefined || after === undefined) return null;
  if (told.slice(at).some(({ reason }) => readTag(reason) !== null)) return null;
  return `somebody lowered it from ${formatPercent(before.percentage)} to ${formatPercent(after.percentage)}`;
}

function belowFirstStage({ stages }: Plan, { status, percentage }: RemoteRollout): string | null {
  const first = stages[0].percentage;
  if (status === 'pending' || percentage >= first) return null;
  return `it is at ${formatPercent(percentage)}, below the plan's first stage of ${formatPercent(first)}`;
}
