/** Who was active and failing in many ticks together, so that long windows cost little. Pure. */
import { uniteInto } from './device-set.ts';
import type { ArmDevices, Tick } from './tick.ts';

/** How many ticks a block is. */
export const BLOCK_TICKS = 32;

/** Blocks of ticks, each united when it is first asked for. */
export interface TickBlocks {
  /** Returns the devices of the block that begins at a tick's index, or null where none begins or it is not full. */
  from(index: number): readonly ArmDevices[] | null;
}

/** Returns the blocks of ticks; the list may grow at its end. */
export function createTickBlocks(ticks: readonly Tick[]): TickBlocks {
  const known = new Map<number, readonly ArmDevices[]>();
  return {
    from(index) {
      if (index % BLOCK_TICKS !== 0 || index + BLOCK_TICKS > ticks.length) return null;
      const block = known.get(index) ?? united(ticks.slice(index, index + BLOCK_TICKS));
      known.set(index, block);
      return block;
    },
  };
}

interface OpenDevices extends ArmDevices {
  readonly crashed: number[];
  readonly outOfMemory: number[];
}

function united(ticks: readonly Tick[]): readonly ArmDevices[] {
  const all: OpenDevices[] = [];
  for (const arm of ticks.flatMap(({ arms }) => arms)) {
    const { version, group, part, shadow } = arm;
    const sum = all.find(
      (one) => one.version === version && one.group === group && one.part === part && one.shadow === shadow,
    );
    if (sum === undefined) {
      const { active, failing, crashed, outOfMemory } = arm;
      const copy = { active: active.slice(), failing: failing.slice() };
      all.push({
        version,
        group,
        part,
        shadow,
        ...copy,
        crashed: [...crashed],
        outOfMemory: [...outOfMemory],
      });
      continue;
    }
    uniteInto(sum.active, arm.active);
    uniteInto(sum.failing, arm.failing);
    sum.crashed.push(...arm.crashed);
    sum.outOfMemory.push(...arm.outOfMemory);
  }
  return all;
}
