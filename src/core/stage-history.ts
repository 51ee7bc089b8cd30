/** When the stages of a rollout were entered, from what the server remembers. Pure. */
import { type MemoryTag, readTag } from './memory-tag.ts';
import type { Plan } from './plan.ts';
import type { HistoryEntry, PastStage, RemoteRollout } from './rollout.ts';
import type { EpochMs, Percent } from './units.ts';

/** What is said where nothing tells when the present stage was entered. */
export const ENTRY_UNTOLD =
  'the API does not tell when this stage was entered; its soak starts again with this run, and only evidence from now on is judged';

/** When the stage that a rollout stands in was entered, and the stages before it. */
export interface StageHistory {
  readonly enteredAt: EpochMs;
  /** False when nothing tells it and the present run's own clock has to do. */
  readonly known: boolean;
  /** Oldest first; empty where their times are not told. */
  readonly past: readonly PastStage[];
  /** What is not known and what follows from it, for people. */
  readonly notes: readonly string[];
}

/** What the stages' times are read from. */
export interface StageMemory {
  /** Oldest first. */
  readonly history: readonly HistoryEntry[];
  readonly now: EpochMs;
}

/**
 * Returns when the stages of a rollout were entered, best source first: the history's entries, our tags in
 * them, the creation (first stage only); never a bare `updated_at`.
 */
export function readStageHistory(plan: Plan, ours: RemoteRollout, memory: StageMemory): StageHistory {
  if (ours.status === 'pending') return { enteredAt: memory.now, known: true, past: [], notes: [] };
  const told = toldEntries(memory.history, plan);
  const entries = told.filter(({ isStep }) => !isStep);
  const newest = told.at(-1);
  // A step of ours on the way to the next stage belongs to the stage that it began in.
  const steps = newest?.isStep === true && newest.percentage === ours.percentage;
  const percentage = steps ? entries.at(-1)?.percentage : ours.percentage;
  const current = entries.findLastIndex((entry) => entry.percentage !== percentage) + 1;
  const entered = entries[current];
  if (entered !== undefined) return withPast(plan, entries.slice(0, current), entered.at);
  const tagged = taggedEntries(plan, memory.history);
  const tag = tagged.at(-1);
  if (tag?.percentage === ours.percentage) return withPast(plan, tagged.slice(0, -1), tag.at);
  const movedBefore =
    (lastTag(memory.history)?.stage ?? 1) > 1 ||
    isWrittenOften(memory.history) ||
    memory.history.some((each) => each.percentage !== null && each.percentage !== ours.percentage);
  if (ours.createdAt !== null && ours.percentage <= plan.stages[0].percentage && !movedBefore) {
    return { enteredAt: ours.createdAt, known: true, past: [], notes: [] };
  }
  return { enteredAt: memory.now, known: false, past: [], notes: [ENTRY_UNTOLD] };
}

/**
 * Where entries tell neither percentages nor reasons, more of them than the creation and its tag leave may be a
 * raise that somebody took back: the first stage is then not known to have lasted since the creation.
 */
function isWrittenOften(history: readonly HistoryEntry[]): boolean {
  if (history.some(({ percentage, reason }) => percentage !== null || reason !== null)) return false;
  const writes = history.filter(
    ({ status }, index) => status === 'active' && history[index - 1]?.status !== 'paused',
  );
  return writes.length > 2;
}

/** Returns when the percentage was last raised within the stage that a rollout stands in; null where it was not. */
export function lastStepAt(
  plan: Plan,
  ours: Pick<RemoteRollout, 'percentage'>,
  history: readonly HistoryEntry[],
): EpochMs | null {
  const told = toldEntries(history, plan);
  const entered = told.findLastIndex(({ percentage }) => percentage !== ours.percentage) + 1;
  const newest = told[entered];
  return newest?.isStep === true ? newest.at : null;
}

/** Returns the newest of our tags in a history, or null. */
export function lastTag(history: readonly HistoryEntry[]): MemoryTag | null {
  return history.map((entry) => readTag(entry.reason)).findLast((tag) => tag !== null) ?? null;
}

interface Entered {
  readonly percentage: Percent;
  readonly at: EpochMs;
}

interface Told extends Entered {
  /** True for a raise under this very plan that ended between two stages, and for what followed at its percentage. */
  readonly isStep: boolean;
}

function toldEntries(history: readonly HistoryEntry[], plan: Plan): readonly Told[] {
  const entries: Told[] = [];
  for (const { percentage, at, status, reason } of history) {
    if (percentage === null || at === null || status === 'pending') continue;
    const before = entries.at(-1);
    const isOurs =
      before?.percentage === percentage ? before.isStep : readTag(reason)?.planDigest === plan.digest;
    const isStep = isOurs && before !== undefined && isBetweenStages(plan, percentage);
    entries.push({ percentage, at, isStep });
  }
  return entries;
}

function isBetweenStages({ stages }: Plan, percentage: Percent): boolean {
  return percentage > stages[0].percentage && stages.every((stage) => stage.percentage !== percentage);
}

/** One entry for each stage that a tag names; each tag carries the time at which its stage was entered. */
function taggedEntries(plan: Plan, history: readonly HistoryEntry[]): readonly Entered[] {
  return history.flatMap((entry) => {
    const tag = readTag(entry.reason);
    const stage = tag === null ? undefined : plan.stages[tag.stage - 1];
    return tag === null || stage === undefined ? [] : [{ percentage: stage.percentage, at: tag.at }];
  });
}

function withPast(plan: Plan, before: readonly Entered[], enteredAt: EpochMs): StageHistory {
  const firsts = before.filter((entry, index) => entry.percentage !== before[index - 1]?.percentage);
  const past = firsts.flatMap(({ percentage, at }, index): PastStage[] => {
    const leftAt = firsts[index + 1]?.at ?? enteredAt;
    const stageIndex = Math.max(
      0,
      plan.stages.findLastIndex((stage) => stage.percentage <= percentage),
    );
    return leftAt > at ? [{ stageIndex, enteredAt: at, leftAt }] : [];
  });
  return { enteredAt, known: true, past, notes: [] };
}
