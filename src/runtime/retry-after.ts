/** What a `Retry-After` header asks for. Pure. */
import type { DurationMs, EpochMs } from '../core/units.ts';

/**
 * Returns the delay that a `Retry-After` asks for: seconds or an HTTP date, 0 to `mostMs`; 0 where there is none or
 * it is unreadable. A date is compared with `nowMs`. Never throws.
 */
export function retryAfterMs(
  header: string | null,
  { nowMs, mostMs }: { readonly nowMs: EpochMs; readonly mostMs: DurationMs },
): DurationMs {
  if (header === null) return 0;
  const text = header.trim();
  const delayMs = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  return Number.isFinite(delayMs) ? Math.min(mostMs, Math.max(0, delayMs)) : 0;
}
