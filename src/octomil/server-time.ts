/** What time it is on the server, judged from one exchange. Pure. */
import type { DurationMs, EpochMs } from '../core/units.ts';

/** The `Date` header cuts its fraction of a second off; on average that is this much. */
const MEAN_CUT_MS: DurationMs = 500;
/** Below this the header's resolution and the exchange's own length explain the difference. */
const NO_SKEW_BELOW_MS: DurationMs = 2_000;

/**
 * Returns how far the server's clock is ahead of ours, 0 for anything below 2 s.
 *
 * The server is taken to have stamped its answer in the middle between `sentAt` and `receivedAt`.
 */
export function clockSkewMs(dateMs: EpochMs, sentAt: EpochMs, receivedAt: EpochMs): number {
  const skewMs = dateMs + MEAN_CUT_MS - (sentAt + receivedAt) / 2;
  return Math.abs(skewMs) < NO_SKEW_BELOW_MS ? 0 : Math.round(skewMs);
}
