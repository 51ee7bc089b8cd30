/** Makes a preset's stages fit a fleet in which a small percentage would be hardly a device. Pure. */
import { formatCount } from '../core/format.ts';
import type { Percent } from '../core/units.ts';
import { writePercent } from './percent.ts';
import type { StageValue } from './stage-schema.ts';

/** A stage below this shows little: one bad device of four looks like a failure rate of 25%. */
export const MIN_STAGE_DEVICES = 5;

/** Stages that fit a fleet, and one note per change. */
export interface FittedStages {
  readonly outlines: readonly StageValue[];
  readonly notes: readonly string[];
}

/** Returns how many of a fleet's devices a percentage reaches, rounded. */
export function devicesAt(percentage: Percent, devices: number): number {
  return Math.round((percentage * devices) / 100);
}

/**
 * Returns a preset's stages for a fleet of that many devices.
 *
 * A stage below 5 devices is enlarged to the smallest whole percentage that reaches 5; of stages that become
 * equal the last one stays, which soaks longest. A stage at 0% and the last stage never change.
 */
export function fitPreset(outlines: readonly StageValue[], devices: number): FittedStages {
  const enough = smallestEnough(devices);
  const kept: StageValue[] = [];
  const notes: string[] = [];
  outlines.forEach((outline, index) => {
    const { percentage = 0 } = outline;
    const isLast = index === outlines.length - 1;
    if (isLast || percentage === 0 || devicesAt(percentage, devices) >= MIN_STAGE_DEVICES) {
      kept.push(outline);
      return;
    }
    const seen = `${writePercent(percentage)} of ${count(devices)} is ${devicesAt(percentage, devices)}`;
    const next = outlines[index + 1]?.percentage ?? 100;
    if (enough === null) {
      notes.push(
        `${seen}; left out, because the fleet is too small for a stage of ${MIN_STAGE_DEVICES} devices`,
      );
    } else if (enough >= next) {
      notes.push(
        `${seen}; left out, because ${writePercent(enough)} is the smallest stage with ${MIN_STAGE_DEVICES} devices`,
      );
    } else {
      kept.push({ ...outline, percentage: enough });
      notes.push(`${seen}; enlarged to ${writePercent(enough)} (${count(devicesAt(enough, devices))})`);
    }
  });
  return { outlines: kept, notes };
}

/** The smallest whole percentage with 5 devices that is not the whole fleet already; null when there is none. */
function smallestEnough(devices: number): Percent | null {
  for (let percentage = 1; percentage < 100; percentage += 1) {
    const reached = devicesAt(percentage, devices);
    if (reached >= MIN_STAGE_DEVICES) return reached < devices ? percentage : null;
  }
  return null;
}

function count(devices: number): string {
  return `${formatCount(devices)} ${devices === 1 ? 'device' : 'devices'}`;
}
