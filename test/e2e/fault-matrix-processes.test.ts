/**
 * The committed bundle as a process of its own, killed with SIGKILL at every request of a rollout or hit by any
 * other fault: the next run converges. FAULT_MATRIX=whole plays every kill and an eighth of the rest, else a sample.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { atMost } from '../support/at-once.ts';
import { byRuns, measure, playCell } from '../support/fault-matrix.ts';
import { MATRIX_FAULTS } from '../support/matrix-faults.ts';
import { MATRIX_SETTINGS } from '../support/matrix-setting.ts';
import { createMatrixTable } from '../support/matrix-table.ts';
import { asProcess } from '../support/matrix-worlds.ts';

const IS_WHOLE = process.env['FAULT_MATRIX'] === 'whole';
const KILL_STEP = IS_WHOLE ? 1 : 8;
const SAMPLE_STEP = 8;
const TIMEOUT_MS = 1_200_000;

const settings = IS_WHOLE ? MATRIX_SETTINGS : MATRIX_SETTINGS.slice(0, 2);
const faults = MATRIX_FAULTS.filter(({ kills }) => IS_WHOLE || kills === true).map((fault, row) => ({
  ...fault,
  row,
  step: fault.kills === true ? KILL_STEP : SAMPLE_STEP,
}));
const table = createMatrixTable(
  `Faults of the committed bundle, ${IS_WHOLE ? `kills at every request, else every ${SAMPLE_STEP}th` : `kills at every ${KILL_STEP}th request`}`,
);
afterAll(() => console.log(table.text()));
const slot = atMost(40);

const columns = settings.map((setting) => {
  const stage = { setting, driver: byRuns, open: asProcess(process.execPath) };
  const measured = slot(() => measure(stage));
  // A rollout that fails without a fault is reported by each test.
  measured.catch(() => {});
  return { stage, measured };
});
const rows = faults.flatMap((fault) =>
  columns.map(
    (column) => [`${column.stage.setting.name} rollout, ${fault.name}`, { ...column, fault }] as const,
  ),
);

describe('a rollout converges whichever of its requests meets a fault', () => {
  it.concurrent.each(rows)(
    '%s',
    async (_title, { stage, measured, fault }) => {
      const { requests, attempts } = await measured;
      const cells = Array.from({ length: requests }, (_each, request) => ({ request, attempts })).filter(
        ({ request }) => request % fault.step === fault.row % fault.step,
      );
      const results = await Promise.all(cells.map((cell) => slot(() => playCell(stage, fault, cell))));
      table.add(fault.name, stage.setting.name, results);
      const broken = results.filter((each) => each.broken.length > 0);
      expect(
        broken.map(({ request, broken: what }) => `request ${request}: ${what.join('; ')}`),
        broken[0]?.trace.join('\n'),
      ).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
