/** Identifies a plan by what it decides. Pure. */
import { createHash } from 'node:crypto';
import type { Plan } from '../core/plan.ts';

/**
 * Returns 12 hex digits of SHA-256 over a plan's canonical JSON: keys sorted, without the digest itself.
 *
 * Two texts that expand to the same plan have the same digest, whatever their comments and order.
 */
export function digestOf(plan: Omit<Plan, 'digest'>): string {
  const { digest: _, ...rest } = { digest: null, ...plan };
  return createHash('sha256')
    .update(JSON.stringify(canonical(rest)))
    .digest('hex')
    .slice(0, 12);
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, canonical(inner)]));
}
