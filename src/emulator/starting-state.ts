/** The fleet and the completed rollout that an emulator starts with. */
import type { EpochMs } from '../core/units.ts';
import { deviceClasses } from '../simulation/device-class.ts';
import { createFleet } from '../simulation/fleet.ts';
import { PHONES, UNDIVIDED } from '../simulation/fleet-part.ts';
import { createWorld, type World } from '../simulation/world.ts';
import { HEALTHY_WORLD } from '../simulation/world-settings.ts';
import { BASELINE_AGE_MS, type EmulatorSettings } from './emulator-options.ts';
import type { RolloutRecord } from './rollout-record.ts';
import { draftRollout, finishRollout } from './rollout-transitions.ts';

/** Returns the fleet that the settings describe, running nothing yet. */
export function createSimulatedWorld(settings: EmulatorSettings, startAt: EpochMs): World {
  const { modelId, devices, groups, seed, scenario } = settings;
  const fleet = createFleet({
    modelId,
    deviceCount: devices,
    groups,
    offlineRatio: scenario.offlineRatio,
    classes: deviceClasses(scenario.flakyShare),
    parts: scenario.divided || settings.segments ? PHONES : UNDIVIDED,
    seed,
  });
  return createWorld(fleet, {
    ...HEALTHY_WORLD,
    seed,
    startAt,
    historyMs: settings.historyMs,
    syncMs: settings.syncMs,
    requestsPerHour: settings.requestsPerHour,
    diurnal: settings.diurnal,
    faultyVersion: settings.candidate,
    harm: scenario.harm,
  });
}

/** Returns the rollout that brought the baseline to all devices, a week before the start. */
export function baselineRollout({ baseline }: EmulatorSettings, startAt: EpochMs): RolloutRecord {
  const at = startAt - BASELINE_AGE_MS;
  const draft = {
    version: baseline,
    percentage: 100,
    targetPercentage: 100,
    incrementStep: 100,
    group: null,
    previousVersion: null,
    reason: null,
  };
  const active = draftRollout(draft, 1, { status: 'active', at });
  return finishRollout(active, 'completed', { at, reason: null });
}
