/** The looks of one drive for its report: all of them for hours, thinned for days. Pure but for its own list. */
import type { RolloutEvent } from '../core/evolve.ts';
import { MOST_KEPT_LOOKS, NEWEST_LOOKS } from '../report/most-kept-looks.ts';
import type { LookRecord } from '../report/run-record.ts';

/** A list of looks that stays short. */
export interface KeptLooks {
  /** Oldest first; the first and the last look are always in it. */
  readonly looks: readonly LookRecord[];
  /** Looks that were taken, kept or not. */
  taken(): number;
  add(look: LookRecord): void;
  /** Tells what the command of the newest look came to. */
  amend(events: readonly RolloutEvent[]): void;
}

/**
 * Returns an empty list.
 *
 * Beyond `MOST_KEPT_LOOKS`, every second look that only waited for the same reason as the one before it is left
 * out, again and again. Looks that did something, and those before and after a change of stage or reason, go
 * only when nothing else is left, looks that did something last.
 */
export function createKeptLooks(): KeptLooks {
  const looks: LookRecord[] = [];
  let taken = 0;
  return {
    looks,
    taken: () => taken,
    add(look) {
      taken += 1;
      looks.push(look);
      for (const isKept of [isTurn, isAct, isNever]) {
        if (looks.length <= MOST_KEPT_LOOKS) return;
        looks.splice(0, looks.length, ...thinned(looks, isKept));
      }
    },
    amend(events) {
      const newest = looks.pop();
      if (newest !== undefined) looks.push({ ...newest, events });
    },
  };
}

type Keeping = (looks: readonly LookRecord[], index: number) => boolean;

function thinned(looks: readonly LookRecord[], isKept: Keeping): readonly LookRecord[] {
  const newest = looks.length - NEWEST_LOOKS;
  let passed = 0;
  return looks.filter((_look, index) => {
    if (index === 0 || index >= newest || isKept(looks, index)) return true;
    passed += 1;
    return passed % 2 === 0;
  });
}

function isTurn(looks: readonly LookRecord[], index: number): boolean {
  const [before, look, after] = [looks[index - 1], looks[index], looks[index + 1]];
  return isAct(looks, index) || differs(before, look) || differs(look, after);
}

function isAct(looks: readonly LookRecord[], index: number): boolean {
  return looks[index]?.command.kind !== 'wait';
}

function isNever(): boolean {
  return false;
}

function differs(one: LookRecord | undefined, other: LookRecord | undefined): boolean {
  return one?.stageIndex !== other?.stageIndex || one?.reason !== other?.reason;
}
