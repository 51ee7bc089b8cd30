/**
 * Every request of a blocking run meets every fault, in virtual time: no second rollout, no skipped stage, no lost
 * rollback, no green without success. FAULT_MATRIX=whole plays every cell, else a sample.
 */
import { atMost } from '../support/at-once.ts';
import { declareMatrix, IS_WHOLE } from '../support/matrix-campaign.ts';
import { byRuns } from '../support/matrix-drivers.ts';
import { MATRIX_FAULTS } from '../support/matrix-faults.ts';
import { MATRIX_SETTINGS } from '../support/matrix-setting.ts';
import { inVirtualTime } from '../support/matrix-worlds.ts';

const STEP = IS_WHOLE ? 1 : 8;
const settings = IS_WHOLE ? MATRIX_SETTINGS : MATRIX_SETTINGS.slice(0, 2);

declareMatrix({
  title: `Faults of blocking runs, in virtual time, at ${IS_WHOLE ? 'every request' : `every ${STEP}th request`}`,
  stages: settings.map((setting) => ({
    setting,
    driver: byRuns,
    open: inVirtualTime(process.execPath),
    measures: 1,
  })),
  rows: MATRIX_FAULTS.filter(({ kills }) => kills !== true).map((fault) => ({ fault, step: STEP })),
  timeoutMs: 900_000,
  // Most cells wait for a deadline of real seconds; the others take turns.
  slot: atMost(64),
});
