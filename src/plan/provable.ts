/** What limits take to be shown to hold, for messages about those that no number of trials can show. Pure. */
import { formatCount, formatRatio } from '../core/format.ts';
import { whatDevicesSettle } from '../core/statistics/settle.ts';
import type { Ratio } from '../core/units.ts';

/** Returns how many independent trials without an event prove a rate to be under a limit (0 to 1). */
export function trialsToProve(limit: Ratio): number {
  // Devices need no correction, and for the whole fleet as the next stage a limit stays what it is.
  const asked = { limit, clustering: 'devices', devices: 0, nextShare: 1, tests: 1 } as const;
  return whatDevicesSettle(asked).devicesToProve;
}

/** Returns a clause such as `5% takes 85 requests without an event, 0.1% takes 4 342`. */
export function whatLimitsTake(unit: 'requests' | 'devices', limits: readonly [Ratio, ...Ratio[]]): string {
  const [first, ...others] = limits;
  return [
    `${formatRatio(first)} takes ${formatCount(trialsToProve(first))} ${unit} without an event`,
    ...others.map((limit) => `${formatRatio(limit)} takes ${formatCount(trialsToProve(limit))}`),
  ].join(', ');
}
