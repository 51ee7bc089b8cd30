/** The texts of a series, one by one. Pure. */
import type { SeriesShape } from '../core/series.ts';
import type { LeafAnswer, LeafName } from './series-source.ts';

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

/** Returns the same answer for every text of a shape. */
export function sameForAll(shape: SeriesShape, answer: LeafAnswer): Partial<Record<LeafName, LeafAnswer>> {
  return Object.fromEntries(leavesOf(shape).map(({ name }) => [name, answer]));
}
