/** The emulated experiment: whom it takes, and what its two arms run. Source: docs /features/experiments. */
import type { Percent } from '../core/units.ts';
import { inExperiment } from '../simulation/experiment-devices.ts';
import type { ServingRule } from '../simulation/serving-orders.ts';
import type { EmulatorSettings } from './emulator-options.ts';

/** The only experiment there is. */
export const EXPERIMENT_ID = 'exp_contrast';

/** Share of the devices that it takes where nothing is said. */
export const USUAL_EXPERIMENT_TRAFFIC: Percent = 20;

/** Returns the rules of its devices, half of them for each arm; none while it does not run. */
export function experimentRules(
  traffic: Percent | null,
  { baseline, candidate }: Pick<EmulatorSettings, 'baseline' | 'candidate'>,
): readonly ServingRule[] {
  if (traffic === null) return [];
  const arm = (version: string, percentage: Percent): ServingRule => ({
    rolloutId: EXPERIMENT_ID,
    version: inExperiment(version),
    group: null,
    percentage,
    sampled: true,
  });
  return [arm(baseline, traffic / 2), arm(candidate, traffic)];
}
