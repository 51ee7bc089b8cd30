/** The placeholders that a text of a series may have: `{{version}}` and others. Pure. */

/** Every name between double braces, and nothing else: a plan is refused by it, and a source filled by it. */
export const PLACEHOLDER_NAMES = [
  'version',
  'baseline',
  'group',
  'model',
  'window',
  'from',
  'to',
  'by',
] as const;

/** The name of a placeholder. */
export type PlaceholderName = (typeof PLACEHOLDER_NAMES)[number];

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/** Returns the placeholders of a text in order, known or not, without their braces and the blanks within them. */
export function placeholdersIn(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)].map((match) => (match[1] ?? '').trim());
}

/** Returns a text with what `fill` says for the name of each placeholder, once: what it says is never filled again. */
export function replacePlaceholders(text: string, fill: (name: string) => string): string {
  return text.replace(PLACEHOLDER, (_whole, name: string) => fill(name.trim()));
}

/** Returns whether a text has a `{{` that no `}}` closes. */
export function hasOpenPlaceholder(text: string): boolean {
  return replacePlaceholders(text, () => '').includes('{{');
}

/** Returns whether a name is that of a placeholder. */
export function isPlaceholderName(name: string): name is PlaceholderName {
  return (PLACEHOLDER_NAMES as readonly string[]).includes(name);
}
