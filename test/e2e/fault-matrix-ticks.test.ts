/**
 * Every request of a rollout that ticks alone drive meets every fault, in virtual time; the tick that is killed, and
 * its post step, are the committed bundles. FAULT_MATRIX=whole plays every cell, else a sample.
 */
import { atMost } from '../support/at-once.ts';
import { declareMatrix, IS_WHOLE } from '../support/matrix-campaign.ts';
import { byTicks } from '../support/matrix-drivers.ts';
import { MATRIX_FAULTS } from '../support/matrix-faults.ts';
import { TICK_SETTINGS } from '../support/matrix-setting.ts';
import { inVirtualTime } from '../support/matrix-worlds.ts';

const STEP = IS_WHOLE ? 1 : 16;
const settings = IS_WHOLE ? TICK_SETTINGS : TICK_SETTINGS.slice(0, 2);

declareMatrix({
  title: `Faults of ticks, in virtual time, at ${IS_WHOLE ? 'every request' : `every ${STEP}th request`}`,
  stages: settings.map((setting) => ({
    setting,
    driver: byTicks,
    open: inVirtualTime(process.execPath),
    measures: 1,
  })),
  rows: MATRIX_FAULTS.map((fault) => ({ fault, step: STEP })),
  timeoutMs: 1_500_000,
  // Most cells wait for a deadline of real seconds; the others take turns.
  slot: atMost(48),
});
