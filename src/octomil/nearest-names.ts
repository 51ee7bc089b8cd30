/** Names that a mistyped one may have meant. Pure. */
import { distance } from 'fastest-levenshtein';
import { oneLine } from '../runtime/untrusted-text.ts';

const MOST_NAMES = 3;
const MAX_NAME_CHARS = 80;

/** Returns up to three of `names`, nearest first, without regard to case. */
export function nearestNames(given: string, names: readonly string[]): readonly string[] {
  const wanted = given.toLowerCase();
  return [...new Set(names)]
    .map((name) => ({ name, far: distance(wanted, name.toLowerCase()) }))
    .sort((one, other) => one.far - other.far)
    .slice(0, MOST_NAMES)
    .map(({ name }) => oneLine(name, MAX_NAME_CHARS));
}

/** Returns a list for a sentence: `a`, `a or b`, `a, b or c`; empty text for none. */
export function orList(names: readonly string[]): string {
  const last = names.at(-1);
  if (last === undefined) return '';
  return names.length === 1 ? last : `${names.slice(0, -1).join(', ')} or ${last}`;
}
