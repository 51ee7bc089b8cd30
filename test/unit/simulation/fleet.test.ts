import { describe, expect, it } from 'vitest';
import { deviceClasses, USUAL_FLAKY_SHARE } from '../../../src/simulation/device-class.ts';
import { reachedDevices, scopeSize } from '../../../src/simulation/fleet.ts';
import { fleetWith } from '../../support/simulated-fleet.ts';

const devices = (size: number) => Array.from({ length: size }, (_, device) => device);

describe('reachedDevices', () => {
  it.each([
    [10, 124, 12],
    [40, 124, 50],
    [0, 124, 0],
    [100, 124, 124],
    [1, 100_000, 1_000],
  ])('is %d%% of %d devices as the documents round it', (percentage, size, gives) => {
    expect(reachedDevices(percentage, size)).toBe(gives);
  });
});

describe('createFleet', () => {
  it('gives the same fleet for the same settings', () => {
    expect(fleetWith({ seed: 5 }).classOf).toEqual(fleetWith({ seed: 5 }).classOf);
    expect(fleetWith({ seed: 5 }).syncPhase).not.toEqual(fleetWith({ seed: 6 }).syncPhase);
  });

  it('orders devices by device and model, not by the seed', () => {
    expect(fleetWith({ seed: 5 }).fleetPosition).toEqual(fleetWith({ seed: 6 }).fleetPosition);
    expect(fleetWith({ modelId: 'mdl_other' }).fleetPosition).not.toEqual(fleetWith().fleetPosition);
  });

  it('gives every device its own position, in the fleet and in its group', () => {
    const fleet = fleetWith({ groups: [{ name: 'beta', count: 20 }] });
    expect(new Set(fleet.fleetPosition).size).toBe(124);
    const inGroup = devices(124).filter((device) => fleet.groupOf[device] === 0);
    expect(inGroup.map((device) => fleet.groupPosition[device]).sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(
      devices(20),
    );
    expect([scopeSize(fleet, 0), scopeSize(fleet, null), scopeSize(fleet, 7)]).toEqual([20, 124, 0]);
  });

  it('has as many devices offline as it is told', () => {
    const fleet = fleetWith({ offlineRatio: 0.3 });
    expect(fleet.offline.reduce((sum, one) => sum + one, 0)).toBe(37);
  });

  it('has flaky devices, one in fifty', () => {
    const flaky = deviceClasses(USUAL_FLAKY_SHARE).length - 1;
    const fleet = fleetWith({ deviceCount: 1_000 });
    expect(fleet.classOf.filter((index) => index === flaky)).toHaveLength(20);
  });

  it.each([
    { title: 'too few devices', changes: { deviceCount: 11 }, throws: /11 devices.*12 to 100000/ },
    { title: 'too many devices', changes: { deviceCount: 100_001 }, throws: /expected a whole number/ },
    { title: 'half a device', changes: { deviceCount: 12.5 }, throws: /expected a whole number/ },
    {
      title: 'groups larger than the fleet',
      changes: {
        groups: [
          { name: 'a', count: 100 },
          { name: 'b', count: 25 },
        ],
      },
      throws: /groups of 125 devices in a fleet of 124/,
    },
  ])('refuses $title', ({ changes, throws }) => {
    expect(() => fleetWith(changes)).toThrow(throws);
  });
});
