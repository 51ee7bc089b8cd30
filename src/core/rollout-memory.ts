/** What is remembered of a rollout outside the API, put beside the history that the API gives back. Pure. */
import { readTag } from './memory-tag.ts';
import type { RolloutMemory } from './ports.ts';
import type { HistoryEntry } from './rollout.ts';
import { SECOND_MS } from './units.ts';

/** The memory of a run that is given none. */
export const NOTHING_REMEMBERED: RolloutMemory = {
  recall: async () => [],
  remember: async () => false,
  begunRollback: async () => null,
  conclude: async () => false,
  lastTold: async () => null,
  noteTold: async () => false,
};

/**
 * Returns a history, oldest first, filled up with what is remembered where the API itself does not tell.
 *
 * A history with a tag of ours stays as it is. One with times but without tags keeps its times and gains the
 * tags. `remembered` is oldest first, each entry with time, percentage and a tag. Invariant: INV-6, a pause that
 * cannot be told from somebody else's loses its mark.
 */
export function withMemory(
  history: readonly HistoryEntry[],
  remembered: readonly HistoryEntry[],
): readonly HistoryEntry[] {
  if (remembered.length === 0 || history.some(({ reason }) => readTag(reason) !== null)) return history;
  const tellsTimes = history.some(({ percentage, at }) => percentage !== null && at !== null);
  if (tellsTimes) return remembered.reduce(insertTag, history);
  const pauses = pausesIn(history);
  const everyPauseIsOurs = pauses > 0 && pauses <= remembered.filter(isPauseOfOurs).length;
  return [...history, ...remembered, ...(everyPauseIsOurs ? [] : [NO_NOTE])];
}

// Takes a pause away from the mark before it, as an operator's own note would.
const NO_NOTE: HistoryEntry = { status: null, percentage: null, reason: null, at: null };

/** Puts the tag of an entry where its time belongs; the entry's own time and percentage are the API's to tell. */
function insertTag(history: readonly HistoryEntry[], { reason, at }: HistoryEntry): readonly HistoryEntry[] {
  // A tag's time is rounded up to the second.
  const since = (at ?? 0) - SECOND_MS;
  const after = history.findIndex((entry) => entry.at !== null && entry.at >= since && isUntold(entry));
  const index = after < 0 ? history.length : after;
  return history.toSpliced(index, 0, { ...NO_NOTE, reason });
}

function isUntold({ reason }: HistoryEntry): boolean {
  return readTag(reason) === null;
}

/** Lines that follow each other in the same pause are one. */
function pausesIn(history: readonly HistoryEntry[]): number {
  return history.filter(({ status }, index) => status === 'paused' && history[index - 1]?.status !== 'paused')
    .length;
}

function isPauseOfOurs({ reason }: HistoryEntry): boolean {
  return (readTag(reason)?.pausing ?? null) !== null;
}
