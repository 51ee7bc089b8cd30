/** Counts what modelled worlds met, so that a suite of worlds cannot quietly become a suite of sunny days. */
import type { RunEnd } from './model-chronicle.ts';
import { type ModelWorld, writesOf } from './model-world.ts';

/** What a world can meet. */
export const FATES = ['rolled back', 'paused', 'met no data', 'resumed'] as const;

/** One thing that a world can meet. */
export type Fate = (typeof FATES)[number];

/** Counts worlds by what they met. */
export interface Tally {
  add(world: ModelWorld): void;
  /** Worlds with a fate of all, 0 to 1. */
  share(fate: Fate): number;
  worlds(): number;
  /** One line: `1000 worlds: 31% rolled back, …`. */
  line(): string;
}

/** Returns a tally of no worlds. */
export function createTally(): Tally {
  const met = new Map<Fate, number>();
  let count = 0;
  const share = (fate: Fate): number => (count === 0 ? 0 : (met.get(fate) ?? 0) / count);
  return {
    add(world) {
      count += 1;
      for (const fate of FATES) if (MEETS[fate](world)) met.set(fate, (met.get(fate) ?? 0) + 1);
    },
    share,
    worlds: () => count,
    line: () =>
      `${count} worlds: ${FATES.map((fate) => `${Math.round(100 * share(fate))}% ${fate}`).join(', ')}`,
  };
}

const MEETS: Readonly<Record<Fate, (world: ModelWorld) => boolean>> = {
  'rolled back': (world) => writesOf(world).some((each) => each.method === 'roll_back' && each.committed),
  paused: (world) => writesOf(world).some((each) => each.method === 'pause' && each.committed),
  'met no data': (world) =>
    world.chronicle.some((each) => each.kind === 'evidence' && isSilent(each.evidence)),
  resumed: (world) =>
    world.chronicle.some((each) => each.kind === 'began' && each.run > 0 && each.how === 'adopt') ||
    writesOf(world).some((each) => each.method === 'resume' && each.committed),
};

function isSilent(
  evidence: Extract<ModelWorld['chronicle'][number], { kind: 'evidence' }>['evidence'],
): boolean {
  return (evidence ?? []).some(
    (each) => each.kind === 'none' || (each.kind === 'counts' && each.candidate.trials === 0),
  );
}

/** Returns the ends of all runs of a world, in order. */
export function endsOf(world: ModelWorld): readonly RunEnd[] {
  return world.chronicle.flatMap((each) => (each.kind === 'ended' ? [each.end] : []));
}
