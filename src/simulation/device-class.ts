/** The classes of devices of a simulated fleet: how much they ask and how often they fail. Pure. */
import type { Ratio } from '../core/units.ts';

/** One class of devices; within a class all devices are alike. */
export interface DeviceClass {
  readonly name: string;
  /** Share of the fleet. */
  readonly share: Ratio;
  /** Requests of one device, relative to the fleet's mean. */
  readonly trafficFactor: number;
  /** Failures of a request, relative to the fleet's mean. */
  readonly errorFactor: number;
}

interface Habit {
  readonly name: string;
  readonly share: Ratio;
  readonly trafficFactor: number;
}

/** The devices that fail much more often than the others: one in fifty. */
const FLAKY: Habit = { name: 'flaky', share: 0.02, trafficFactor: 1 };
const STURDY: readonly Habit[] = [
  { name: 'quiet', share: 0.4, trafficFactor: 0.4 },
  { name: 'usual', share: 0.43, trafficFactor: 1 },
  { name: 'busy', share: 0.15, trafficFactor: 2.6 },
];
/** Share of all errors that flaky devices make where nothing is said: five times their share of the traffic. */
export const USUAL_FLAKY_SHARE: Ratio = 0.1;

/**
 * Returns the classes when flaky devices make `flakyShare` of all errors, flaky ones last.
 *
 * Invariant: weighted by share, the traffic factors have mean 1, and so have the error factors when they are
 * weighted by traffic, so that settings are what the whole fleet shows.
 */
export function deviceClasses(flakyShare: Ratio): readonly DeviceClass[] {
  const flakyTraffic = FLAKY.share * FLAKY.trafficFactor;
  const sturdyTraffic = STURDY.reduce((sum, { share, trafficFactor }) => sum + share * trafficFactor, 0);
  const mean = flakyTraffic + sturdyTraffic;
  const sized = (habit: Habit, errors: Ratio, traffic: number): DeviceClass => ({
    ...habit,
    trafficFactor: habit.trafficFactor / mean,
    errorFactor: (errors * mean) / traffic,
  });
  return [
    ...STURDY.map((habit) => sized(habit, 1 - flakyShare, sturdyTraffic)),
    sized(FLAKY, flakyShare, flakyTraffic),
  ];
}

/**
 * Returns how many of `deviceCount` devices each class has, in the order of the classes.
 *
 * There is always a flaky one. Rounding is settled on the first class.
 */
export function classSizes(classes: readonly DeviceClass[], deviceCount: number): readonly number[] {
  const sizes = classes.map(({ share }, index) =>
    Math.max(index === classes.length - 1 ? 1 : 0, Math.round(share * deviceCount)),
  );
  const others = sizes.slice(1).reduce((sum, size) => sum + size, 0);
  return [deviceCount - others, ...sizes.slice(1)];
}
