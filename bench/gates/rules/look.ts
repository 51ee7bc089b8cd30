/** What a rule with a fixed plan sees at one look, and what such a rule is. Types only. */

/** Events of requests. */
export interface Share {
  readonly events: number;
  readonly requests: number;
}

/** Both versions; no baseline once every device has the candidate. */
export interface Pair {
  readonly candidate: Share;
  readonly baseline: Share | null;
}

/** Sums over one version's devices, from which the variance of its rate follows. */
export interface DeviceSums {
  readonly devices: number;
  readonly requests: number;
  readonly events: number;
  readonly eventsSquared: number;
  readonly eventsTimesRequests: number;
  readonly requestsSquared: number;
}

/** What is seen at one look. */
export interface Look {
  readonly stage: number;
  /** Since the last look: errors, crashes, requests over the latency limit, and over the line of the comparison. */
  readonly window: readonly [Pair, Pair, Pair, Pair];
  /** Since the rollout began: errors, crashes, requests over the line. Null once there is no baseline. */
  readonly pooled: readonly Pair[] | null;
  /** The same by devices. */
  readonly byDevice: readonly { readonly candidate: DeviceSums; readonly baseline: DeviceSums }[] | null;
}

/** Returns a judge of one rollout, asked once a look in order: true rolls back. */
export type PeerRule = () => (look: Look) => boolean;

/** The most that a share may be: errors, crashes, and requests over the latency limit, which is p95 at the limit. */
export const LIMITS = [0.05, 0.01, 0.05] as const;

/** Returns which limits the candidate breaks in a window; null for one without requests, which is skipped. */
export function breaches({ window }: Look): readonly (boolean | null)[] {
  return LIMITS.map((limit, metric) => {
    const share = window[metric]?.candidate;
    return share === undefined || share.requests === 0 ? null : share.events / share.requests > limit;
  });
}
