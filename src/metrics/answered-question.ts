/** Whether a health answer is about what was asked. Pure. */
import type { PercentileQuery } from '../core/ports.ts';
import type { HealthAnswer } from './health-answer.ts';

/**
 * Returns why an answer is none to a query, or null when it is one.
 *
 * An answer for another rollout, or for a window that starts before the one asked, is `error` (INV-1); one that
 * covers none of the window is `none`.
 */
export function mismatch(
  { covered, rolloutId }: Pick<HealthAnswer, 'covered' | 'rolloutId'>,
  query: Pick<PercentileQuery, 'rolloutId' | 'window'>,
): { readonly kind: 'none' | 'error'; readonly why: string } | null {
  if (rolloutId !== null && rolloutId !== query.rolloutId) {
    return {
      kind: 'error',
      why: `the health answer is for rollout ${rolloutId}, not for ${query.rolloutId}`,
    };
  }
  if (covered.from < query.window.from) {
    return { kind: 'error', why: 'the health source answered for a window that starts before the one asked' };
  }
  const isEmpty = covered.to <= covered.from || covered.from >= query.window.to;
  return isEmpty ? { kind: 'none', why: 'nothing measured: the covered window is empty' } : null;
}
