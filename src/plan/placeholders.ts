/** What a plan may write between double braces, and what a text is once they are filled. Pure. */
import {
  hasOpenPlaceholder,
  isPlaceholderName,
  PLACEHOLDER_NAMES,
  placeholdersIn,
  replacePlaceholders,
} from '../core/series-placeholders.ts';
import { nearestKey } from './nearest-key.ts';

/** Placeholders that may stand for nothing: a first rollout has no baseline, and the whole fleet no group. */
const MAY_BE_EMPTY: readonly string[] = ['baseline', 'group'];

/** What is wrong with a text's placeholders. */
export interface PlaceholderProblem {
  readonly expected: string;
  readonly hint: string | null;
}

/** Returns what is wrong with the first placeholder that does not exist, or null. */
export function placeholderProblem(text: string): PlaceholderProblem | null {
  const unknown = placeholdersIn(text).find((name) => !isPlaceholderName(name));
  const expected = `only the placeholders ${PLACEHOLDER_NAMES.map((name) => `{{${name}}}`).join(', ')}`;
  if (unknown !== undefined) {
    const near = nearestKey(unknown, PLACEHOLDER_NAMES);
    return { expected, hint: near === null ? null : `Did you mean {{${near}}}?` };
  }
  return hasOpenPlaceholder(text) ? { expected, hint: 'A placeholder ends with }}.' } : null;
}

/** Returns a text with `value` for every placeholder. */
export function fillPlaceholders(text: string, value: string): string {
  return replacePlaceholders(text, () => value);
}

/** Returns a text without the placeholders that may stand for nothing, and `x` for every other. */
export function fillWithLeast(text: string): string {
  return replacePlaceholders(text, (name) => (MAY_BE_EMPTY.includes(name) ? '' : 'x'));
}
