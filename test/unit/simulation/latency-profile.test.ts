import { describe, expect, it } from 'vitest';
import { bucketRatios, LATENCY_EDGES_MS, normalShareBelow } from '../../../src/simulation/latency-profile.ts';
import { HEALTHY_WORLD } from '../../../src/simulation/world-settings.ts';

const shareUpTo = (edge: number, medianMs: number = HEALTHY_WORLD.latency.medianMs): number => {
  const ratios = bucketRatios({ ...HEALTHY_WORLD.latency, medianMs });
  return ratios
    .slice(0, (LATENCY_EDGES_MS as readonly (number | null)[]).indexOf(edge) + 1)
    .reduce((sum, one) => sum + one, 0);
};

describe('bucketRatios', () => {
  it('shares all requests out', () => {
    expect(bucketRatios(HEALTHY_WORLD.latency).reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 12);
  });

  it('has 61% of a healthy version within 100 ms and 1.2% beyond 500 ms', () => {
    expect(shareUpTo(100)).toBeCloseTo(0.61, 2);
    expect(1 - shareUpTo(500)).toBeCloseTo(0.012, 3);
  });

  it('has more than a quarter beyond 500 ms when every request takes four times as long', () => {
    expect(1 - shareUpTo(500, 4 * HEALTHY_WORLD.latency.medianMs)).toBeGreaterThan(0.25);
  });
});

describe('normalShareBelow', () => {
  it.each([
    [0, 0.5],
    [1, 0.8413447],
    [-1.96, 0.0249979],
    [2.5758293, 0.995],
    [-4, 0.0000317],
  ])('is the standard normal distribution at %d', (z, share) => {
    expect(normalShareBelow(z)).toBeCloseTo(share, 6);
  });
});
