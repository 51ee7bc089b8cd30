/** Whether a query of Prometheus counts: what there was, and within the window that is asked. Pure. */
import { placeholdersIn } from '../../core/series-placeholders.ts';
import type { Leaf } from '../series-leaves.ts';
import type { LeafName } from '../series-source.ts';

// Devices may be a gauge, and a bare value often is one; everything else is counted over a span.
const COUNTED: readonly LeafName[] = ['events', 'trials', 'mean', 'n', 'buckets'];
const HOW_MUCH: readonly LeafName[] = ['trials', 'n', 'buckets'];
const SPANS = ['window', 'from'];
const EXAMPLE = 'write for example sum(increase(my_requests_total{version="{{version}}"}[{{window}}]))';

/** Returns whether a text says how much there was: when it has no new samples, the others have none either. */
export function measuresHowMuch(name: LeafName): boolean {
  return HOW_MUCH.includes(name);
}

/** Returns whether a text asks for the window that is to be filled in. */
export function usesWindow(text: string): boolean {
  return placeholdersIn(text).some((name) => SPANS.includes(name));
}

/**
 * Returns why the answer of a text would be no count within the window, or null.
 *
 * A span of its own would count what happened before the stage was entered (INV-1). A rate is per second: of events
 * it would look like a fraction of what happened; times `{{to}} - {{from}}` it is a count again. A number that is
 * there whatever is measured would look like new samples long after the last scrape (INV-2).
 */
export function countProblem({ name, text }: Leaf): string | null {
  if (!COUNTED.includes(name)) return null;
  if (!usesWindow(text)) {
    return `the query has no {{window}}, so it would also count what happened before the stage; ${EXAMPLE}`;
  }
  const isRate = /\bi?rate\s*\(/.test(text) && !placeholdersIn(text).includes('from');
  if (isRate && name !== 'mean') {
    return `the query has a rate(…), which is per second, where counts are expected; ${EXAMPLE}`;
  }
  if (measuresHowMuch(name) && /\bvector\s*\(/.test(text)) {
    return 'the query has a vector(…), which is there even when nothing is scraped any more; only events may end in it';
  }
  return null;
}
