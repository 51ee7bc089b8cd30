/** What a number of devices can settle at all: known before a rollout begins. Pure. */
import type { Ratio } from '../units.ts';
import { effectiveUnderRate } from './effective-counts.ts';
import type { Clustering } from './gate-series.ts';
import { leastSufficing } from './least-sufficing.ts';
import { testableLimit } from './limit-test.ts';
import { logE } from './log-e.ts';
import { LOG_PROOF } from './proven-safe.ts';
import { LOG_HARM } from './thresholds.ts';

/** A limit in a stage of a plan. */
export interface LimitInStage {
  readonly limit: Ratio;
  readonly clustering: Clustering;
  /** Devices that the stage reaches. */
  readonly devices: number;
  /** Share of the fleet that comes next, 0 to 1. */
  readonly nextShare: Ratio;
  /** Tests that share the confidence: limits and baselines of all critical gates. */
  readonly tests: number;
}

/** What the devices of a stage can settle about a limit. */
export interface Settleable {
  /** Fewest devices that prove harm if all their trials are events; null when not even all of them can. */
  readonly devicesToDisprove: number | null;
  /** Devices without an event that prove the limit safe for the next stage. */
  readonly devicesToProve: number;
}

// Devices that ask so much that only their number limits what they can tell.
const REQUESTS_PER_DEVICE = 1e6;
const MOST_DEVICES = 1e9;

/** Returns what a stage's devices can settle about a limit, each device having all the requests one could wish. */
export function whatDevicesSettle(stage: LimitInStage): Settleable {
  return {
    devicesToDisprove: leastCount(stage.devices, (devices) => disproves(stage, devices)),
    devicesToProve: leastCount(MOST_DEVICES, (devices) => proves(stage, devices)) ?? MOST_DEVICES,
  };
}

/** Each device counts once, so `devices` bad ones are as many events; as many trials as the stage has devices. */
function disproves({ limit, tests, devices: all }: LimitInStage, devices: number): boolean {
  const strata = [{ events: devices, trials: all, rate: testableLimit(limit) }];
  return logE(1, strata) - Math.LN2 - Math.log(tests) >= LOG_HARM;
}

function proves({ limit, clustering, nextShare }: LimitInStage, devices: number): boolean {
  const rate = Math.min(0.5, testableLimit(limit) / nextShare);
  const trials = clustering === 'devices' ? devices : devices * REQUESTS_PER_DEVICE;
  const clean = { events: 0, trials, devices, devicesWithEvents: 0 };
  const effective = effectiveUnderRate(
    { candidate: clean, baseline: null },
    { clustering, designEffect: 1 },
    rate,
  );
  return logE(-1, [{ ...effective, rate }]) >= LOG_PROOF;
}

/** Returns the least whole number from 1 to `most` that suffices; what suffices, suffices for more. */
function leastCount(most: number, suffices: (count: number) => boolean): number | null {
  if (most < 1 || !suffices(most)) return null;
  return leastSufficing({ tooFew: 0, enough: Math.floor(most) }, suffices);
}
