/** Plays a path on its fixed schedule and lets all rules that follow one look at it at once. */
import type { Cell, Minutes } from './cell.ts';
import { createDeviceMoments, type DeviceMoments } from './device-moments.ts';
import { excessUntilHorizon, type Outcome } from './outcome.ts';
import type { Path } from './path.ts';
import { createReplay, type Replay } from './replay.ts';
import type { Look, Pair, PeerRule, Share } from './rules/look.ts';
import { type Arm, BASELINE, CANDIDATE } from './stage-ledger.ts';

/** Metrics that are compared with the baseline: errors, crashes, requests over the line. */
const COMPARED = [0, 1, 3] as const;

/** Returns how a path ends under each of the rules, in their order. */
export function judgeOnSchedule(cell: Cell, path: Path, rules: readonly PeerRule[]): readonly Outcome[] {
  const { plan } = cell;
  const { stepMinutes } = path;
  const moments = createDeviceMoments(path, plan);
  const replay = createReplay(cell, path, (row, device) => moments.addEvent(row, device));
  const judges = rules.map((rule) => rule());
  const outcomes: (Outcome | null)[] = rules.map(() => null);
  const pooled = COMPARED.map(() => [zero(), zero()] as [Share, Share]);
  const pollSteps = plan.poll / stepMinutes;
  let step = 0;
  let end: Minutes = 0;
  let excess = 0;
  for (const [stage, soak] of plan.soaks.entries()) {
    end += soak;
    replay.enter(stage, step);
    while (step * stepMinutes < end) {
      const from = step;
      for (; step < from + pollSteps; step += 1) {
        replay.play(step);
        moments.addStep(step, replay.candidates);
        excess += replay.excess(step);
      }
      const window = windowOf(replay, from, path.devices);
      for (const [index, metric] of COMPARED.entries()) addTo(pooled[index], window[metric]);
      const look = lookAt({ stage, window, pooled, moments }, replay.candidates < path.devices);
      for (const [index, judge] of judges.entries()) {
        if (outcomes[index] !== null || !judge(look)) continue;
        outcomes[index] = { ended: 'rolled-back', at: step * stepMinutes, faultAt: replay.faultAt, excess };
      }
      if (!outcomes.includes(null)) return outcomes.filter((outcome) => outcome !== null);
    }
  }
  const rest = excess + excessUntilHorizon({ replay, path, plan }, step);
  const { faultAt } = replay;
  return outcomes.map((outcome) => outcome ?? { ended: 'completed', at: end, faultAt, excess: rest });
}

interface Seen {
  readonly stage: number;
  readonly window: Look['window'];
  readonly pooled: readonly (readonly [Share, Share])[];
  readonly moments: DeviceMoments;
}

function lookAt({ stage, window, pooled, moments }: Seen, hasBaseline: boolean): Look {
  if (!hasBaseline) return { stage, window, pooled: null, byDevice: null };
  return {
    stage,
    window,
    pooled: pooled.map(([candidate, baseline]) => ({ candidate, baseline })),
    byDevice: pooled.map(([candidate, baseline], index) => ({
      candidate: moments.sums(COMPARED[index] ?? 0, CANDIDATE, candidate),
      baseline: moments.sums(COMPARED[index] ?? 0, BASELINE, baseline),
    })),
  };
}

function windowOf(replay: Replay, fromStep: number, devices: number): Look['window'] {
  const { ledger, candidates } = replay;
  const share = (metric: number, arm: Arm): Share => ({
    events: ledger.tally(metric, arm, fromStep).events,
    requests: ledger.requests(arm, fromStep),
  });
  const pair = (metric: number): Pair => ({
    candidate: share(metric, CANDIDATE),
    baseline: candidates === devices ? null : share(metric, BASELINE),
  });
  return [pair(0), pair(1), pair(2), pair(3)];
}

function addTo(pooled: [Share, Share] | undefined, { candidate, baseline }: Pair): void {
  if (pooled === undefined || baseline === null) return;
  pooled[0] = sum(pooled[0], candidate);
  pooled[1] = sum(pooled[1], baseline);
}

function zero(): Share {
  return { events: 0, requests: 0 };
}

function sum(a: Share, b: Share): Share {
  return { events: a.events + b.events, requests: a.requests + b.requests };
}
