/** The texts of a series one by one, and the answer where none of them is answered. Pure. */
import type { SeriesShape } from '../core/series.ts';
import type { LeafAnswer, LeafName, SeriesAnswer, SeriesScope } from './series-source.ts';

/** One text of a series and what it is called. */
export interface Leaf {
  readonly name: LeafName;
  readonly text: string;
}

const LEAF_NAMES: readonly LeafName[] = [
  'events',
  'trials',
  'devices',
  'devicesWithEvents',
  'mean',
  'n',
  'buckets',
  'value',
];

/** Returns the texts of a shape that are asked, in a fixed order. */
export function leavesOf(shape: SeriesShape): readonly Leaf[] {
  const texts: Readonly<Partial<Record<LeafName, unknown>>> = shape;
  return LEAF_NAMES.flatMap((name) => {
    const text = texts[name];
    return typeof text === 'string' ? [{ name, text }] : [];
  });
}

/** Returns an answer that is the same for every text of a series, over the window as it was asked. */
export function unanswered(
  shape: SeriesShape,
  { window }: Pick<SeriesScope, 'window'>,
  answer: LeafAnswer,
): SeriesAnswer {
  const leaves = Object.fromEntries(leavesOf(shape).map(({ name }) => [name, answer]));
  return { covered: window, leaves, warnings: [], asked: '', found: null, newestAt: null };
}
