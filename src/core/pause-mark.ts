/** Which pause of ours a rollout's present pause is, from what its history remembers. Pure. */
import { readTag } from './memory-tag.ts';
import type { HistoryEntry, PauseMark } from './rollout.ts';
import { type DurationMs, MINUTE_MS } from './units.ts';

// A mark that was followed by no pause of ours must not claim a later one of somebody else.
const PAUSE_FOLLOWS_WITHIN_MS: DurationMs = MINUTE_MS;

/**
 * Returns why a run of ours made the pause that a rollout is in; null when somebody else made it or nothing
 * tells.
 *
 * `history` is oldest first, of a rollout that is paused now. A note that follows the mark, such as an
 * operator's, takes the pause away from it. Never throws.
 */
export function pauseMarkIn(history: readonly HistoryEntry[]): PauseMark | null {
  const marked = history.findLastIndex((entry) => !(entry.status === 'paused' && entry.reason === null));
  const tag = readTag(history[marked]?.reason ?? null);
  const pausedAt = history[marked + 1]?.at ?? null;
  if (tag === null || (pausedAt !== null && pausedAt - tag.at > PAUSE_FOLLOWS_WITHIN_MS)) return null;
  return tag.pausing;
}
