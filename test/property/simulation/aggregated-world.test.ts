/** The world draws totals; here they are held against a fleet in which every single request is played. */
import { describe, expect, it } from 'vitest';
import { deviceClasses } from '../../../src/simulation/device-class.ts';
import { HEALTHY_WORLD, type WorldSettings } from '../../../src/simulation/world-settings.ts';
import { type FleetTotals, playPerDevice, SLOW_BUCKET } from '../../support/per-device-world.ts';
import { BASELINE, fleetWith, WORLD_START, worldWith } from '../../support/simulated-fleet.ts';

const SEEDS = 400;
const HOUR_MS = 3_600_000;

interface Row {
  readonly title: string;
  readonly deviceCount: number;
  readonly flakyShare: number;
  readonly durationMs: number;
  readonly changes: Partial<WorldSettings>;
}

const ROWS: readonly Row[] = [
  {
    title: 'few requests, so that not every device is active',
    deviceCount: 60,
    flakyShare: 0.1,
    durationMs: 30_000,
    changes: { requestsPerHour: 180, errorRatio: 0.05, crashesPerHour: 6 },
  },
  {
    title: 'many requests in each tick',
    deviceCount: 30,
    flakyShare: 0.1,
    durationMs: 10_000,
    changes: { requestsPerHour: 36_000, errorRatio: 0.003, crashesPerHour: 30 },
  },
  {
    title: 'nearly all errors from one device in fifty',
    deviceCount: 100,
    flakyShare: 0.95,
    durationMs: 20_000,
    changes: { requestsPerHour: 720 },
  },
  {
    title: 'failures so frequent that most devices have one',
    deviceCount: 40,
    flakyShare: 0.1,
    durationMs: 80_000,
    changes: { requestsPerHour: 1_800, errorRatio: 0.1, crashesPerHour: 0.5 },
  },
];

function aggregated(settings: WorldSettings, { deviceCount, flakyShare, durationMs }: Row): FleetTotals {
  const fleet = fleetWith({ deviceCount, classes: deviceClasses(flakyShare) });
  const world = worldWith(settings, fleet);
  world.advanceTo(WORLD_START + durationMs);
  const window = { from: WORLD_START, to: WORLD_START + durationMs };
  const { candidate, covered } = world.observe({ version: BASELINE, group: null, window });
  expect(covered).toEqual(window);
  return {
    requests: candidate.requests,
    failed: candidate.failed,
    slow: candidate.latency.slice(SLOW_BUCKET).reduce((sum, count) => sum + count, 0),
    quality: candidate.qualitySum,
    activeDevices: candidate.activeDevices,
    devicesWithFailures: candidate.devicesWithFailures,
    crashedDevices: candidate.crashedDevices,
  };
}

function moments(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  return { mean, variance: values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (values.length - 1) };
}

describe.each(ROWS)('a world with $title', (row) => {
  const fleet = fleetWith({ deviceCount: row.deviceCount, classes: deviceClasses(row.flakyShare) });
  const runs = Array.from({ length: SEEDS }, (_, seed) => {
    const settings = { ...HEALTHY_WORLD, ...row.changes, seed, startAt: WORLD_START };
    return { world: aggregated(settings, row), devices: playPerDevice(fleet, settings, row.durationMs) };
  });
  const names = Object.keys(runs[0]?.world ?? {}) as (keyof FleetTotals)[];

  it.each(names)('has the mean and the spread of %s that single requests give', (name) => {
    const world = moments(runs.map((run) => run.world[name]));
    const devices = moments(runs.map((run) => run.devices[name]));
    const meanError = Math.sqrt((world.variance + devices.variance) / SEEDS);
    expect(Math.abs(world.mean - devices.mean)).toBeLessThanOrEqual(4 * meanError + 1e-9);
    // Four standard errors of the logarithm of a ratio of two variances; rare counts are not normal, hence + 1.
    const limit = 4 * Math.sqrt(4 / SEEDS);
    expect(Math.abs(Math.log((world.variance + 0.1) / (devices.variance + 0.1)))).toBeLessThan(limit);
  });

  it('has the mean that its settings say', () => {
    const { requestsPerHour, errorRatio } = { ...HEALTHY_WORLD, ...row.changes };
    const traffic = [...fleet.classOf].map((index) => fleet.classes[index]?.trafficFactor ?? 0);
    const expected =
      (traffic.reduce((sum, one) => sum + one, 0) * requestsPerHour * row.durationMs) / HOUR_MS;
    const { mean, variance } = moments(runs.map((run) => run.world.requests));
    expect(Math.abs(mean - expected)).toBeLessThan(4 * Math.sqrt(variance / SEEDS));
    const failed = moments(runs.map((run) => run.world.failed)).mean;
    expect(failed / mean / errorRatio).toBeGreaterThan(0.6);
    expect(failed / mean / errorRatio).toBeLessThan(1.7);
  });
});
