/** The rollouts of the bench are what they claim to be: right on average, clustered by device, the same for a seed. */
import { describe, expect, it } from 'vitest';
import { createAliasTable } from '../../../bench/gates/alias-table.ts';
import { drawGamma, drawLogNormal, upperTail } from '../../../bench/gates/draw-spread.ts';
import { createStreams } from '../../../bench/gates/event-streams.ts';
import { createFleet } from '../../../bench/gates/fleet.ts';
import { createPath, type Path } from '../../../bench/gates/path.ts';
import { createRandom } from '../../../src/simulation/random-source.ts';

const ERRORS = 0;
const SLOW = 2;
const DAY_OF_STEPS = 288;

function pathOf(spread: number, seed: number, burst = 1): Path {
  const fleet = createFleet({ size: 1_000, spread }, [seed]);
  const streams = createStreams({ burst, incident: 1, fault: null }, fleet);
  return createPath({ fleet, streams, stepMinutes: 5, keys: [seed, 1] });
}

/** Events of each device over a day. */
function perDevice(path: Path, stream: number): Float64Array {
  const counts = new Float64Array(path.devices);
  for (let step = 0; step < DAY_OF_STEPS; step += 1) {
    for (const event of path.events(stream, step)) counts[event >> 1] = (counts[event >> 1] ?? 0) + 1;
  }
  return counts;
}

function moments(values: ArrayLike<number>): { mean: number; variance: number } {
  const list = Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  return { mean, variance: list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length };
}

/** Variance of the events of a device over their mean: 1 for a Poisson count. */
const inflation = (path: Path, stream: number): number => {
  const { mean, variance } = moments(perDevice(path, stream));
  return variance / mean;
};

describe('the paths of the bench', () => {
  it('are the same for the same keys, in whichever order they are asked', () => {
    const [forward, backward] = [pathOf(1, 5), pathOf(1, 5)];
    const steps = [0, 1, 2, 3, 4];
    const ahead = steps.map((step) => [...forward.events(ERRORS, step)]);
    const back = steps.toReversed().map((step) => [...backward.events(ERRORS, step)]);
    expect(ahead).toEqual(back.toReversed());
    expect(steps.map((step) => [...pathOf(1, 6).events(ERRORS, step)])).not.toEqual(ahead);
  });

  it('make one request in a hundred fail over a day, twelve requests a device and hour', () => {
    const path = pathOf(0, 1);
    let requests = 0;
    for (let step = 0; step < DAY_OF_STEPS; step += 1) {
      requests += path.plainRequests(step, { from: 0, to: 1_000, eventShare: 0 });
    }
    expect(requests / (24 * 12 * 1_000)).toBeCloseTo(1, 2);
    expect(moments(perDevice(path, ERRORS)).mean / (24 * 12 * 0.01)).toBeGreaterThan(0.94);
    expect(moments(perDevice(path, ERRORS)).mean / (24 * 12 * 0.01)).toBeLessThan(1.06);
  });

  it('let fewer than one request in twenty be slower than the latency limit when healthy', () => {
    for (const spread of [0, 1, 2]) {
      const path = pathOf(spread, 3);
      let beyond = 0;
      for (let step = 0; step < DAY_OF_STEPS; step += 1) {
        for (const event of path.events(SLOW, step)) beyond += event & 1;
      }
      expect(beyond / (24 * 12 * 1_000)).toBeLessThan(0.05);
      expect(beyond).toBeGreaterThan(0);
    }
  });

  it('spread errors like chance over identical devices and ever less evenly over different ones', () => {
    const [identical, typical, heavy] = [0, 1, 2].map((spread) => inflation(pathOf(spread, 7), ERRORS));
    expect(identical).toBeGreaterThan(0.85);
    expect(identical).toBeLessThan(1.15);
    expect(typical).toBeGreaterThan(3);
    expect(heavy).toBeGreaterThan(2 * (typical ?? 0));
  });

  it('bring retries together on one device without more of them', () => {
    const [single, bursts] = [pathOf(0, 9), pathOf(0, 9, 3)];
    expect(inflation(bursts, ERRORS)).toBeGreaterThan(3);
    const ratio = moments(perDevice(bursts, ERRORS)).mean / moments(perDevice(single, ERRORS)).mean;
    expect(ratio).toBeGreaterThan(0.85);
    expect(ratio).toBeLessThan(1.15);
  });
});

describe('the draws of the bench', () => {
  it.each([0, 0.5, 1, 2])('have mean 1 and the variation %d', (variation) => {
    for (const draw of [drawGamma, drawLogNormal]) {
      const random = createRandom([11]);
      const { mean, variance } = moments(
        Float64Array.from({ length: 40_000 }, () => draw(variation, random)),
      );
      expect(Math.abs(mean - 1)).toBeLessThan(0.06);
      expect(Math.abs(Math.sqrt(variance) - variation)).toBeLessThan(0.12 * variation + 1e-12);
    }
  });

  it.each([
    { z: 0, gives: 0.5 },
    { z: 1.6448536, gives: 0.05 },
    { z: -1.959964, gives: 0.975 },
    { z: 4, gives: 3.167e-5 },
  ])('know the normal tail beyond $z', ({ z, gives }) => {
    expect(Math.abs(upperTail(z) - gives)).toBeLessThan(2e-7);
  });

  it('choose in proportion to weights, never one without weight', () => {
    const weights = Float64Array.from([0, 1, 2, 5, 0, 8]);
    const table = createAliasTable(weights);
    const random = createRandom([13]);
    const counts = new Float64Array(weights.length);
    for (let draw = 0; draw < 32_000; draw += 1) {
      const index = table.draw(random);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    expect(table.total).toBe(16);
    for (const [index, weight] of weights.entries()) {
      expect(Math.abs((counts[index] ?? 0) - 2_000 * weight)).toBeLessThanOrEqual(60 * weight);
    }
  });
});
