/** The shipped gate rule on a path: it advances early, waits, holds or rolls back by its own evidence. */
import type { StageTotals } from '../../../src/core/statistics/gate-series.ts';
import { isProvenSafe } from '../../../src/core/statistics/proven-safe.ts';
import { LOG_HARM, LOG_HOLD } from '../../../src/core/statistics/thresholds.ts';
import { weigh } from '../../../src/core/statistics/weigh.ts';
import type { Cell } from '../cell.ts';
import { gateSeriesOf, type Sight, totalsSince } from '../gate-series-of.ts';
import { excessUntilHorizon, type Outcome } from '../outcome.ts';
import type { Path } from '../path.ts';
import { createReplay, MOST_SOAKS } from '../replay.ts';

/**
 * Returns how a path ends under the gate rule: odds of 100:1 roll back, 10:1 keep the stage, a stage ends with
 * its soak, or after half of it once the next stage is proven safe; after four soaks the rollout is held.
 */
export function judgeByEvidence(cell: Cell, path: Path, sight: Sight): Outcome {
  const { plan } = cell;
  const { stepMinutes } = path;
  const replay = createReplay(cell, path);
  const earlier: (readonly StageTotals[])[] = [];
  const last = plan.shares.length - 1;
  let stage = 0;
  let entered = 0;
  let step = 0;
  let excess = 0;
  replay.enter(stage, 0);
  for (;;) {
    const look = step + plan.poll / stepMinutes;
    for (; step < look; step += 1) {
      replay.play(step);
      if (step * stepMinutes < plan.horizon) excess += replay.excess(step);
    }
    const soak = plan.soaks[stage] ?? 0;
    const standing = { replay, devices: path.devices, entered, next: step, stepMinutes, soak };
    const series = gateSeriesOf(standing, earlier, sight);
    const { logOdds, logOddsUnblamed } = weigh(series);
    const at = step * stepMinutes;
    const { faultAt } = replay;
    if (logOdds >= LOG_HARM) return { ended: 'rolled-back', at, faultAt, excess };
    const isLeaning = Math.max(logOdds, logOddsUnblamed) >= LOG_HOLD;
    const since = (step - entered) * stepMinutes;
    const isServing = replay.ledger.requests(0, entered) > 0;
    const rest = (): number => excessUntilHorizon({ replay, path, plan }, step);
    const mayEnd = isServing && !isLeaning && since >= soak / 2;
    const isEarly = (): boolean =>
      plan.early && stage < last && isProvenSafe(series, plan.shares[stage + 1] ?? 1);
    if (mayEnd && (since >= soak || isEarly())) {
      if (stage === last) {
        return { ended: 'completed', at, faultAt, excess: excess + rest() };
      }
      earlier.push(totalsSince(standing, entered, sight));
      stage += 1;
      entered = step;
      replay.enter(stage, step);
    } else if (since >= MOST_SOAKS * soak) {
      return { ended: 'held', at, faultAt, excess: excess + rest() };
    }
  }
}
