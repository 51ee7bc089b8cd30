/** The documented limit of requests per minute, in emulated time. Source: docs /api-reference/introduction. */
import { MINUTE_MS, SECOND_MS } from '../core/units.ts';
import type { EmulatorClock } from './emulator-options.ts';
import { type EmulatorReply, jsonReply } from './exchange.ts';

/** A limit that counts the requests it lets through. */
export interface RateLimit {
  /** Returns 429 with `Retry-After` in seconds, or null for a request that is let through. */
  refusal(): EmulatorReply | null;
}

/** Returns a limit of `perMinute` requests within any minute; null for none. */
export function createRateLimit(perMinute: number | null, clock: EmulatorClock): RateLimit {
  let passed: readonly number[] = [];
  return {
    refusal() {
      if (perMinute === null) return null;
      const now = clock.now();
      passed = passed.filter((at) => at > now - MINUTE_MS);
      if (passed.length < perMinute) {
        passed = [...passed, now];
        return null;
      }
      const waitMs = (passed[0] ?? now) + MINUTE_MS - now;
      const message = `more than ${perMinute} requests in a minute`;
      const reply = jsonReply({ error: 'rate_limited', message, status_code: 429 }, 429);
      return {
        ...reply,
        headers: { ...reply.headers, 'retry-after': String(Math.ceil(waitMs / SECOND_MS)) },
      };
    },
  };
}
