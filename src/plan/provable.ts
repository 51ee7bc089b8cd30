/** What limits take to be shown to hold, for messages about those that no number of trials can show. Pure. */
import { formatCount, formatRatio } from '../core/format.ts';
import { cleanTrialsToProve } from '../core/statistics/clean-trials.ts';
import type { Ratio } from '../core/units.ts';

/** Returns a clause such as `5% takes 85 requests without an event, 0.1% takes 4 342`. */
export function whatLimitsTake(unit: 'requests' | 'devices', limits: readonly [Ratio, ...Ratio[]]): string {
  const [first, ...others] = limits;
  return [
    `${formatRatio(first)} takes ${formatCount(cleanTrialsToProve(first))} ${unit} without an event`,
    ...others.map((limit) => `${formatRatio(limit)} takes ${formatCount(cleanTrialsToProve(limit))}`),
  ].join(', ');
}
