import { describe, expect, it } from 'vitest';
import type { WindowQuery } from '../../../src/simulation/observe-window.ts';
import type { World } from '../../../src/simulation/world.ts';
import {
  BASELINE,
  CANDIDATE,
  candidateAt,
  devicesOn,
  fleetWith,
  ordersWith,
  WORLD_START,
  worldWith,
} from '../../support/simulated-fleet.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const seen = (world: World, changes: Partial<WindowQuery> = {}) =>
  world.observe({
    version: CANDIDATE,
    group: null,
    window: { from: WORLD_START, to: world.now() },
    ...changes,
  });

function rolledOut(percentage: number, changes = {}): World {
  const world = worldWith(changes);
  world.serve(ordersWith([candidateAt(percentage)]));
  return world;
}

describe('devices', () => {
  it('switch at their next sync, all within one period and not at once', () => {
    const world = rolledOut(40, { syncMs: 10 * SECOND });
    expect(devicesOn(world, CANDIDATE)).toBe(0);
    world.advanceTo(WORLD_START + 5 * SECOND);
    const half = devicesOn(world, CANDIDATE);
    expect(half).toBeGreaterThan(10);
    expect(half).toBeLessThan(40);
    world.advanceTo(WORLD_START + 10 * SECOND);
    expect(devicesOn(world, CANDIDATE)).toBe(50);
  });

  it('switch at once when they sync all the time', () => {
    expect(devicesOn(rolledOut(40, { syncMs: 0 }), CANDIDATE)).toBe(50);
  });

  it('go back when the rollout is gone', () => {
    const world = rolledOut(40);
    world.advanceTo(WORLD_START + MINUTE);
    world.serve(ordersWith([]));
    world.advanceTo(WORLD_START + MINUTE + SECOND);
    expect(devicesOn(world, CANDIDATE)).toBe(0);
  });

  it('follow the newest orders when those change between two syncs', () => {
    const world = rolledOut(40, { syncMs: HOUR });
    world.advanceTo(WORLD_START + SECOND);
    world.serve(ordersWith([]));
    world.advanceTo(WORLD_START + 2 * HOUR);
    expect(devicesOn(world, CANDIDATE)).toBe(0);
  });

  it('keep what they run when no orders reach them', () => {
    const world = rolledOut(40);
    world.advanceTo(WORLD_START + MINUTE);
    world.serve({ rules: [], mirror: null, harmFrom: null });
    world.advanceTo(WORLD_START + 2 * MINUTE);
    expect(devicesOn(world, CANDIDATE)).toBe(50);
  });

  it('neither switch nor send while they are offline', () => {
    const world = worldWith({}, fleetWith({ offlineRatio: 0.3 }));
    world.serve(ordersWith([candidateAt(100)]));
    world.advanceTo(WORLD_START + HOUR);
    expect(devicesOn(world, BASELINE)).toBe(37);
    const from = WORLD_START + MINUTE;
    const { baseline, candidate } = seen(world, { window: { from, to: world.now() } });
    expect(baseline.requests).toBe(0);
    expect(candidate.activeDevices).toBe(87);
    expect(world.countDevices('cand', { version: CANDIDATE, group: null })).toEqual({
      assigned: 124,
      reachable: 87,
      onVersion: 87,
      total: 124,
    });
  });

  it('are counted for the rollout that they follow, against the scope of that rollout', () => {
    const world = worldWith({}, fleetWith({ groups: [{ name: 'beta', count: 20 }] }));
    world.serve(ordersWith([candidateAt(50, 0)]));
    world.advanceTo(WORLD_START + MINUTE);
    const group = { version: CANDIDATE, group: 0 };
    expect(world.countDevices('cand', group)).toEqual({
      assigned: 10,
      reachable: 10,
      onVersion: 10,
      total: 20,
    });
    expect(world.countDevices('base', { version: BASELINE, group: null }).assigned).toBe(114);
    expect(world.countDevices('gone', group)).toEqual({ assigned: 0, reachable: 0, onVersion: 0, total: 20 });
  });
});

describe('what a world shows', () => {
  it('does not depend on how often somebody looked', () => {
    const looks = (stepMs: number) => {
      const world = rolledOut(25);
      for (let at = WORLD_START; at <= WORLD_START + HOUR; at += stepMs) {
        world.advanceTo(at);
        seen(world);
      }
      return seen(world);
    };
    expect(looks(HOUR)).toEqual(looks(7 * SECOND + 1));
  });

  it('does not change once it was shown', () => {
    const world = rolledOut(25);
    world.advanceTo(WORLD_START + 20 * MINUTE);
    const window = { from: WORLD_START, to: world.now() };
    const before = seen(world, { window });
    world.serve(ordersWith([candidateAt(60)]));
    world.advanceTo(WORLD_START + HOUR);
    expect(seen(world, { window }).candidate.requests).toBeGreaterThanOrEqual(before.candidate.requests);
    expect(seen(world, { window: before.covered })).toEqual({ ...before, covered: before.covered });
  });

  it('differs from seed to seed', () => {
    const requests = (seed: number) => {
      const world = rolledOut(25, { seed });
      world.advanceTo(WORLD_START + MINUTE);
      return seen(world).candidate.requests;
    };
    expect(requests(1)).not.toBe(requests(2));
  });

  it('is the same for the baseline whatever is wrong with the candidate', () => {
    const baseline = (harmFrom: number | null) => {
      const world = worldWith({ faultyVersion: CANDIDATE, harm: { kind: 'errors', ratio: 0.5 } });
      world.serve(ordersWith([candidateAt(25)], { harmFrom }));
      world.advanceTo(WORLD_START + 5 * MINUTE);
      return seen(world).baseline;
    };
    expect(baseline(WORLD_START)).toEqual(baseline(null));
  });

  it('covers whole ticks within the window and nothing else', () => {
    const world = rolledOut(25);
    world.advanceTo(WORLD_START + 90 * SECOND);
    const { covered } = seen(world, {
      window: { from: WORLD_START + 10 * SECOND + 1, to: WORLD_START + 89 * SECOND },
    });
    expect(covered.from).toBeGreaterThan(WORLD_START + 10 * SECOND);
    expect(covered.from).toBeLessThanOrEqual(WORLD_START + 11 * SECOND + 1);
    expect(covered.to).toBeLessThanOrEqual(WORLD_START + 89 * SECOND);
  });

  it.each([
    { title: 'before the world began', from: -HOUR, to: 0 },
    { title: 'in the future', from: HOUR, to: 2 * HOUR },
    { title: 'shorter than a tick', from: 30 * SECOND, to: 30 * SECOND + 1 },
  ])('is nothing, over an empty window, $title', ({ from, to }) => {
    const world = rolledOut(25);
    world.advanceTo(WORLD_START + MINUTE);
    const window = { from: WORLD_START + from, to: WORLD_START + to };
    const { covered, candidate, baseline } = seen(world, { window });
    expect(covered.to - covered.from).toBe(0);
    expect([candidate.requests, baseline.requests, candidate.activeDevices]).toEqual([0, 0, 0]);
  });

  it('is covered up to a change of the orders, and from there on, to the millisecond', () => {
    const world = worldWith({ syncMs: 0 });
    const changedAt = WORLD_START + 20 * MINUTE + 7_777;
    world.advanceTo(changedAt);
    world.serve(ordersWith([candidateAt(50)]));
    world.advanceTo(changedAt + MINUTE);
    const before = seen(world, { window: { from: WORLD_START, to: changedAt } });
    const after = seen(world, { window: { from: changedAt, to: world.now() } });
    expect([before.covered.to, after.covered.from]).toEqual([changedAt, changedAt]);
    expect(before.candidate.requests).toBe(0);
    expect(after.candidate.requests).toBeGreaterThan(0);
  });

  it('adds up to the same totals over parts of a window as over the whole', () => {
    const world = rolledOut(25);
    world.advanceTo(WORLD_START + 30 * MINUTE);
    const middle = world.ticks[40]?.from ?? 0;
    const whole = seen(world);
    const early = seen(world, { window: { from: WORLD_START, to: middle } });
    const late = seen(world, { window: { from: middle, to: world.now() } });
    expect(early.candidate.requests + late.candidate.requests).toBe(whole.candidate.requests);
    expect(early.baseline.failed + late.baseline.failed).toBe(whole.baseline.failed);
    const most = Math.max(early.candidate.devicesWithFailures, late.candidate.devicesWithFailures);
    expect(whole.candidate.devicesWithFailures).toBeGreaterThanOrEqual(most);
  });

  it.each([0.01, 0.9])('keeps its counts within each other when %d of the requests fail', (errorRatio) => {
    const world = rolledOut(25, { requestsPerHour: 20, errorRatio });
    world.advanceTo(WORLD_START + HOUR);
    for (let from = WORLD_START; from < WORLD_START + HOUR; from += 3 * MINUTE) {
      const { candidate, baseline } = seen(world, { window: { from, to: from + 3 * MINUTE } });
      for (const arm of [candidate, baseline]) {
        expect(arm.failed).toBeLessThanOrEqual(arm.requests);
        expect(arm.devicesWithFailures).toBeLessThanOrEqual(Math.min(arm.failed, arm.activeDevices));
        expect(arm.activeDevices - arm.crashedDevices).toBeLessThanOrEqual(arm.requests);
        expect(arm.latency.reduce((sum, count) => sum + count, 0)).toBe(arm.requests);
        expect(arm.qualitySum).toBeLessThanOrEqual(arm.qualityCount);
      }
    }
  });

  it('mirrors the traffic of the whole fleet to a version that serves nobody', () => {
    const world = worldWith();
    world.serve(ordersWith([], { mirror: { version: CANDIDATE, group: null } }));
    world.advanceTo(WORLD_START + 5 * MINUTE);
    const { candidate, baseline } = seen(world);
    expect(candidate.requests / baseline.requests).toBeCloseTo(1, 1);
    expect(candidate.requests).not.toBe(baseline.requests);
    expect(devicesOn(world, CANDIDATE)).toBe(0);
  });

  it('mirrors the traffic of a group when the rollout is limited to it', () => {
    const world = worldWith({}, fleetWith({ groups: [{ name: 'beta', count: 20 }] }));
    world.serve(ordersWith([], { mirror: { version: CANDIDATE, group: 0 } }));
    world.advanceTo(WORLD_START + 5 * MINUTE);
    const { candidate } = seen(world, { group: 0 });
    expect(candidate.activeDevices).toBe(20);
    expect(seen(world, { group: 1 }).candidate.requests).toBe(0);
  });

  it('halves its traffic at night and raises it by half in the afternoon, when it is diurnal', () => {
    const hourly = (hourUtc: number) => {
      const startAt = Date.UTC(2026, 10, 20, hourUtc) - 30 * MINUTE;
      const world = worldWith({ diurnal: true, startAt });
      world.advanceTo(startAt + HOUR);
      return seen(world, { window: { from: startAt, to: world.now() } }).baseline.requests / 124 / 3_600;
    };
    expect(hourly(14)).toBeCloseTo(1.5, 0);
    expect(hourly(2)).toBeCloseTo(0.5, 0);
    expect(hourly(14)).toBeGreaterThan(2.5 * hourly(2));
  });
});

describe('harm', () => {
  it('begins at its time to the millisecond, and not before', () => {
    const harmFrom = WORLD_START + 11 * MINUTE + 333;
    const world = worldWith({ faultyVersion: CANDIDATE, harm: { kind: 'errors', ratio: 0.6 } });
    world.serve(ordersWith([candidateAt(50)], { harmFrom }));
    world.advanceTo(WORLD_START + 20 * MINUTE);
    const before = seen(world, { window: { from: WORLD_START, to: harmFrom } });
    const after = seen(world, { window: { from: harmFrom, to: world.now() } });
    expect(before.covered.to).toBe(harmFrom);
    expect(before.candidate.failed / before.candidate.requests).toBeLessThan(0.03);
    expect(after.covered.from).toBe(harmFrom);
    expect(after.candidate.failed / after.candidate.requests).toBeCloseTo(0.6, 1);
  });

  it('crashes its share of the devices once, soon after they get the version', () => {
    const world = worldWith({
      faultyVersion: CANDIDATE,
      harm: { kind: 'crashes', ratio: 0.3, withinMs: 3 * SECOND },
    });
    world.serve(ordersWith([candidateAt(100)], { harmFrom: WORLD_START }));
    world.advanceTo(WORLD_START + 4 * SECOND);
    const crashed = seen(world).candidate.crashedDevices;
    expect(crashed).toBeGreaterThan(25);
    expect(crashed).toBeLessThan(50);
    world.advanceTo(WORLD_START + HOUR);
    const later = seen(world, { window: { from: WORLD_START + 5 * SECOND, to: world.now() } });
    expect(later.candidate.crashedDevices).toBeLessThanOrEqual(1);
  });

  it('crashes no device that has left the version', () => {
    const world = worldWith({
      syncMs: 0,
      faultyVersion: CANDIDATE,
      harm: { kind: 'crashes', ratio: 1, withinMs: HOUR },
    });
    world.serve(ordersWith([candidateAt(100)], { harmFrom: WORLD_START }));
    world.serve(ordersWith([]));
    world.advanceTo(WORLD_START + 2 * HOUR);
    const { candidate, baseline } = seen(world);
    expect([candidate.crashedDevices, baseline.crashedDevices <= 2]).toEqual([0, true]);
  });
});
