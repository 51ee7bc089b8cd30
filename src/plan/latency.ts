/** Answer times as people write them: `400ms`, `2s`, `1.5s`. Pure. */
import { type DurationMs, SECOND_MS } from '../core/units.ts';

/** The text that a latency has to match. */
export const LATENCY_PATTERN = '^[0-9]{1,6}(\\.[0-9]{1,3})?(ms|s)$';

const LATENCY = new RegExp(LATENCY_PATTERN);

/** Returns the milliseconds of a text such as `400ms` or `1.5s`, or null for anything else; no range is checked. */
export function parseLatency(text: string): DurationMs | null {
  if (!LATENCY.test(text)) return null;
  return text.endsWith('ms') ? Number(text.slice(0, -2)) : Number(text.slice(0, -1)) * SECOND_MS;
}

/** Returns what a text that is no latency may have meant, as one question, or null. */
export function latencyHint(text: string): string | null {
  const tight = text.replaceAll(/\s/g, '').toLowerCase();
  if (tight !== text && LATENCY.test(tight)) return `Did you mean ${tight}?`;
  return /^[0-9]{1,6}(\.[0-9]{1,3})?$/.test(tight) ? `Did you mean ${tight}ms or ${tight}s?` : null;
}
