/** The placeholders that the texts of a series may have: `{{version}}` and others. Pure. */
import { nearestKey } from './nearest-key.ts';

/** Every name between double braces, and what stands there when a source is asked. */
export const PLACEHOLDERS = ['version', 'baseline', 'group', 'model', 'window', 'from', 'to', 'by'] as const;

/** Placeholders that may stand for nothing: a first rollout has no baseline, and the whole fleet no group. */
const MAY_BE_EMPTY: readonly string[] = ['baseline', 'group'];

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/** What is wrong with a text's placeholders. */
export interface PlaceholderProblem {
  readonly expected: string;
  readonly hint: string | null;
}

/** Returns what is wrong with the first placeholder that does not exist, or null. */
export function placeholderProblem(text: string): PlaceholderProblem | null {
  const unknown = placeholdersIn(text).find((name) => !(PLACEHOLDERS as readonly string[]).includes(name));
  const expected = `only the placeholders ${PLACEHOLDERS.map((name) => `{{${name}}}`).join(', ')}`;
  if (unknown !== undefined) {
    const near = nearestKey(unknown, PLACEHOLDERS);
    return { expected, hint: near === null ? null : `Did you mean {{${near}}}?` };
  }
  const isOpen = /\{\{/.test(fillPlaceholders(text, ''));
  return isOpen ? { expected, hint: 'A placeholder ends with }}.' } : null;
}

/** Returns the names of a text's placeholders, in order. */
export function placeholdersIn(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
}

/** Returns a text with `value` for every placeholder. */
export function fillPlaceholders(text: string, value: string): string {
  return text.replace(PLACEHOLDER, () => value);
}

/** Returns a text without the placeholders that may stand for nothing, and `x` for every other. */
export function fillWithLeast(text: string): string {
  return text.replace(PLACEHOLDER, (_whole, name: string) => (MAY_BE_EMPTY.includes(name) ? '' : 'x'));
}
