/**
 * The committed bundles as processes of their own, killed with SIGKILL at every request of a blocking run or hit by
 * any other fault: the next run converges. FAULT_MATRIX=whole plays every kill and an eighth of the rest, else a sample.
 */
import { atMost } from '../support/at-once.ts';
import { declareMatrix, IS_WHOLE } from '../support/matrix-campaign.ts';
import { byRuns } from '../support/matrix-drivers.ts';
import { MATRIX_FAULTS } from '../support/matrix-faults.ts';
import { MATRIX_SETTINGS } from '../support/matrix-setting.ts';
import { asProcess } from '../support/matrix-worlds.ts';

const KILL_STEP = IS_WHOLE ? 1 : 8;
const SAMPLE_STEP = 8;

const settings = IS_WHOLE ? MATRIX_SETTINGS : MATRIX_SETTINGS.slice(0, 2);
const faults = IS_WHOLE ? MATRIX_FAULTS : MATRIX_FAULTS.filter(({ kills }) => kills === true);

declareMatrix({
  title: `Faults of blocking runs, by the bundles, ${IS_WHOLE ? `kills at every request, else at every ${SAMPLE_STEP}th` : `kills at every ${KILL_STEP}th request`}`,
  stages: settings.map((setting) => ({
    setting,
    driver: byRuns,
    open: asProcess(process.execPath),
    measures: 3,
  })),
  rows: faults.map((fault) => ({ fault, step: fault.kills === true ? KILL_STEP : SAMPLE_STEP })),
  timeoutMs: 1_500_000,
  slot: atMost(40),
});
