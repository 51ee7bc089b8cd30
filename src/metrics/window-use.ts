/** Whether a query of Prometheus counts, within the window that is asked and not before it. Pure. */
import { placeholdersIn } from '../core/series-placeholders.ts';
import type { Leaf } from './series-leaves.ts';
import type { LeafName } from './series-source.ts';

// Devices may be a gauge, and a bare value often is one; everything else is counted over a span.
const COUNTED: readonly LeafName[] = ['events', 'trials', 'mean', 'n', 'buckets'];
const SPANS = ['window', 'from'];

/**
 * Returns what is wrong with a text that counts over a span of its own, or null.
 *
 * Such a text would count what happened before the stage was entered (INV-1).
 */
export function spanProblem({ name, text }: Leaf): string | null {
  if (!COUNTED.includes(name) || usesWindow(text)) return null;
  return (
    'the query has no {{window}}, so it would also count what happened before the stage; ' +
    'write for example sum(increase(my_requests_total{version="{{version}}"}[{{window}}]))'
  );
}

/**
 * Returns why the number of a text is no count, or null.
 *
 * A rate is per second: of events it would look like a fraction of what happened, and a broken version like a good
 * one. A rate times a time of its own, `{{to}} - {{from}}`, is a count again.
 */
export function rateProblem({ name, text }: Leaf): string | null {
  if (!COUNTED.includes(name) || name === 'mean' || !/\bi?rate\s*\(/.test(text)) return null;
  if (placeholdersIn(text).includes('from')) return null;
  return (
    'the query has a rate(…), which is per second, where counts are expected; ' +
    'write for example sum(increase(my_requests_total{version="{{version}}"}[{{window}}]))'
  );
}

/** Returns whether a text asks for the window that is to be filled in. */
export function usesWindow(text: string): boolean {
  return placeholdersIn(text).some((name) => SPANS.includes(name));
}
