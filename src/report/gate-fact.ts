/** A gate in the shortest words that still carry the deciding numbers: for headlines. Pure. */
import type { GateVerdict, Odds } from '../core/evidence.ts';
import { formatCount, formatOdds, formatRatioBeside } from '../core/format.ts';
import { limitRatioOf, unitOfGate } from '../core/gate-question.ts';
import type { Gate } from '../core/plan.ts';
import type { Ratio } from '../core/units.ts';
import { nameOfVerdict } from '../core/verdict.ts';
import { limitOf } from './gate-table.ts';

/**
 * Returns the fact that a gate decided by, such as `error rate 15.4% (18 of 117 requests, 11 of 27 devices),
 * limit 5%, previous version 1%; 580:1 that it does harm`. Never throws.
 *
 * The sentence of the verdict itself where there are no counts behind it.
 */
export function gateFact(verdict: GateVerdict, odds: Odds | null): string {
  const { gate, events, trials, observed, slowerThanMs, baselineObserved, evidence } = verdict;
  if (events === null || trials === null || observed === null || evidence === null) return verdict.sentence;
  const slow = slowerThanMs === null ? '' : `: over ${formatCount(slowerThanMs)} ms`;
  const beside =
    evidence.baseline === null || baselineObserved === null
      ? ''
      : `, previous version ${formatRatioBeside(baselineObserved, [observed])}`;
  const shown = formatRatioBeside(observed, [
    limitRatioOf(gate),
    evidence.baseline === null ? null : baselineObserved,
  ]);
  const sure = odds === null ? '' : `; ${formatOdds(odds.logOdds)} that it does harm`;
  return `${nameOfVerdict(verdict)}${slow} ${shown} (${counts(verdict)}), ${demand(gate, observed)}${beside}${sure}`;
}

// The slowness that is counted stands before the numbers already.
function demand(gate: Gate, observed: Ratio): string {
  if (gate.kind === 'latency') return `limit ${formatRatioBeside(gate.maxRatio, [observed])}`;
  if (gate.kind === 'relative_latency') return 'no more than before';
  return `limit ${limitOf(gate, [observed]).replace('≤ ', '').replace('≥ ', 'at least ')}`;
}

function counts({ gate, events, trials, devices, devicesWithEvents }: GateVerdict): string {
  if (gate.kind === 'quality') return `${formatCount(trials ?? 0)} answers`;
  const unit = unitOfGate(gate);
  const seen = `${formatCount(events ?? 0)} of ${formatCount(trials ?? 0)} ${unit}`;
  const isSpread = unit !== 'devices' && devices !== null && devicesWithEvents !== null;
  return isSpread ? `${seen}, ${formatCount(devicesWithEvents)} of ${formatCount(devices)} devices` : seen;
}
