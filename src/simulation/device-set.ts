/** Sets of devices as bits, so that a hundred thousand of them can be united for every look. Pure. */
import type { RandomSource } from './random-source.ts';

/** One bit per device, 32 to a word. */
export type DeviceBits = Uint32Array;

/** Devices that can be drawn from: a list and the same devices as bits. */
export interface Members {
  readonly list: ArrayLike<number>;
  readonly bits: DeviceBits;
  readonly size: number;
}

/** Returns the empty set of a fleet of `deviceCount` devices. */
export function emptyBits(deviceCount: number): DeviceBits {
  return new Uint32Array(Math.ceil(deviceCount / 32));
}

/** Adds a device. */
export function addDevice(bits: DeviceBits, device: number): void {
  bits[device >>> 5] = (bits[device >>> 5] ?? 0) | (1 << (device & 31));
}

/** Removes a device. */
export function removeDevice(bits: DeviceBits, device: number): void {
  bits[device >>> 5] = (bits[device >>> 5] ?? 0) & ~(1 << (device & 31));
}

/** Adds every device of `other`. */
export function uniteInto(bits: DeviceBits, other: DeviceBits): void {
  for (let word = 0; word < bits.length; word += 1) bits[word] = (bits[word] ?? 0) | (other[word] ?? 0);
}

/** Returns how many devices are in the set. */
export function countDevices(bits: DeviceBits): number {
  let count = 0;
  for (let word = 0; word < bits.length; word += 1) count += bitsIn(bits[word] ?? 0);
  return count;
}

/**
 * Adds to `bits` the members that `events` hit when each event picks one member, all alike.
 *
 * Above three events a member, who was missed is drawn instead, each member on its own: the same chance for
 * every member, at a cost that does not grow with the traffic.
 */
export function addHitMembers(
  bits: DeviceBits,
  hit: { members: Members; events: number },
  random: RandomSource,
) {
  const { members, events } = hit;
  if (events <= 0 || members.size === 0) return;
  if (events <= 3 * members.size) {
    for (let event = 0; event < events; event += 1)
      addDevice(bits, memberAt(members, random.below(members.size)));
    return;
  }
  const missed = missedMembers(members, (1 - 1 / members.size) ** events, random);
  for (let word = 0; word < bits.length; word += 1) {
    bits[word] = (bits[word] ?? 0) | ((members.bits[word] ?? 0) & ~(missed[word] ?? 0));
  }
}

function missedMembers(members: Members, ratio: number, random: RandomSource): DeviceBits {
  const missed = new Uint32Array(members.bits.length);
  if (ratio <= 0) return missed;
  const logHit = Math.log1p(-ratio);
  const skip = (): number => Math.floor(Math.log(random.next()) / logHit);
  for (let at = skip(); at < members.size; at += 1 + skip()) addDevice(missed, memberAt(members, at));
  return missed;
}

function memberAt(members: Members, index: number): number {
  return members.list[index] ?? 0;
}

function bitsIn(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
