/** Guesses which word was meant. Pure. */
import { distance } from 'fastest-levenshtein';

/**
 * Returns the known word that is nearest to a given one, or null when none is near enough to be meant.
 *
 * Near is at most 1 edit for words up to 3 letters, 2 up to 8, and 3 beyond; two letters that changed
 * places are 2 edits. Case and the kind of separator do not count: `Min-Samples` means `min_samples`.
 */
export function nearestKey(word: string, known: readonly string[]): string | null {
  const wanted = normalise(word);
  if (wanted.length > 64) return null;
  let nearest: { readonly key: string; readonly edits: number } | null = null;
  for (const key of known) {
    const edits = distance(wanted, normalise(key));
    if (edits <= maxEdits(key) && (nearest === null || edits < nearest.edits)) nearest = { key, edits };
  }
  return nearest?.key ?? null;
}

function maxEdits(key: string): number {
  if (key.length <= 3) return 1;
  return key.length <= 8 ? 2 : 3;
}

function normalise(word: string): string {
  return word.trim().toLowerCase().replace(/[-\s]/g, '_');
}
