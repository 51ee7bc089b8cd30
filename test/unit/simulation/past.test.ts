/** What a world can tell about the time before it began. */
import { describe, expect, it } from 'vitest';
import type { WindowQuery } from '../../../src/simulation/observe-window.ts';
import type { World } from '../../../src/simulation/world.ts';
import { createWorld } from '../../../src/simulation/world.ts';
import type { WorldSettings } from '../../../src/simulation/world-settings.ts';
import { HEALTHY_WORLD } from '../../../src/simulation/world-settings.ts';
import {
  BASELINE,
  CANDIDATE,
  candidateAt,
  fleetWith,
  ordersWith,
  WORLD_START,
  worldWith,
} from '../../support/simulated-fleet.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const rolledOut = (changes: Partial<WorldSettings> = {}, fleet = fleetWith()): World => {
  const world = worldWith({ historyMs: HOUR, ...changes }, fleet);
  world.serve(ordersWith([candidateAt(25)]));
  world.advanceTo(WORLD_START + 20 * MINUTE);
  return world;
};
const seen = (world: World, fromMs: number, toMs: number, changes: Partial<WindowQuery> = {}) =>
  world.observe({
    version: CANDIDATE,
    group: null,
    window: { from: WORLD_START + fromMs, to: WORLD_START + toMs },
    ...changes,
  });

describe('the time before a world began', () => {
  it('shows what every reachable device did with the version that it began with', () => {
    const world = rolledOut({ requestsPerHour: 60 }, fleetWith({ deviceCount: 1_000, offlineRatio: 0.3 }));
    const { covered, candidate, baseline } = seen(world, -HOUR, 0);
    expect(covered).toEqual({ from: WORLD_START - HOUR, to: WORLD_START });
    expect([candidate.requests, candidate.activeDevices]).toEqual([0, 0]);
    expect(baseline.requests / (700 * 60)).toBeCloseTo(1, 1);
    expect(baseline.failed / baseline.requests).toBeCloseTo(0.01, 2);
    expect(baseline.activeDevices).toBe(700);
    expect(seen(world, -HOUR, 0, { version: BASELINE }).candidate).toEqual(baseline);
  });

  it('goes over into the time since without a gap', () => {
    const world = rolledOut();
    const whole = seen(world, -30 * MINUTE, 10 * MINUTE);
    const [before, after] = [seen(world, -30 * MINUTE, 0), seen(world, 0, 10 * MINUTE)];
    expect(whole.covered).toEqual({ from: before.covered.from, to: after.covered.to });
    expect(whole.baseline.requests).toBe(before.baseline.requests + after.baseline.requests);
    expect(whole.candidate).toEqual(after.candidate);
  });

  it('changes nothing that happens since, asked for or not', () => {
    const without = rolledOut({ historyMs: 0 });
    const asked = rolledOut();
    seen(asked, -HOUR, 0);
    expect(seen(asked, 0, 20 * MINUTE)).toEqual(seen(without, 0, 20 * MINUTE));
    expect(asked.ticks).toEqual(without.ticks);
  });

  it('is the same whenever it is asked for, and another with another seed', () => {
    const early = worldWith({ historyMs: HOUR });
    const first = seen(early, -HOUR, 0);
    early.serve(ordersWith([candidateAt(100)]));
    early.advanceTo(WORLD_START + HOUR);
    expect(seen(early, -HOUR, 0)).toEqual(first);
    expect(seen(rolledOut(), -HOUR, 0)).toEqual(first);
    expect(seen(rolledOut({ seed: 2 }), -HOUR, 0).baseline.requests).not.toBe(first.baseline.requests);
  });

  it('knows no harm, although the harmful version is out', () => {
    const world = worldWith({
      historyMs: HOUR,
      faultyVersion: CANDIDATE,
      harm: { kind: 'errors', ratio: 0.6 },
    });
    world.serve(ordersWith([candidateAt(100)], { harmFrom: WORLD_START }));
    const { baseline } = seen(world, -HOUR, 0);
    expect(baseline.failed / baseline.requests).toBeLessThan(0.02);
  });

  it.each([
    { title: 'minutes in the last hour', from: -90 * SECOND, gives: -MINUTE },
    { title: 'hours before', from: -2.5 * HOUR, gives: -2 * HOUR },
    { title: 'its begin', from: -9 * HOUR, gives: -3.5 * HOUR },
  ])('is counted in whole ticks: $title', ({ from, gives }) => {
    const { covered } = seen(rolledOut({ historyMs: 3.5 * HOUR, requestsPerHour: 60 }), from, 0);
    expect(covered).toEqual({ from: WORLD_START + gives, to: WORLD_START });
  });

  it.each([
    { title: 'is switched off', world: () => rolledOut({ historyMs: 0 }) },
    {
      title: 'had no version',
      world: () =>
        createWorld(fleetWith(), { ...HEALTHY_WORLD, seed: 1, startAt: WORLD_START, historyMs: HOUR }),
    },
  ])('is unknown where it $title', ({ world }) => {
    const { covered, baseline } = seen(world(), -HOUR, 0);
    expect([covered.to - covered.from, baseline.requests]).toEqual([0, 0]);
  });
});
