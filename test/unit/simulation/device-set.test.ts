import { describe, expect, it } from 'vitest';
import {
  addDevice,
  addHitMembers,
  countDevices,
  emptyBits,
  type Members,
  removeDevice,
  uniteInto,
} from '../../../src/simulation/device-set.ts';
import { createRandom } from '../../../src/simulation/random-source.ts';

function membersOf(devices: readonly number[], fleetSize: number): Members {
  const bits = emptyBits(fleetSize);
  for (const device of devices) addDevice(bits, device);
  return { list: devices, bits, size: devices.length };
}

function hit(members: Members, events: number, seed = 1): number {
  const bits = emptyBits(members.bits.length * 32);
  addHitMembers(bits, { members, events }, createRandom([seed]));
  return countDevices(bits);
}

describe('a set of devices', () => {
  it('counts each device once, over word borders', () => {
    const bits = emptyBits(100);
    for (const device of [0, 31, 32, 63, 64, 99, 99]) addDevice(bits, device);
    expect(countDevices(bits)).toBe(6);
    removeDevice(bits, 31);
    removeDevice(bits, 5);
    expect(countDevices(bits)).toBe(5);
  });

  it('unites without losing a device', () => {
    const one = membersOf([1, 2, 31], 64).bits;
    uniteInto(one, membersOf([2, 33], 64).bits);
    expect(countDevices(one)).toBe(4);
  });
});

describe('addHitMembers', () => {
  const fleet = Array.from({ length: 200 }, (_, device) => device * 2);
  const members = membersOf(fleet, 400);

  it.each([0, 1, 2, 10, 150, 599, 601, 5_000])('never counts more devices than %d events', (events) => {
    const devices = hit(members, events);
    expect(devices).toBeLessThanOrEqual(Math.min(events, members.size));
    if (events > 0) expect(devices).toBeGreaterThan(0);
  });

  it('hits members only', () => {
    const bits = emptyBits(400);
    addHitMembers(bits, { members, events: 700 }, createRandom([3]));
    uniteInto(bits, members.bits);
    expect(countDevices(bits)).toBe(members.size);
  });

  it('hits nobody when there is nobody', () => {
    expect(hit(membersOf([], 400), 10)).toBe(0);
  });

  it.each([100, 400, 590, 610, 900])('hits as many of 200 members as %d events do on average', (events) => {
    const runs = 400;
    let devices = 0;
    for (let seed = 0; seed < runs; seed += 1) devices += hit(members, events, seed);
    const expected = 200 * (1 - (1 - 1 / 200) ** events);
    expect(Math.abs(devices / runs - expected)).toBeLessThan(1.2);
  });
});
