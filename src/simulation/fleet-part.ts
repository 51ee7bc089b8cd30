/** The parts of a simulated fleet that can be told apart: phones of a class, a system and a region. Pure. */
import type { Ratio } from '../core/units.ts';

/** Devices with the same attributes. */
export interface FleetPart {
  /** Share of the fleet. */
  readonly share: Ratio;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A fleet whose devices nobody can tell apart. */
export const UNDIVIDED: readonly FleetPart[] = [{ share: 1, attributes: {} }];

const phones = (device_class: string, os: string, shares: Readonly<Record<string, Ratio>>): FleetPart[] =>
  Object.entries(shares).map(([region, share]) => ({ share, attributes: { device_class, os, region } }));

/** A fleet of phones: one in ten is a small one, three in ten are large ones. */
export const PHONES: readonly FleetPart[] = [
  ...phones('phone-mid', 'android', { eu: 0.2, us: 0.15, ap: 0.15 }),
  ...phones('phone-mid', 'ios', { us: 0.1 }),
  ...phones('phone-high', 'ios', { eu: 0.1, us: 0.2 }),
  ...phones('phone-low', 'android', { eu: 0.03, us: 0.03, ap: 0.04 }),
];

/** Returns how many of `deviceCount` devices each part has, in order; rounding is settled on the first. */
export function partSizes(parts: readonly FleetPart[], deviceCount: number): readonly number[] {
  const others = parts.slice(1).map(({ share }) => Math.round(share * deviceCount));
  return [deviceCount - others.reduce((sum, size) => sum + size, 0), ...others];
}

/** Returns the values of an attribute, in order of appearance; empty for one that no device has. */
export function valuesOf(parts: readonly FleetPart[], by: string): readonly string[] {
  return [...new Set(parts.flatMap(({ attributes }) => attributes[by] ?? []))];
}
