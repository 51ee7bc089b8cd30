/** How often looking after every event wrongs a healthy version, and what holds for all counts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Counts } from '../../../src/core/evidence.ts';
import { rateBounds } from '../../../src/core/statistics/bounds.ts';
import type { GateSeries, RestartTotals, StageTotals } from '../../../src/core/statistics/gate-series.ts';
import { logE } from '../../../src/core/statistics/log-e.ts';
import { restartPoints } from '../../../src/core/statistics/restart-points.ts';
import { LOG_HARM } from '../../../src/core/statistics/thresholds.ts';
import { weigh, weighGate } from '../../../src/core/statistics/weigh.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/units.ts';
import { createRandom, type RandomSource } from '../../../src/simulation/random-source.ts';
import { aSeries } from '../../support/gate-series.ts';

const PATHS = 2_000;
const MOST = 0.015;
const SEED = 20_260;

const counts = (events: number, trials: number): Counts => ({
  events,
  trials,
  devices: null,
  devicesWithEvents: null,
});

/** Share of paths on which any look finds odds of 100:1; a path returns whether one of its looks did. */
function shareWronged(path: (random: RandomSource) => boolean): number {
  let wronged = 0;
  for (let index = 0; index < PATHS; index += 1) {
    if (path(createRandom([SEED, index]))) wronged += 1;
  }
  return wronged / PATHS;
}

/** A limit gate at its own limit, looked at after every event of 2,000 requests of one stage. */
function limitPath(rate: number): (random: RandomSource) => boolean {
  return (random) => {
    let events = 0;
    for (let trials = 1; trials <= 2_000; trials += 1) {
      if (random.next() >= rate) continue;
      events += 1;
      // The evidence only grows with an event, so no other look can be the first beyond a threshold.
      const stage = { candidate: counts(events, trials), baseline: null };
      if ((weighGate(aSeries({ limit: rate, stages: [stage] })).limit ?? 0) >= LOG_HARM) return true;
    }
    return false;
  };
}

const SHARES = [0.1, 0.5, 0.8] as const;
const REQUESTS = 600;
const TICK_MS = 2 * MINUTE_MS;
const SOAK_MS = 60 * MINUTE_MS;
const RATE = 0.1;

interface Tally {
  readonly candidate: { events: number; trials: number };
  readonly baseline: { events: number; trials: number };
}

const emptyTally = (): Tally => ({ candidate: { events: 0, trials: 0 }, baseline: { events: 0, trials: 0 } });

function totalsSince({ candidate, baseline }: Tally, start: Tally): StageTotals {
  const arm = (now: Tally['candidate'], then: Tally['candidate']) =>
    counts(now.events - then.events, now.trials - then.trials);
  return { candidate: arm(candidate, start.candidate), baseline: arm(baseline, start.baseline) };
}

function copyOf({ candidate, baseline }: Tally): Tally {
  return { candidate: { ...candidate }, baseline: { ...baseline } };
}

/**
 * Both versions alike over three stages of 20 hours, a request every two minutes, with restart points; looked at
 * after every event of either.
 */
function baselinePath(random: RandomSource): boolean {
  const earlier: StageTotals[] = [];
  for (const share of SHARES) {
    const tally = emptyTally();
    const history: Tally[] = [emptyTally()];
    for (let request = 1; request <= REQUESTS; request += 1) {
      const isCandidate = random.next() < share;
      const isEvent = random.next() < RATE;
      const arm = isCandidate ? tally.candidate : tally.baseline;
      arm.trials += 1;
      if (isEvent) arm.events += 1;
      history.push(copyOf(tally));
      if (!isEvent) continue;
      const restarts = restartPoints(request * TICK_MS, SOAK_MS).map(
        ({ afterEntryMs, logWeight }): RestartTotals => {
          const start = history[Math.ceil(afterEntryMs / TICK_MS)] ?? tally;
          return { ...totalsSince(tally, start), logWeight };
        },
      );
      const stages = [...earlier, totalsSince(tally, emptyTally())];
      const series: GateSeries = aSeries({ limit: null, tolerance: 1, stages, restarts });
      if ((weighGate(series).baseline ?? 0) >= LOG_HARM) return true;
    }
    earlier.push(totalsSince(tally, emptyTally()));
  }
  return false;
}

describe('a healthy version that is looked at after every event is hardly ever rolled back', () => {
  it.each([{ rate: 0.01 }, { rate: 0.05 }, { rate: 0.3 }])('at its limit of $rate', ({ rate }) => {
    expect(shareWronged(limitPath(rate))).toBeLessThanOrEqual(MOST);
  });

  it('beside a baseline as good, over three stages with restarts', () => {
    expect(shareWronged(baselinePath)).toBeLessThanOrEqual(MOST);
  });
});

describe('looking after every event', () => {
  it('finds a version that is three times as bad as its limit on nearly every path', () => {
    const bad = (random: RandomSource): boolean => {
      const limit = 0.05;
      let events = 0;
      for (let trials = 1; trials <= 2_000; trials += 1) {
        if (random.next() < 3 * limit) events += 1;
        if (trials % 100 > 0) continue;
        const stage = { candidate: counts(events, trials), baseline: null };
        if ((weighGate(aSeries({ limit, stages: [stage] })).limit ?? 0) >= LOG_HARM) return true;
      }
      return false;
    };
    expect(shareWronged(bad)).toBeGreaterThan(0.99);
  });
});

const rates = fc.double({ min: 1e-6, max: 1, noNaN: true });
const trialsOf = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1e9 }));
const countsOf = fc.tuple(trialsOf, fc.double({ min: 0, max: 1, noNaN: true })).map(([trials, part]) => ({
  events: Math.round(part * trials),
  trials,
}));
const SETTINGS = { numRuns: 500, seed: 5 } as const;

describe('for all counts', () => {
  it('the evidence of harm grows with events, and that of safety falls', () => {
    fc.assert(
      fc.property(countsOf, rates, ({ events, trials }, rate) => {
        const more = Math.min(trials, events + 1);
        const at = (seen: number, direction: 1 | -1) => logE(direction, [{ events: seen, trials, rate }]);
        const slack = 1e-9 * (1 + Math.abs(at(events, 1)) + Math.abs(at(events, -1)));
        expect(at(more, 1)).toBeGreaterThanOrEqual(at(events, 1) - slack);
        expect(at(more, -1)).toBeLessThanOrEqual(at(events, -1) + slack);
      }),
      SETTINGS,
    );
  });

  it('the bounds contain the rate that was seen, and those of less confidence lie within', () => {
    fc.assert(
      fc.property(countsOf, fc.double({ min: 0.001, max: 0.2, noNaN: true }), (seen, alpha) => {
        const wide = rateBounds(seen, alpha / 2);
        const narrow = rateBounds(seen, alpha);
        const inOrder = [0, wide.lower, narrow.lower, seen.events / seen.trials, narrow.upper, wide.upper, 1];
        expect(inOrder.every((bound, index) => bound >= (inOrder[index - 1] ?? 0) - 1e-12)).toBe(true);
      }),
      SETTINGS,
    );
  });

  const stages = fc
    .array(fc.tuple(countsOf, fc.option(countsOf)), { minLength: 1, maxLength: 4 })
    .map((all) =>
      all.map(
        ([candidate, baseline]): StageTotals => ({
          candidate: counts(candidate.events, candidate.trials),
          baseline: baseline === null ? null : counts(baseline.events, baseline.trials),
        }),
      ),
    );
  const gates = fc.record({ limit: rates, stages }).map((over) => aSeries(over));

  it('the odds of one gate are its evidence, a finite number', () => {
    fc.assert(
      fc.property(gates, (gate) => {
        const { gates: each, logOdds } = weigh([gate]);
        expect(logOdds).toBe(each[0]?.limit);
        expect(Number.isFinite(logOdds)).toBe(true);
      }),
      SETTINGS,
    );
  });

  it('the odds of all gates lie between the least and the most of them, also with a neutral one', () => {
    fc.assert(
      fc.property(fc.array(gates, { minLength: 1, maxLength: 5 }), (several) => {
        const before = weigh(several).gates.map(({ limit }) => limit ?? 0);
        const { logOdds } = weigh([...several, aSeries()]);
        const all = [...before, 0];
        expect(logOdds).toBeLessThanOrEqual(Math.max(...all) + 1e-9);
        expect(logOdds).toBeGreaterThanOrEqual(Math.min(...all) - 1e-9);
      }),
      SETTINGS,
    );
  });

  it('blame only ever takes evidence off', () => {
    fc.assert(
      fc.property(gates, (gate) => {
        const { limit, limitUnblamed } = weighGate(gate);
        expect(limit ?? 0).toBeLessThanOrEqual(
          (limitUnblamed ?? 0) + 1e-9 * (1 + Math.abs(limitUnblamed ?? 0)),
        );
      }),
      SETTINGS,
    );
  });
});

describe('the restart points of a stage', () => {
  it.each([
    { soak: 'none', soakMs: 0 },
    { soak: 'seven minutes', soakMs: 7 * MINUTE_MS },
    { soak: 'an hour', soakMs: 60 * MINUTE_MS },
    { soak: 'six hours', soakMs: 360 * MINUTE_MS },
    { soak: 'three days', soakMs: 3 * DAY_MS },
  ])('have weights that sum to at most 1, however long the stage with a soak of $soak', ({ soakMs }) => {
    const weights = new Map<string, number>();
    for (let ms = 0; ms <= 30 * DAY_MS; ms += MINUTE_MS) {
      for (const { afterEntryMs, logWeight } of restartPoints(ms, soakMs)) {
        // A point of two scales, asked at different times, has the weights of both.
        weights.set(`${afterEntryMs} ${logWeight}`, Math.exp(logWeight));
      }
    }
    const sum = [...weights.values()].reduce((total, weight) => total + weight, 0);
    expect(sum).toBeGreaterThan(0.95);
    expect(sum).toBeLessThanOrEqual(1);
  });

  it('are inside the stage, each with a window of at least five minutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 * 86_400 }), (seconds) => {
        for (const { afterEntryMs, logWeight } of restartPoints(seconds * SECOND_MS, 60 * MINUTE_MS)) {
          expect(afterEntryMs).toBeGreaterThan(0);
          expect(seconds * SECOND_MS - afterEntryMs).toBeGreaterThanOrEqual(5 * MINUTE_MS);
          expect(logWeight).toBeLessThan(0);
        }
      }),
      SETTINGS,
    );
  });
});
