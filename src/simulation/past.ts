/** What a fleet did before its world began: one version on every device, in coarse ticks. Pure. */
import { type EpochMs, HOUR_MS, MINUTE_MS } from '../core/units.ts';
import { createCells } from './cells.ts';
import { drawTick } from './draw-tick.ts';
import type { Fleet } from './fleet.ts';
import type { Tick } from './tick.ts';
import type { WorldSettings } from './world-settings.ts';

/**
 * Returns the ticks from `settings.historyMs` before the start up to it, in which every device runs `version`.
 *
 * A minute each in the last hour, an hour each before. The draws depend on the seed, the time and the version
 * alone, so they are the same whenever they are made, and change nothing that is drawn after the start.
 */
export function drawPast(fleet: Fleet, settings: WorldSettings, version: string): readonly Tick[] {
  const cells = createCells(fleet);
  for (let device = 0; device < fleet.size; device += 1) cells.move(device, version);
  const common = { fleet, settings, cells: cells.all, mirror: null, harmed: false, crashes: [] };
  const ticks: Tick[] = [];
  const begin = settings.startAt - settings.historyMs;
  for (let to: EpochMs = settings.startAt; to > begin; to = ticks.at(-1)?.from ?? begin) {
    const length = settings.startAt - to < HOUR_MS ? MINUTE_MS : HOUR_MS;
    ticks.push(drawTick({ ...common, from: Math.max(begin, to - length), to }));
  }
  return ticks.toReversed();
}
