/** Guesses which word was meant. Pure. */
import { distance } from 'fastest-levenshtein';

/**
 * Returns the known word that is nearest to a given one, or null when none is near enough to be meant.
 *
 * Near is at most a third of the word's length in edits, at least 1 and at most 3; two letters that changed
 * places are always near. Case and the kind of separator do not count: `Min-Samples` means `min_samples`.
 */
export function nearestKey(word: string, known: readonly string[]): string | null {
  const wanted = normalise(word);
  if (wanted.length > 64) return null;
  let nearest: { readonly key: string; readonly edits: number } | null = null;
  for (const key of known) {
    const edits = distance(wanted, normalise(key));
    const isNear = edits <= maxEdits(key) || (edits === 2 && sorted(wanted) === sorted(key));
    if (isNear && (nearest === null || edits < nearest.edits)) nearest = { key, edits };
  }
  return nearest?.key ?? null;
}

function maxEdits(key: string): number {
  return Math.min(3, Math.max(1, Math.floor(key.length / 3)));
}

function sorted(word: string): string {
  return [...word].sort().join('');
}

function normalise(word: string): string {
  return word.trim().toLowerCase().replace(/[-\s]/g, '_');
}
