/** What a run can know of the time before it, in a world whose server may keep no history. Pure. */
import type { EpochMs } from '../../src/core/units.ts';
import type { WriteEntry } from './model-chronicle.ts';
import { type ModelWorld, writesOf } from './model-world.ts';

/** Returns the change that brought a rollout to its percentage at a moment; null when it was created there. */
export function lastChange(world: ModelWorld, rolloutId: string, at: EpochMs): WriteEntry | null {
  const changes = writesOf(world).filter(
    (each) => each.committed && each.rolloutId === rolloutId && each.at < at && hasMoved(each),
  );
  return changes.at(-1) ?? null;
}

function hasMoved({ before, after }: WriteEntry): boolean {
  return before !== null && before.percentage !== after?.percentage;
}

/**
 * Returns whether a run could know when its rollout came to its present percentage.
 *
 * Not when somebody else changed it before the run began and the server tells neither percentages nor our
 * tags: then there is nothing to know it from.
 */
export function canKnowItsEntry(world: ModelWorld, run: number, change: WriteEntry | null): boolean {
  if (change === null || change.by === 'us' || change.run === run) return true;
  const { kept, percentages, reasons } = world.spec.server.history;
  return kept && (percentages || reasons);
}
