/** The gates of the bench as the shipped judge takes them, at each level of what a source may tell. */

import type { Counts } from '../../src/core/evidence.ts';
import type { GateSeries, RestartTotals, StageTotals } from '../../src/core/statistics/gate-series.ts';
import { restartPoints } from '../../src/core/statistics/restart-points.ts';
import { MINUTE_MS } from '../../src/core/units.ts';
import type { Minutes } from './cell.ts';
import type { Replay } from './replay.ts';
import { type Arm, BASELINE, CANDIDATE } from './stage-ledger.ts';

/** What of the truth the judge is given. */
export interface Sight {
  /** 2: devices and devices with events; 1: devices; 0: requests only, each taken as a device of its own. */
  readonly level: 2 | 1 | 0;
  /** Whether windows inside a stage are asked for. */
  readonly restarts: boolean;
}

/** The four gates, six questions: metric of the ledger, limit, comparison. */
const GATES = [
  { metric: 0, limit: 0.05, tolerance: 1, clustering: 'requests' },
  { metric: 1, limit: 0.01, tolerance: 1, clustering: 'requests' },
  { metric: 2, limit: 0.05, tolerance: null, clustering: 'latency' },
  { metric: 3, limit: null, tolerance: 1, clustering: 'latency' },
] as const;

/** Where a replay stands: the size of the fleet, the stage's entry and soak, and the step that comes next. */
export interface Standing {
  readonly replay: Replay;
  readonly devices: number;
  readonly entered: number;
  readonly next: number;
  readonly stepMinutes: number;
  readonly soak: Minutes;
}

/** Returns both versions' totals of each gate from a step of the current stage on. */
export function totalsSince(standing: Standing, fromStep: number, { level }: Sight): readonly StageTotals[] {
  const { replay, devices } = standing;
  const { ledger, candidates } = replay;
  const counts = (metric: number, arm: Arm): Counts => {
    const { events, devicesWithEvents } = ledger.tally(metric, arm, fromStep);
    return {
      events,
      trials: ledger.requests(arm, fromStep),
      devices: level === 0 ? null : arm === CANDIDATE ? candidates : devices - candidates,
      devicesWithEvents: level === 2 ? devicesWithEvents : null,
    };
  };
  return GATES.map(({ metric }) => ({
    candidate: counts(metric, CANDIDATE),
    baseline: candidates === devices ? null : counts(metric, BASELINE),
  }));
}

/** Returns the gates with the totals of earlier stages, one row of gates each, and of the current one. */
export function gateSeriesOf(
  standing: Standing,
  earlier: readonly (readonly StageTotals[])[],
  sight: Sight,
): readonly GateSeries[] {
  const current = totalsSince(standing, standing.entered, sight);
  const restarts = sight.restarts ? restartsOf(standing, sight) : null;
  return GATES.map(({ limit, tolerance, clustering }, gate) => ({
    limit,
    tolerance,
    clustering,
    designEffect: 1,
    stages: [...earlier, current].flatMap((row) => row[gate] ?? []),
    restarts: restarts?.flatMap((row) => row[gate] ?? []) ?? null,
  }));
}

function restartsOf(standing: Standing, sight: Sight): readonly (readonly RestartTotals[])[] {
  const { entered, next, stepMinutes, soak } = standing;
  const since = (next - entered) * stepMinutes * MINUTE_MS;
  return restartPoints(since, soak * MINUTE_MS).map(({ afterEntryMs, logWeight }) => {
    const from = entered + afterEntryMs / MINUTE_MS / stepMinutes;
    return totalsSince(standing, from, sight).map((totals) => ({ ...totals, logWeight }));
  });
}
